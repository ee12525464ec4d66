import { appendFileSync, readFileSync, renameSync, statSync } from 'node:fs'

export type LogFile = { path: string; write: (text: string) => void; tail: (lines: number) => string }

const mostBytes = 5 * 1024 * 1024

/** A log that never takes more than twice `mostBytes`: when full, it becomes `<path>.1` and a new one begins. */
export function openLogFile(path: string, limitBytes = mostBytes): LogFile {
  let bytes = sizeOf(path)
  const write = (text: string) => {
    try {
      if (bytes > limitBytes) {
        renameSync(path, `${path}.1`)
        bytes = 0
      }
      appendFileSync(path, text, { mode: 0o600 })
      bytes += Buffer.byteLength(text)
    } catch {
      // A full disk must not stop what is being logged.
    }
  }
  return { path, write, tail: (lines) => readTail(path, lines) }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

function readTail(path: string, lines: number): string {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-lines).join('\n')
  } catch {
    return ''
  }
}
