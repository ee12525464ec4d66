import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { LogStream } from '../streams.ts'

/** A stream's file of this process: a new one each day (UTC), at each start, and when it is full. */
export type RotatedFile = {
  /** Appends, in the order of the calls. Rejects when the disk does not take it; the next call tries anew. */
  append(text: string, options?: { toDisk: boolean }): Promise<void>
  path(): string | undefined
  close(): Promise<void>
}

type Options = { folder: string; stream: LogStream; fileBytes: number; now: () => Date; onRotate: () => void }

export function createRotatedFile({ folder, stream, fileBytes, now, onRotate }: Options): RotatedFile {
  let current: { handle: FileHandle; path: string; day: string; bytes: number } | undefined
  let count = 0
  let last: Promise<void> = Promise.resolve()

  async function openFile(bytes: number) {
    const at = now().toISOString()
    const day = at.slice(0, 10)
    if (current && current.day === day && (current.bytes === 0 || current.bytes + bytes <= fileBytes)) return current
    await current?.handle.close()
    current = undefined
    count += 1
    const stamp = at.slice(0, 19).replaceAll(/[-:]/g, '')
    const path = join(folder, `${stream}-${stamp}-${process.pid}-${count}.jsonl`)
    // Readable by the group, for whoever ships the files; by nobody else.
    current = { handle: await open(path, 'a', 0o640), path, day, bytes: 0 }
    onRotate()
    return current
  }

  return {
    append(text, { toDisk } = { toDisk: false }) {
      const write = async () => {
        const bytes = Buffer.byteLength(text)
        const file = await openFile(bytes)
        try {
          await file.handle.appendFile(text)
          file.bytes += bytes
          if (toDisk) await file.handle.datasync()
        } catch (error) {
          // Half a line may be there: what is written next begins another file, so that nothing is joined to it.
          current = undefined
          await file.handle.close().catch(() => undefined)
          throw error
        }
      }
      const written = last.then(write)
      last = written.catch(() => undefined)
      return written
    },
    path: () => current?.path,
    async close() {
      await last
      await current?.handle.close()
      current = undefined
    },
  }
}
