import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { AskReply } from '#chat'
import { callService } from './call-service.ts'
import { findAccessToken } from './find-access-token.ts'
import { findService } from './find-service.ts'
import { printAnswer } from './print-answer.ts'

// `npm run -s ask -- "QUESTION" [--as LOGIN] [--password PASSWORD] [--language ko|en] [--json] [--url URL]`:
// asks a running service as a person, or with the API key in ERP_CHATBOT_API_KEY, and prints the answer. Exit code 1 with one
// sentence when that does not work.

const usage =
  'npm run -s ask -- "이번 달 매출 상위 5개 거래처" [--as LOGIN] [--password PASSWORD] [--language ko|en] [--json] [--url URL]'
/** The demo company's accounts share it; elsewhere it is given with --password or ASK_PASSWORD. */
const demoPassword = 'hanbit'

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

async function ask(): Promise<void> {
  const { as: login, password, language, json, url, text } = readArguments()
  const serviceUrl = url ?? (await findService())
  const accessToken = await findAccessToken({ serviceUrl, login, password })
  const message = await callService<AskReply>(
    { serviceUrl, accessToken, language },
    { method: 'POST', path: '/api/v1/chat/messages', body: { text, ...(language && { language }) } },
  )
  if (json) return console.log(JSON.stringify(message, null, 2))
  console.log(printAnswer(message.body.turn.answer, { isTerminal: process.stdout.isTTY === true }))
}

try {
  await ask()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
