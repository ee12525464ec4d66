import type { Actor } from '#auth'
import { shapeOf } from '#catalog'
import type { QueryAnswer } from '#erp'
import { AppError } from '#platform/errors'
import { seoulDate } from '#platform/seoul-date'
import { coverageLine } from './answer/coverage.ts'
import { readRows } from './answer/rows.ts'
import { sourceLine } from './answer/source-line.ts'
import { type Asked, toAsked } from './answer/wording.ts'
import type { AnswerDeps } from './answer-run.ts'
import { exportMs, openDeadline } from './deadline.ts'
import { chatErrors } from './errors.ts'
import { type ExportedFile, type ExportFormat, writeFile } from './write-file.ts'

const maxExportRows = 50_000

export type ExportRequest = {
  actor: Actor
  conversationId: string
  turnId: string
  format: ExportFormat
  ip: string | null
  signal: AbortSignal
}

type Deps = Pick<AnswerDeps, 'answerQuery' | 'permitRead' | 'catalog' | 'conversations' | 'audit' | 'now'>

/**
 * Asks a turn's query again with the reader's rights of now, and writes every row to a file. Throws TURN_NOT_FOUND,
 * NOTHING_TO_EXPORT, EXPORT_NOT_ALLOWED, EXPORT_TOO_BIG and what the ERP throws.
 */
export async function exportAnswer(deps: Deps, request: ExportRequest): Promise<ExportedFile> {
  const { actor, conversationId, turnId, format, ip } = request
  const turn = await deps.conversations.readTurn({ owner: actor.userId, conversationId, turnId })
  const query = turn.answer?.query
  const today = seoulDate(deps.now())
  const language = turn.answer?.language ?? actor.language
  const asked = query ? toAsked(query, { catalog: deps.catalog, language, today }) : null
  if (!query || !asked) throw new AppError(chatErrors.nothingToExport)
  const record = (outcome: 'ok' | 'refused', rows: number) =>
    deps.audit.record({
      actorId: actor.userId,
      action: 'chat.export',
      outcome,
      ip,
      details: { conversationId, turnId, format, shape: shapeOf(query), rows },
    })

  const decision = deps.permitRead(actor, query, today)
  if (decision.kind === 'refused') {
    await record('refused', 0)
    throw new AppError(chatErrors.exportRefused, { params: { ask: decision.ask } })
  }
  const deadline = openDeadline(request.signal, exportMs)
  const all = { ...decision.query, query: { ...decision.query.query, limit: query.limit ?? maxExportRows } }
  const answer = await deadline.wait(deps.answerQuery(all, deadline.signal))
  refuseTooBig(answer, asked)
  // Whoever takes data out of the product is on record before the first byte leaves.
  await record('ok', answer.rows.length)
  const notes = [
    turn.question,
    coverageLine(asked, { rows: decision.query.rows }),
    sourceLine(answer, deps.now(), language),
  ]
  return writeFile({ asked, answer, rows: readRows(answer, asked).map(({ row }) => row), notes }, format)
}

function refuseTooBig({ completeness }: QueryAnswer, { query }: Asked): void {
  if (completeness.kind === 'complete' || query.limit !== undefined) return
  throw new AppError(chatErrors.exportTooBig, {
    params: { count: completeness.of.toLocaleString('en-US'), max: maxExportRows.toLocaleString('en-US') },
  })
}
