import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { type BusinessQuery, businessQuerySchema, type Catalog, splitDimension, splitMeasure } from '#catalog'

const expectSchema = z.object({
  intent: z.string(),
  query: businessQuerySchema.optional(),
  view: z.string().optional(),
  format: z.string().optional(),
  schedule: z.string().optional(),
  field: z.string().optional(),
  candidates: z.array(z.string()).optional(),
  reason: z.string().optional(),
})
const turnSchema = z.object({ text: z.string(), expect: expectSchema })
const lineSchema = z.union([
  turnSchema.extend({ section: z.string() }),
  z.object({ section: z.string(), turns: z.array(turnSchema).min(2) }),
])

export type ExampleTurn = z.infer<typeof turnSchema>
/** A question, or the turns of a dialogue, with how each is read. */
export type Example = { section: string; turns: ExampleTurn[] }

/** The examples of a file like `docs/questions.jsonl`. Throws when a line is shaped otherwise. */
export function readExamples(path: string): Example[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => lineSchema.parse(JSON.parse(line)))
    .map((line) =>
      'turns' in line ? line : { section: line.section, turns: [{ text: line.text, expect: line.expect }] },
    )
}

type Entity = Catalog['entities'][string]
const grains: Record<string, string> = { day: '일별', week: '주별', month: '월별', quarter: '분기별', year: '연도별' }
const prefixes: Record<string, string> = { avg: '평균', max: '최대', min: '최소' }
const operators: Record<string, string> = {
  eq: '=',
  ne: '≠',
  lt: '<',
  lte: '≤',
  gt: '>',
  gte: '≥',
  in: '=',
  contains: '∋',
}
const values: Record<string, string> = { '@me': '나', '@myDepartment': '우리 부서', '@today': '오늘' }
const plain: Record<string, string> = {
  greeting: '인사',
  thanks: '인사',
  help: '도움말',
  table: '표',
  bar: '막대그래프',
  line: '꺾은선그래프',
  pie: '원그래프',
  number: '숫자',
  write: '거절: ERP를 바꾸는 일은 하지 않아요',
  unknown: '거절: ERP가 모르는 일',
  unknown_name: '거절: ERP에 없는 이름',
}

const labelOf = (entity: Entity, name: string): string => {
  if (name === 'count') return '건수'
  return entity.measures[name]?.label.ko ?? entity.dimensions[name]?.label.ko ?? name
}

function sayMeasure(entity: Entity, text: string): string {
  const { prefix, measure } = splitMeasure(text)
  const label = labelOf(entity, measure)
  if (prefix === 'share') return `${label} 비중`
  return prefix ? `${prefixes[prefix]} ${label}` : label
}

function sayOrder(entity: Entity, [by, direction]: [string, 'asc' | 'desc']): string {
  const isDate = entity.dimensions[by]?.type === 'date'
  const [more, less] = isDate ? ['늦은', '이른'] : ['높은', '낮은']
  return `${sayMeasure(entity, by)} ${direction === 'desc' ? more : less} 순`
}

function sayGroup(entity: Entity, text: string): string {
  const { field, grain } = splitDimension(text)
  return grain ? (grains[grain] ?? grain) : `${labelOf(entity, field)}별`
}

function sayValue(entity: Entity, field: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => sayValue(entity, field, one)).join(', ')
  if (typeof value === 'number')
    return entity.dimensions[field]?.type === 'year' ? String(value) : value.toLocaleString('ko-KR')
  const text = String(value)
  const dimension = entity.dimensions[field]
  const code = dimension?.type === 'code' ? dimension.values[text]?.label.ko : undefined
  return values[text] ?? code ?? (entity.measures[text] ? labelOf(entity, text) : text)
}

function sayPeriod(entity: Entity, { field, from, to }: NonNullable<BusinessQuery['period']>): string {
  const range = from === to ? (from ?? '') : `${from ?? ''}–${to ?? ''}`
  const dotted = range.replaceAll('-', '.')
  return field === entity.period ? dotted : `${labelOf(entity, field)} ${dotted}`
}

/** A query in a line an employee can read: 매출 › 매출액 · 거래처별 · 2026.11.01–2026.11.30. */
export function sayQuery(catalog: Catalog, query: BusinessQuery): string {
  const entity = catalog.entities[query.entity]
  if (!entity) return query.entity
  const parts = [
    query.measures.length > 0 ? query.measures.map((one) => sayMeasure(entity, one)).join(', ') : '목록',
    ...(query.groupBy ?? []).map((one) => sayGroup(entity, one)),
    ...(query.where ?? []).map(
      ([field, operator, value]) =>
        `${labelOf(entity, field)} ${operators[operator]} ${sayValue(entity, field, value)}`,
    ),
    ...(query.period ? [sayPeriod(entity, query.period)] : []),
    ...(query.compareTo ? [query.compareTo === 'previousYear' ? '전년 대비' : '이전 기간 대비'] : []),
    ...(query.orderBy ?? []).map((order) => sayOrder(entity, order)),
    ...(query.limit ? [`${query.limit}개만`] : []),
  ]
  return `**${entity.label.ko}** › ${parts.join(' · ')}`
}

function saySchedule(cron: string): string {
  const [minute = '0', hour = '0', date, , weekday = '*'] = cron.split(' ')
  const time = `${hour}시${minute === '0' ? '' : ` ${minute}분`}`
  if (weekday === '1-5') return `평일 ${time}마다`
  if (weekday !== '*')
    return `매주 ${weekday
      .split(',')
      .map((day) => '일월화수목금토'[Number(day)])
      .join('·')}요일 ${time}마다`
  return date === '*' ? `매일 ${time}마다` : `매월 ${date}일 ${time}마다`
}

function sayExpect(catalog: Catalog, { expect }: ExampleTurn): string {
  const query = expect.query ? sayQuery(catalog, expect.query) : ''
  if (expect.intent === 'clarify') return `되묻기: ${expect.candidates?.join(' 아니면 ')}?`
  if (expect.intent === 'subscribe') return `${saySchedule(expect.schedule ?? '')} 보내기: ${query}`
  if (expect.intent === 'alert') return `이렇게 되면 알리기: ${query}`
  if (expect.intent === 'export') return `같은 답을 ${expect.format === 'csv' ? 'CSV' : '엑셀'} 파일로`
  if (expect.intent === 'view') return `같은 답을 ${plain[expect.view ?? '']}로`
  if (query) return expect.view ? `${query} · ${plain[expect.view]}` : query
  return plain[expect.reason ?? expect.intent] ?? expect.intent
}

const cell = (text: string): string => text.replaceAll('|', '\\|')

function renderSection(catalog: Catalog, title: string, examples: readonly Example[]): string {
  const single = examples.filter(({ turns }) => turns.length === 1).flatMap(({ turns }) => turns)
  const table =
    single.length > 0
      ? [
          '| 질문 | 이렇게 읽어요 |',
          '| --- | --- |',
          ...single.map((turn) => `| ${cell(turn.text)} | ${cell(sayExpect(catalog, turn))} |`),
        ]
      : []
  const dialogues = examples
    .filter(({ turns }) => turns.length > 1)
    .flatMap(({ turns }) => [
      ...turns.map((turn, i) => `${i + 1}. ${turn.text}  \n   → ${sayExpect(catalog, turn)}`),
      '',
      '---',
      '',
    ])
  return [`## ${title}`, '', ...table, ...dialogues.slice(0, -3)].join('\n')
}

/** The page of examples for employees, in Korean, from the examples and the catalog's labels. `today`: the day they were asked on. */
export function renderQuestionList(catalog: Catalog, examples: readonly Example[], today: string): string {
  const sections = [...Map.groupBy(examples, ({ section }) => section)]
  const intro = [
    '# 이렇게 물어보세요',
    '',
    `아래는 챗봇이 지금 알아듣는 질문이에요. 오른쪽은 챗봇이 질문을 어떻게 읽었는지예요. 날짜는 ${today.replaceAll('-', '.')}에 물었을 때 기준이에요.`,
    '띄어쓰기나 조사, 작은 오타는 신경 쓰지 않아도 되고, 이름은 줄여 불러도 돼요. 같은 말이 둘 이상을 가리키면 어느 쪽인지 되물어요.',
    '',
    '<!-- `npm run -s questions` writes this page from questions.jsonl; a test holds both to what is understood. -->',
  ]
  return `${[intro.join('\n'), ...sections.map(([title, list]) => renderSection(catalog, title, list))].join('\n\n')}\n`
}
