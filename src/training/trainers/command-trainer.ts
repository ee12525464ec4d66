import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { GuardOrder } from './guard-order.ts'
import type { Trainer, TrainingEnd } from './trainer.ts'

const guardPath = fileURLToPath(import.meta.resolve('./guard-process.ts'))

const reportSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), share: z.number().min(0).max(1) }),
  z.object({ kind: z.literal('trained'), peakMb: z.number(), seconds: z.number() }),
  z.object({ kind: z.literal('memory-limit'), peakMb: z.number() }),
  z.object({ kind: z.literal('time-limit') }),
  z.object({ kind: z.literal('failed'), reason: z.string() }),
])

/**
 * Trains by any executable: it gets `--train FILE --save FILE` and may write lines `{"progress": 0.5}` to its standard output. A guard
 * process of ours holds it and its children to their bounds, and ends them when this process ends, however that may be.
 */
export function createCommandTrainer(command: (task: { memoryMb: number }) => string[]): Trainer {
  return async (task) => {
    const { dataPath, modelPath, memoryMb, timeLimitS, devices, signal } = task
    signal.throwIfAborted()
    const order: GuardOrder = {
      command: [...command({ memoryMb }), '--train', dataPath, '--save', modelPath],
      ...{ memoryMb, timeLimitS, devices: [...devices] },
    }
    const guard = fork(guardPath, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] })
    const ended = Promise.withResolvers<TrainingEnd>()
    const stop = () => guard.connected && guard.disconnect()
    signal.addEventListener('abort', stop, { once: true })
    guard.on('message', (message) => {
      const report = reportSchema.parse(message)
      if (report.kind === 'progress') task.onProgress(report.share)
      else ended.resolve(report)
    })
    guard.on('error', (error) => ended.reject(error))
    guard.on('exit', () => ended.resolve({ kind: 'failed', reason: 'its guard has ended' }))
    guard.send(order)
    try {
      const end = await ended.promise
      signal.throwIfAborted()
      return end
    } finally {
      signal.removeEventListener('abort', stop)
      stop()
    }
  }
}

/** The product's own trainer, in a process of its own. */
export function createBuiltInTrainer(): Trainer {
  const script = fileURLToPath(import.meta.resolve('./built-in-process.ts'))
  return createCommandTrainer(({ memoryMb }) => [process.execPath, `--max-old-space-size=${memoryMb}`, script])
}
