import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const officeSchema = z.object({ url: z.url() })

/** The service that `npm start` left running, by the file it writes. Throws one sentence when there is none. */
export async function findService(): Promise<string> {
  const path = join(process.env.DATA_DIR || '.data', 'office.json')
  try {
    return officeSchema.parse(JSON.parse(await readFile(path, 'utf8'))).url
  } catch (cause) {
    throw new Error(
      `No service is running here (${path} cannot be read). Start one with npm start, or name one with --url.`,
      { cause },
    )
  }
}
