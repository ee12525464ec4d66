import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { guardOrderSchema } from './guard-order.ts'
import { readGroupMb } from './read-group-memory.ts'
import type { TrainingEnd } from './trainer.ts'

// A process between a worker and a trainer. It starts the trainer in a process group of its own, looks at that group's memory, and
// ends all of it at a limit, or when the worker is gone: then the channel to it closes, even after a kill −9.
const everyMs = 100
const longestReason = 300
const mostErrorText = 4_000

let trainer: ChildProcess | undefined
const killGroup = (): void => {
  try {
    if (trainer?.pid) process.kill(-trainer.pid, 'SIGKILL')
  } catch {
    // It is gone already.
  }
}
process.on('disconnect', () => {
  killGroup()
  process.exit()
})
process.on('SIGTERM', () => {
  killGroup()
  process.exit()
})

process.once('message', (message) => {
  const { command, memoryMb, timeLimitS, devices } = guardOrderSchema.parse(message)
  const [program = '', ...args] = command
  const startedAt = performance.now()
  let peakMb = 0
  let verdict: TrainingEnd | undefined
  let errors = ''
  // Nothing of the worker's environment, where its secrets may be.
  const { PATH = '', HOME = '', LANG = '' } = readEnvironment()
  const env = { PATH, HOME, LANG, CUDA_VISIBLE_DEVICES: devices.join(','), TRAINING_MEMORY_MB: String(memoryMb) }
  const child = spawn(program, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  trainer = child

  const end = (how: TrainingEnd) => {
    verdict ??= how
    killGroup()
  }
  const watch = setInterval(() => {
    peakMb = Math.max(peakMb, child.pid ? readGroupMb(child.pid) : 0)
    if (peakMb > memoryMb) end({ kind: 'memory-limit', peakMb: Math.round(peakMb) })
    else if (performance.now() - startedAt > timeLimitS * 1000) end({ kind: 'time-limit' })
  }, everyMs)
  createInterface({ input: child.stdout }).on('line', (line) => {
    const share = readProgress(line)
    if (share !== undefined) process.send?.({ kind: 'progress', share })
  })
  child.stderr.on('data', (bytes: Buffer) => {
    errors = (errors + bytes.toString()).slice(-mostErrorText)
  })
  child.on('error', (error) => end({ kind: 'failed', reason: error.message.slice(0, longestReason) }))
  child.on('close', (code, signal) => {
    clearInterval(watch)
    killGroup()
    const seconds = (performance.now() - startedAt) / 1000
    const isHeapFull = code !== 0 && errors.includes('heap out of memory')
    const own: TrainingEnd =
      code === 0
        ? { kind: 'trained', peakMb: Math.round(peakMb), seconds }
        : isHeapFull
          ? { kind: 'memory-limit', peakMb: Math.round(peakMb) }
          : { kind: 'failed', reason: describe(code, signal, errors) }
    process.send?.(verdict ?? own, () => process.exit())
  })
})

function describe(code: number | null, signal: string | null, errors: string): string {
  const lastLine = errors.trim().split('\n').at(-1) ?? ''
  return `it ended with ${code ?? signal}: ${lastLine}`.slice(0, longestReason)
}

function readProgress(line: string): number | undefined {
  try {
    const { progress } = JSON.parse(line) as { progress?: unknown }
    return typeof progress === 'number' && progress >= 0 && progress <= 1 ? progress : undefined
  } catch {
    return undefined
  }
}

function readEnvironment(): Record<string, string | undefined> {
  // biome-ignore lint/style/noProcessEnv: a program of others needs to be found and to know its language
  return process.env
}
