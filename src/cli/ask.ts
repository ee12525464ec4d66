import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { AskReply } from '#chat'
import { callService, type Service } from './call-service.ts'
import { printAnswer } from './print-answer.ts'
import { callerOptions, type Outcome, runAction } from './run-action.ts'

// `npm run -s ask -- "QUESTION" [--as LOGIN] [--password PASSWORD] [--language ko|en] [--json] [--url URL]`:
// asks a running service as a person, or with the API key in ERP_CHATBOT_API_KEY, and prints the answer. Exit code 1 with one
// sentence when that does not work.

const usage =
  'npm run -s ask -- "이번 달 매출 상위 5개 거래처" [--as LOGIN] [--password PASSWORD] [--language ko|en] [--json] [--url URL]'

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { ...callerOptions, as: { type: 'string', default: 'sanghyun' }, language: { type: 'string' } },
  })
  const language = z.enum(['ko', 'en']).optional().safeParse(values.language)
  if (positionals.length === 0 || !language.success) throw new Error(`Usage: ${usage}`)
  return { ...values, language: language.data, text: positionals.join(' ') }
}

async function ask(service: Service, { language, text }: ReturnType<typeof readArguments>): Promise<Outcome> {
  const body = { text, ...(language && { language }) }
  const message = await callService<AskReply>(service, { method: 'POST', path: '/api/v1/chat/messages', body })
  const { answer } = message.body.turn
  return { body: message, text: printAnswer(answer, { isTerminal: process.stdout.isTTY === true }), isWell: true }
}

await runAction(readArguments, ask)
