import type { Service } from './call-service.ts'
import { findAccessToken } from './find-access-token.ts'
import { findService } from './find-service.ts'

/** The demo company's accounts share it; elsewhere it is given with --password or ASK_PASSWORD. */
const demoPassword = 'hanbit'

/** What a command has to say, as data and as text for a person; not well is exit code 1. */
export type Outcome = { body: unknown; text: string; isWell: boolean }

/** Without `language` the service answers in the person's own. */
type Caller = {
  as: string
  password: string
  language?: 'ko' | 'en' | undefined
  json: boolean
  url?: string | undefined
}

/** Options of every command that calls a running service, for `parseArgs`. */
export const callerOptions = {
  as: { type: 'string', default: 'hyerim' },
  password: { type: 'string', default: process.env.ASK_PASSWORD ?? demoPassword },
  language: { type: 'string', default: 'ko' },
  json: { type: 'boolean', default: false },
  url: { type: 'string' },
} as const

/** Signs in at a running service, acts there and prints what came of it. Exit code 1 with one sentence when that does not work. */
export async function runAction<T extends Caller>(
  readArguments: () => T,
  act: (service: Service, values: T) => Promise<Outcome>,
): Promise<void> {
  try {
    const values = readArguments()
    const serviceUrl = values.url ?? (await findService())
    const accessToken = await findAccessToken({ serviceUrl, login: values.as, password: values.password })
    const { body, text, isWell } = await act({ serviceUrl, accessToken, language: values.language }, values)
    console.log(values.json ? JSON.stringify(body, null, 2) : text)
    if (!isWell) process.exitCode = 1
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  }
}
