import type { Answer } from '#chat'
import { alignRows, widthOf } from './align-rows.ts'
import { plain } from './terminal-text.ts'

type Options = { isTerminal: boolean }

/** An answer for a terminal: the sentences, the table, what it covers and where it is from, what to ask next. */
export function printAnswer(answer: Answer, { isTerminal }: Options): string {
  const lines = [emphasize(plain(answer.text), isTerminal)]
  if (answer.table && answer.table.rows.length > 0 && answer.view !== 'number') lines.push('', printTable(answer.table))
  if (answer.download) lines.push('', answer.download.url)
  const about = [answer.coverage, answer.sourceText].filter((line) => line !== undefined)
  if (about.length > 0) lines.push('', ...about.map(plain))
  if (answer.kind !== 'answered' && answer.prompts.length > 0)
    lines.push('', ...answer.prompts.map(({ text }) => `  · ${plain(text)}`))
  return lines.join('\n')
}

function printTable({ columns, rows, total, rowCount }: NonNullable<Answer['table']>): string {
  const cells = (row: ({ text: string } | null)[]) => row.map((cell) => plain(cell?.text ?? ''))
  const lines = alignRows(
    [columns.map(({ label }) => plain(label)), ...rows.map(cells), ...(total ? [cells(total)] : [])],
    columns.map(({ numeric }) => numeric),
  )
  const [head = '', ...body] = lines
  const rule = '─'.repeat(Math.max(...lines.map(widthOf)))
  const last = total ? body.splice(-1) : []
  const rest = rowCount > rows.length ? [`… ${rows.length} / ${rowCount.toLocaleString('en-US')}`] : []
  return [head, rule, ...body, ...rest, ...(last.length > 0 ? [rule, ...last] : [])].join('\n')
}

/** The answer's one markup becomes bold where a terminal shows it. */
function emphasize(text: string, isTerminal: boolean): string {
  return text.replace(/\*\*(.+?)\*\*/g, isTerminal ? '\u001b[1m$1\u001b[22m' : '$1')
}
