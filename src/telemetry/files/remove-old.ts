import { readdir, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { keepDays, type LogStream, logStreams } from '../streams.ts'

/** What the folder may hold: `streamBytes` of each of the streams that may lose their oldest files, all but the audit. */
export type FolderBounds = { streamBytes: number }

type LogFile = { path: string; stream: LogStream; bytes: number; lastWriteMs: number }

const dayMs = 24 * 3_600_000
const filePattern = new RegExp(`^(${logStreams.join('|')})-[\\w.-]+\\.jsonl$`)

/**
 * Removes the files of `folder` whose last line is older than its stream is kept, and the oldest of a stream that has grown past its
 * bound; never one of `open`. The audit goes by age alone. Answers how many it removed. Files that are not ours stay.
 */
export async function removeOldFiles(
  folder: string,
  { streamBytes }: FolderBounds,
  { open, now }: { open: ReadonlySet<string>; now: Date },
): Promise<number> {
  const files = await listFiles(folder)
  let removed = 0
  for (const stream of logStreams) {
    const own = files.filter((file) => file.stream === stream).sort((a, b) => a.lastWriteMs - b.lastWriteMs)
    let bytes = own.reduce((sum, file) => sum + file.bytes, 0)
    for (const file of own) {
      const isExpired = now.getTime() - file.lastWriteMs > keepDays[stream] * dayMs
      const isTooMuch = stream !== 'audit' && bytes > streamBytes
      if (open.has(file.path) || !(isExpired || isTooMuch)) continue
      await unlink(file.path).catch(ignoreMissing)
      bytes -= file.bytes
      removed += 1
    }
  }
  return removed
}

async function listFiles(folder: string): Promise<LogFile[]> {
  const files: LogFile[] = []
  for (const name of await readdir(folder)) {
    const stream = filePattern.exec(name)?.[1] as LogStream | undefined
    if (!stream) continue
    const path = join(folder, name)
    try {
      const { size, mtimeMs } = await stat(path)
      files.push({ path, stream, bytes: size, lastWriteMs: mtimeMs })
    } catch (error) {
      ignoreMissing(error)
    }
  }
  return files
}

/** Another process removes old files, too. */
function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
}
