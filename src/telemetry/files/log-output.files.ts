import { mkdir, statfs } from 'node:fs/promises'
import type { LogMetrics } from '../log-metrics.ts'
import type { LogDocument, LogOutput } from '../log-output.ts'
import { type LogStream, logStreams } from '../streams.ts'
import { removeOldFiles } from './remove-old.ts'
import { createRotatedFile } from './rotated-file.ts'

/** `fileBytes`: when a file is full; `streamBytes`: how much of a stream is kept at most. */
export type FilesOptions = { folder: string; fileBytes: number; streamBytes: number; now?: () => Date }

type Deps = { metrics: LogMetrics; onFault: (error: unknown) => void }
type Pending = { texts: string[]; letters: number; isWriting: boolean }

const name = 'files'
const mostPendingLetters = 8 * 1024 * 1024
const lookEveryMs = 3_600_000

/**
 * Logs as files of lines, removed when their time is over: at the start, when a file is begun, and every hour. Lines are written in
 * the background in the order they came; when the disk does not keep up, the newest are dropped and counted.
 */
export async function openFilesOutput(options: FilesOptions, { metrics, onFault }: Deps): Promise<LogOutput> {
  const { folder, fileBytes, streamBytes, now = () => new Date() } = options
  await mkdir(folder, { recursive: true, mode: 0o750 })
  const remove = () => {
    const open = new Set([...files.values()].flatMap((file) => file.path() ?? []))
    return removeOldFiles(folder, { streamBytes }, { open, now: now() }).catch(onFault)
  }
  const onRotate = () => void remove()
  const files = new Map(
    logStreams.map((stream) => [stream, createRotatedFile({ folder, stream, fileBytes, now, onRotate })]),
  )
  const pending = new Map(logStreams.map((stream): [LogStream, Pending] => [stream, newPending()]))
  const fileOf = (stream: LogStream) => {
    const file = files.get(stream)
    if (!file) throw new Error(`no file for ${stream}`)
    return file
  }

  /** Writes what has gathered, and what gathers meanwhile. */
  async function write(stream: LogStream, own: Pending): Promise<void> {
    own.isWriting = true
    while (own.texts.length > 0) {
      const texts = own.texts
      own.texts = []
      own.letters = 0
      try {
        await fileOf(stream).append(texts.join(''))
        metrics.noteKept(name, texts.length)
        metrics.noteReachable(name, true)
      } catch (error) {
        metrics.noteDropped(name, stream, 'disk', texts.length)
        metrics.noteReachable(name, false)
        onFault(error)
      }
    }
    own.isWriting = false
  }

  await remove()
  const timer = setInterval(() => void remove(), lookEveryMs).unref()
  const flush = () => Promise.all([...pending].map(([stream, own]) => (own.isWriting ? undefined : write(stream, own))))
  return {
    name,
    offer(stream, line) {
      const own = pending.get(stream)
      if (!own || own.letters + line.length > mostPendingLetters) return metrics.noteDropped(name, stream, 'full')
      own.texts.push(line)
      own.letters += line.length
      if (!own.isWriting) void write(stream, own)
    },
    async deliver(stream, documents: LogDocument[]) {
      await fileOf(stream).append(documents.map(({ line }) => line).join(''), { toDisk: true })
      metrics.noteKept(name, documents.length)
    },
    async check() {
      const { bavail, bsize } = await statfs(folder)
      if (bavail * bsize < fileBytes) throw new Error('the disk of the log folder is full')
    },
    async close() {
      clearInterval(timer)
      await flush()
      for (const file of files.values()) await file.close()
    },
  }
}

const newPending = (): Pending => ({ texts: [], letters: 0, isWriting: false })
