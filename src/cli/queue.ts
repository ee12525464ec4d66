import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { LetterCountsBody, LetterDetailBody, LetterListBody, LetterOutcome } from '#dead-letters'
import { callService, type Service } from './call-service.ts'
import { printLetter, printLetters, printOutcome } from './print-queue.ts'
import { callerOptions, type Outcome, runAction } from './run-action.ts'

// `npm run -s queue -- [list|show ID|replay ID|discard ID] [--queue NAME] [--reason TEXT] [--as LOGIN] [--password PASSWORD]
// [--language ko|en] [--json] [--url URL]`: looks after the dead letters of a running service as a person who may. With `--queue` in place of
// an ID, `replay` and `discard` deal with all of a queue, a thousand at a time. Exit code 1 with one sentence when that does not work.

const usage =
  'npm run -s queue -- [list|show ID|replay ID|discard ID] [--queue NAME] [--reason TEXT] [--as LOGIN] [--language ko|en] [--json]'
const actionSchema = z.enum(['list', 'show', 'replay', 'discard']).default('list')

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { ...callerOptions, queue: { type: 'string' }, reason: { type: 'string' } },
  })
  const [name, letter] = positionals
  const action = actionSchema.safeParse(name)
  const language = z.enum(['ko', 'en']).safeParse(values.language)
  if (!action.success || !language.success || positionals.length > 2) throw new Error(`Usage: ${usage}`)
  const isOne = letter !== undefined
  const isAll = values.queue !== undefined
  const isWhole = { list: !isOne, show: isOne && !isAll, replay: isOne !== isAll, discard: isOne !== isAll }
  const hasReason = (values.reason !== undefined) === (action.data === 'discard')
  if (!isWhole[action.data] || !hasReason) throw new Error(`Usage: ${usage}`)
  return { ...values, action: action.data, letter, language: language.data }
}

type Arguments = ReturnType<typeof readArguments>
const base = '/api/v1/dead-letters'

async function act(service: Service, { action, letter, queue, reason, language }: Arguments): Promise<Outcome> {
  const get = async <T>(path: string) => (await callService<T>(service, { method: 'GET', path: base + path })).body
  const post = async (path: string, body?: object) =>
    (await callService<LetterOutcome>(service, { method: 'POST', path: base + path, ...(body && { body }) })).body
  switch (action) {
    case 'list': {
      const query = new URLSearchParams({ limit: '100', ...(queue !== undefined && { queue }) })
      const [{ queues }, list] = await Promise.all([get<LetterCountsBody>('/queues'), get<LetterListBody>(`?${query}`)])
      const body = { queues, ...list }
      return { body, text: printLetters(body, language), isWell: true }
    }
    case 'show': {
      const body = await get<LetterDetailBody>(`/${encodeURIComponent(letter ?? '')}`)
      return { body, text: printLetter(body, language), isWell: true }
    }
    case 'replay':
    case 'discard': {
      const why = reason === undefined ? undefined : { reason }
      const body =
        letter === undefined
          ? await post(`/${action}`, { queue, ...why })
          : await post(`/${encodeURIComponent(letter)}/${action}`, why)
      return { body, text: printOutcome(body, action, language), isWell: true }
    }
  }
}

await runAction(readArguments, act)
