import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type GrammarSpan, type IsoRange, readSpans } from '#nlu'

/** The Korean specification of Microsoft's Recognizers-Text: cases that nobody wrote for this product. */
export const specFiles = ['NumberModel', 'PercentModel', 'DateParser', 'DatePeriodParser'] as const
export type SpecFile = (typeof specFiles)[number]

type Resolution = { date?: string; startDate?: string; endDate?: string }
type SpecResult = {
  Text: string
  Start?: number
  Resolution?: { value: string }
  Value?: { Timex: string; FutureResolution: Resolution; PastResolution: Resolution }
}
export type SpecCase = { Input: string; Context?: { ReferenceDateTime: string }; Results: SpecResult[] }

/**
 * Cases that are not held against us, and why. `outside`: no question to an ERP has it; `specification`: the case itself is wrong;
 * `convention`: the product reads it another way on purpose, which `reads` says and is checked.
 */
type Exclusion = {
  reason: string
  kind: 'outside' | 'specification' | 'convention'
  why: string
  cases: { file: string; index: number; input: string; reads?: string }[]
}

const folder = fileURLToPath(new URL('./data/', import.meta.url))
const readJson = <T>(path: string): T =>
  JSON.parse(readFileSync(`${folder}${path}`, 'utf8').replace(/^\uFEFF/, '')) as T

export const readSpecFile = (file: SpecFile): SpecCase[] => readJson(`recognizers-ko/${file}.json`)

/** The day that a case is said on; numbers don't depend on it. */
export const todayOf = ({ Context }: SpecCase): string => (Context?.ReferenceDateTime ?? '2026-11-23').slice(0, 10)

/** Particles at the end of a span belong to it on one side and not on the other. */
const edge = /\s*(?:에서|에|간의?|동안|까지|의|치|로)$/
const trim = (text: string): string => text.trim().replace(edge, '').trim()
const significant = (value: number): string => String(Number(value.toPrecision(12)))

type NumberSpan = GrammarSpan & { kind: 'number' | 'percent' }
const isNumber = (span: GrammarSpan): span is NumberSpan => span.kind === 'number' || span.kind === 'percent'

/** Without its counter, which the specification leaves out; 번째 it takes in. */
function numeralOf({ text, unit }: NumberSpan): string {
  return trim(unit === undefined || unit === '번째' ? text : text.slice(0, text.length - unit.length))
}

function isRightNumber(expected: SpecResult[], spans: GrammarSpan[], isPercent: boolean): boolean {
  const ours = spans.filter(isNumber)
  return (
    ours.length === expected.length &&
    expected.every(({ Text, Start, Resolution }, i) => {
      const span = ours[i]
      if (!span) return false
      const said = isPercent ? trim(span.text) : numeralOf(span)
      const value = significant(Number(Resolution?.value.replace('%', '')))
      return (
        (!isPercent || span.kind === 'percent') &&
        said === trim(Text) &&
        (Start ?? span.start) === span.start &&
        significant(span.value) === value
      )
    })
  )
}

const shiftIso = (iso: string, days: number): string =>
  new Date(Date.parse(`${iso}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

/** The first days of the units that end with a day: 2018-12-31 ends December, the quarter's last month, and 2018. */
function unitStarts(to: string): string[] {
  const next = shiftIso(to, 1)
  if (!next.endsWith('-01')) return []
  return next.endsWith('-01-01') ? [`${to.slice(0, 7)}-01`, `${to.slice(0, 4)}-01-01`] : [`${to.slice(0, 7)}-01`]
}

/**
 * Their end is the day after the last one. Where both ends are said (4일부터 22일까지, 2014년부터 2018년까지) it is the first day of the
 * last unit said, which we include.
 */
function isSameEnd(ours: string, theirs: string, text: string): boolean {
  if (!/까지|사이|,|\d-\d/.test(text)) return shiftIso(ours, 1) === theirs
  const starts = /\d주/.test(text) ? [shiftIso(ours, -6)] : [ours, ...unitStarts(ours)]
  return starts.includes(theirs)
}

function isSameTime({ from, to }: IsoRange, theirs: Resolution, text: string): boolean {
  const { date, startDate, endDate } = theirs
  if (date !== undefined) return from === date && to === date
  // Seasons have a span and no days there.
  if (startDate === undefined && endDate === undefined) return true
  if (from !== startDate) return false
  // With no start the end is the day said, from which they go back.
  if (from === undefined) return to === endDate
  return to === undefined || endDate === undefined ? to === endDate : isSameEnd(to, endDate, text)
}

type TimeSpan = Exclude<GrammarSpan, NumberSpan>

function sidesOf(span: TimeSpan): { back: IsoRange; ahead: IsoRange } {
  if (span.kind === 'date') {
    const day = { from: span.value, to: span.value }
    return { back: day, ahead: span.ahead ?? day }
  }
  const { from, to } = span
  const back = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
  return { back, ahead: span.ahead ?? back }
}

/** How the specification writes that a date does not exist: nothing is to be read then. */
const noSuchDay = '0001-01-01'

/**
 * Both of their readings must be ours: looking ahead and looking back. Where a date with no year lies in the month of today, ours
 * looking back may be theirs looking ahead, because that month is the latest one.
 */
function isRightTime(expected: SpecResult[], spans: GrammarSpan[], isDate: boolean): boolean {
  const ours = spans.filter((span): span is TimeSpan => !isNumber(span))
  const wanted = expected.filter(({ Value }) => Value?.FutureResolution.date !== noSuchDay)
  return (
    ours.length === wanted.length &&
    wanted.every(({ Text, Start, Value }, i) => {
      const span = ours[i]
      if (!span || !Value || trim(span.text) !== trim(Text) || (Start ?? span.start) !== span.start) return false
      if (isDate && span.kind !== 'date') return false
      const { back, ahead } = sidesOf(span)
      const { PastResolution: past, FutureResolution: future } = Value
      const isBack = isSameTime(back, past, Text) || isSameTime(back, future, Text)
      return isBack && isSameTime(ahead, future, Text)
    })
  )
}

/** Whether spans say what a case expects. */
function isRight(file: SpecFile, { Results }: SpecCase, spans: GrammarSpan[]): boolean {
  if (file === 'NumberModel' || file === 'PercentModel') return isRightNumber(Results, spans, file === 'PercentModel')
  return isRightTime(Results, spans, file === 'DateParser')
}

/** What was read, in a line: what `reads` of an exclusion is compared with. */
function tell(spans: GrammarSpan[], file: SpecFile): string {
  const wantsNumbers = file === 'NumberModel' || file === 'PercentModel'
  return spans
    .filter((span) => isNumber(span) === wantsNumbers)
    .map((span) => {
      if (isNumber(span)) return significant(span.value)
      return span.kind === 'date' ? span.value : `${span.from ?? ''}…${span.to ?? ''}`
    })
    .join(' ')
}

export type Outcome = {
  file: SpecFile
  index: number
  input: string
  read: string
  isRight: boolean
  /** `isKept`: a convention that the case is excluded for was followed. */
  leftOut?: { reason: string; kind: Exclusion['kind']; isKept: boolean }
}

function outcomeOf(file: SpecFile, index: number, one: SpecCase, exclusions: readonly Exclusion[]): Outcome {
  const spans = readSpans(one.Input, todayOf(one))
  const read = tell(spans, file)
  const outcome = { file, index, input: one.Input, read, isRight: isRight(file, one, spans) }
  for (const { reason, kind, cases } of exclusions) {
    const found = cases.find((other) => other.file === file && other.index === index)
    if (!found) continue
    if (found.input !== one.Input) throw new Error(`recognizers-exclusions.json: ${file} ${index} is '${one.Input}'`)
    return { ...outcome, leftOut: { reason, kind, isKept: found.reads === undefined || found.reads === read } }
  }
  return outcome
}

/** Every case of the four files, read by the grammars of understanding. Throws when an exclusion names another case than it quotes. */
export function readCases(): Outcome[] {
  const exclusions = readJson<Exclusion[]>('recognizers-exclusions.json')
  return specFiles.flatMap((file) => readSpecFile(file).map((one, index) => outcomeOf(file, index, one, exclusions)))
}
