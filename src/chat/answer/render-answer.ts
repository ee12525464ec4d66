import type { Language, RowFilter } from '#catalog'
import type { QueryAnswer } from '#erp'
import type { View } from '#nlu'
import type { Answer } from '../api.ts'
import { chooseChart } from './chart.ts'
import { describeQuery } from './chips.ts'
import { coverageLine, scopeText } from './coverage.ts'
import { emptyText } from './empty-text.ts'
import { nextQuestions, widerPeriods } from './next-questions.ts'
import { toExact } from './numbers.ts'
import { measureColumns, readRows } from './rows.ts'
import { sayGroups } from './say-groups.ts'
import { type Said, sayNumbers, wholeOf } from './say-number.ts'
import { sayRecords } from './say-records.ts'
import { sourceLine } from './source-line.ts'
import { buildTable } from './table.ts'
import type { Asked } from './wording.ts'

export type RenderInput = {
  asked: Asked
  answer: QueryAnswer
  /** The rows the reader may see, to say so when they are not all. */
  rows: RowFilter
  /** How the person asked to see it. */
  wanted?: View | undefined
  now: Date
}

/** Rows in, words out: sentences, the large number, table, chart, chips, coverage and source of one answered query. */
export function renderAnswer({ asked, answer, rows: reach, wanted, now }: RenderInput): Answer {
  const rows = readRows(answer, asked)
  const shape = shapeOf(asked)
  const isNothing = shape === 'number' ? isBeyondReach(asked, answer, reach) : rows.length === 0
  const said = isNothing ? null : say(shape, { rows, answer, asked })
  const facts = {
    language: asked.language,
    coverage: coverageLine(asked, { rows: reach, previous: answer.previous }),
    chips: describeQuery(asked),
    query: asked.query,
    source: answer.source,
    asOf: answer.asOf,
    sourceText: sourceLine(answer, now, asked.language),
  }
  if (!said) return { kind: 'empty', text: emptyText(asked, reach), ...facts, prompts: widerPeriods(asked) }

  const isSingleNumber = shape === 'number' && measureColumns(answer).length === 1
  const table = isSingleNumber ? undefined : buildTable(rows, answer, asked)
  const chart = shape === 'groups' ? chooseChart(rows, answer, asked, wanted) : undefined
  const view = chooseView({
    wanted,
    chart: chart?.kind,
    hasTable: table !== undefined,
    hasNumber: said.headline !== undefined,
  })
  const remark = viewRemark(wanted, view, asked.language)
  return {
    kind: 'answered',
    ...facts,
    ...said,
    text: [said.text, remark].filter(Boolean).join(' '),
    ...(table && { table }),
    ...(chart && { chart }),
    view,
    prompts:
      isZero(answer) && shape === 'number' ? widerPeriods(asked) : nextQuestions(asked, { rows: rows.length, reach }),
  }
}

type Shape = 'number' | 'groups' | 'records'

function shapeOf({ query }: Asked): Shape {
  if (query.measures.length === 0) return 'records'
  return query.groupBy?.length ? 'groups' : 'number'
}

type Material = { rows: ReturnType<typeof readRows>; answer: QueryAnswer; asked: Asked }

function say(shape: Shape, { rows, answer, asked }: Material): Said | null {
  if (shape === 'records') return sayRecords(rows, answer, asked)
  return shape === 'groups' ? sayGroups(rows, answer, asked) : sayNumbers(answer, asked)
}

type Showable = { wanted: View | undefined; chart: View | undefined; hasTable: boolean; hasNumber: boolean }

function chooseView({ wanted, chart, hasTable, hasNumber }: Showable): View {
  if (wanted === 'table' && hasTable) return 'table'
  if (wanted === 'number' && hasNumber) return 'number'
  return chart ?? (hasTable ? 'table' : 'number')
}

/** When the answer cannot be drawn as asked, it says so. */
function viewRemark(wanted: View | undefined, view: View, language: Language): string {
  if (!wanted || wanted === view || wanted === 'number' || wanted === 'table') return ''
  const ko = language === 'ko'
  if (view === 'number')
    return ko ? '값이 하나라 차트 대신 숫자로 보여 드려요.' : 'It is a single value, so it is shown as a number.'
  if (view === 'table')
    return ko
      ? '차트로 그릴 수 없는 결과라 표로 보여 드려요.'
      : 'This cannot be drawn as a chart, so it is shown as a table.'
  return ko
    ? '원형 차트로는 나타내기 어려워 다른 차트로 보여 드려요.'
    : 'This does not fit a pie, so another chart is shown.'
}

/** Whether nothing was found of someone or something named, among rows that the reader's rights narrow: that is no zero. */
function isBeyondReach(asked: Asked, answer: QueryAnswer, reach: RowFilter): boolean {
  const types = (asked.query.where ?? []).map(([field]) => asked.entity.dimensions[field]?.type)
  const isNamed = types.some((type) => type === 'name' || type === 'documentNo')
  return isNamed && scopeText(reach, asked) !== '' && isZero(answer) && isZero({ ...answer, ...answer.previous })
}

function isZero(answer: QueryAnswer): boolean {
  return measureColumns(answer).every((column) => toExact(wholeOf(column, answer))?.isZero() ?? true)
}
