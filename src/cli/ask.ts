import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { postQuestion } from './post-question.ts'
import { printAnswer } from './print-answer.ts'
import { signInWithPassword } from './sign-in.ts'

// `npm run -s ask -- "QUESTION" [--as LOGIN] [--password PASSWORD] [--language ko|en] [--json] [--url URL]`:
// asks a running service as a person and prints the answer. Exit code 1 with one sentence when that does not work.

const usage =
  'npm run -s ask -- "이번 달 매출 상위 5개 거래처" [--as LOGIN] [--password PASSWORD] [--language ko|en] [--json] [--url URL]'
/** The demo company's accounts share it; elsewhere it is given with --password or ASK_PASSWORD. */
const demoPassword = 'hanbit'
const officeSchema = z.object({ url: z.url() })

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      as: { type: 'string', default: 'sanghyun' },
      password: { type: 'string', default: process.env.ASK_PASSWORD ?? demoPassword },
      language: { type: 'string' },
      json: { type: 'boolean', default: false },
      url: { type: 'string' },
    },
  })
  const language = z.enum(['ko', 'en']).optional().safeParse(values.language)
  if (positionals.length === 0 || !language.success) throw new Error(`Usage: ${usage}`)
  return { ...values, language: language.data, text: positionals.join(' ') }
}

/** The service that `npm start` left running, by the file it writes. */
async function findService(): Promise<string> {
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

async function ask(): Promise<void> {
  const { as: login, password, language, json, url, text } = readArguments()
  const serviceUrl = url ?? (await findService())
  const { accessToken } = await signInWithPassword({ serviceUrl, login, password })
  const message = await postQuestion({ serviceUrl, accessToken, text, language })
  if (json) return console.log(JSON.stringify(message, null, 2))
  console.log(printAnswer(message.body.turn.answer, { isTerminal: process.stdout.isTTY === true }))
}

try {
  await ask()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
