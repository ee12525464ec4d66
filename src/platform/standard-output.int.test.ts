import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'

const lines = 3
const script = `
  const { openStandardOutput } = await import(${JSON.stringify(join(import.meta.dirname, 'standard-output.ts'))})
  const output = openStandardOutput()
  process.once('message', () => {
    for (let line = 1; line <= ${lines}; line++) output.write('{"line":' + line + '}\\n')
    process.exit(0)
  })
  process.send('ready')
`

/** A process that waits for a word, then logs and ends at once. `through` is what reads it: a socket of ours or a pipe of the shell. */
async function start(through: 'socket' | 'pipe') {
  const node = [process.execPath, '--input-type=module', '-e', script]
  // The reader of the pipe has ended long before the first line.
  const command = ['/bin/bash', '-c', 'exec "$@" > >(true)', 'shell', ...node]
  const [file = '', ...args] = through === 'socket' ? node : command
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child, 'message')
  return child
}

test.each(['socket', 'pipe'] as const)('a process ends when nobody reads its log any more: %s', async (through) => {
  const child = await start(through)
  child.stdout?.destroy()
  const ended = once(child, 'exit')
  child.send('now')
  expect(await ended).toEqual([0, null])
})

test('what is left when a process ends is written by then', async () => {
  const child = await start('socket')
  const read = text(child.stdout as NodeJS.ReadableStream)
  child.send('now')
  const written = (await read).split('\n').filter(Boolean)
  expect(written).toEqual(Array.from({ length: lines }, (_, index) => `{"line":${index + 1}}`))
})
