import { splitMeasure } from '#catalog'
import type { Column, QueryAnswer } from '#erp'
import { cellInWords, valueInWords } from './cells.ts'
import { withJosa } from './josa.ts'
import { measureNoun } from './nouns.ts'
import { type Exact, percentText, toExact } from './numbers.ts'
import { dimensionColumns, measureColumns, type ReadRow, timeColumn } from './rows.ts'
import { compareTotals, endingOf, headlineOf, type Said, sayMany, wholeOf } from './say-number.ts'
import { groupsComeLater, subjectText } from './subject.ts'
import { type Asked, columnLabel, countOfGroups, groupLabel, isFixed, lowerFirst, pluralOf } from './wording.ts'

type Groups = { rows: ReadRow[]; answer: QueryAnswer; asked: Asked; measure: Column }

/** Sentences about groups: who leads and by how much, or what they add up to. */
export function sayGroups(rows: ReadRow[], answer: QueryAnswer, asked: Asked): Said {
  const measures = measureColumns(answer)
  const [measure] = measures
  if (!measure) return { text: '' }
  const groups: Groups = { rows, answer, asked, measure }
  if (isRanking(asked)) return { text: sayRanking(groups) }
  if (isFiltered(asked)) return { text: sayFiltered(groups) }
  if (measures.length > 1) {
    const totals = measures.filter((column) => wholeOf(column, answer) !== null)
    return totals.length > 0 ? { text: sayMany(totals, answer, asked) } : sayLeader(groups)
  }
  if (!isSummable(measure) || wholeOf(measure, answer) === null) return sayLeader(groups)
  return sayTotal(groups)
}

/** Whether values of the measure may be added up. */
function isSummable({ name, type }: Column): boolean {
  return type !== 'percent' && splitMeasure(name).prefix === undefined
}

/** An order by value together with a limit: 상위 5개. Dates in order are a list, not a ranking. */
function isRanking({ query }: Asked): boolean {
  const [field] = query.orderBy?.[0] ?? []
  return query.limit !== undefined && field !== undefined && query.measures.includes(field)
}

/** A condition on the group's own total: 매출 1억 넘는 거래처. */
function isFiltered({ query, entity }: Asked): boolean {
  return (query.where ?? []).some(([field]) => field === 'count' || splitMeasure(field).measure in entity.measures)
}

function nameOf({ row }: ReadRow, { answer, asked }: Groups): string {
  return dimensionColumns(answer)
    .map((column) => cellInWords(row[column.name] ?? null, column, asked))
    .join(' · ')
}

function words(value: Exact, { measure, asked }: Groups): string {
  return valueInWords(value, measure.name, measure.type, asked)
}

function cellWords(row: ReadRow, groups: Groups): string {
  return cellInWords(row.row[groups.measure.name] ?? null, groups.measure, groups.asked)
}

function dimensionNoun({ answer, asked }: Groups): string {
  return dimensionColumns(answer)
    .map((column) => columnLabel(column.name, asked))
    .join(asked.language === 'ko' ? '·' : ' and ')
}

/** 거래처별로는, before who leads, when the subject could not say it. */
function byGroups({ asked }: Groups): string {
  const groups = (asked.query.groupBy ?? []).filter((group) => !isFixed(group, asked.query.where))
  if (!groupsComeLater(asked) || groups.length === 0) return ''
  return `${groups.map((group) => groupLabel(group, asked)).join(' ')}로는 `
}

function sayRanking(groups: Groups): string {
  const { rows, asked, measure } = groups
  const [leader] = rows
  if (!leader) return ''
  const ko = asked.language === 'ko'
  const subject = subjectText(measureNoun(measure.name, asked), asked, { groupBy: true })
  const isLowest = asked.query.orderBy?.[0]?.[1] === 'asc'
  const noun = dimensionNoun(groups)
  const name = nameOf(leader, groups)
  const head = ko
    ? `${withJosa(subject, '이/가')} 가장 ${degree(measure, isLowest)} ${withJosa(noun, '은/는')} **${name}**${endingOf(name).slice(0, -1)} (${cellWords(leader, groups)}).`
    : `${isLowest ? 'Lowest' : 'Top'} ${lowerFirst(noun)} by ${lowerFirst(subject)}: **${name}** (${cellWords(leader, groups)}).`
  return isLowest ? head : [head, saySumOfTop(groups)].filter(Boolean).join(' ')
}

/** What the first N add up to, and their part of the whole. */
function saySumOfTop(groups: Groups): string {
  const { rows, answer, asked, measure } = groups
  const sum = sumOf(groups)
  if (rows.length < 2 || !sum || !isSummable(measure)) return ''
  const whole = toExact(answer.totals[measure.name])
  const share = whole?.isPositive() && whole.gte(sum) ? percentText(sum.div(whole).times(100)) : null
  const count = countOfGroups(rows.length, dimensionColumns(answer)[0]?.name ?? '', asked)
  if (asked.language === 'ko') {
    const part = share
      ? `${withJosa(words(sum, groups), '으로/로')} 전체의 ${share}${endingOf(share)}`
      : `${words(sum, groups)}${endingOf(words(sum, groups))}`
    return `상위 ${withJosa(count, '을/를')} 더하면 ${part}`
  }
  return `The top ${rows.length} add up to ${words(sum, groups)}${share ? ` (${share} of the total)` : ''}.`
}

function sumOf({ rows, measure }: Groups): Exact | null {
  const values = rows.map(({ row }) => toExact(row[measure.name]))
  const [first, ...others] = values
  if (!first || others.some((value) => value === null)) return null
  return others.reduce<Exact>((sum, value) => (value ? sum.plus(value) : sum), first)
}

/** How many fit, and which is the most of them; the only one by its name. */
function sayFiltered(groups: Groups): string {
  const { answer, asked, rows } = groups
  const [only, second] = rows
  const count = answer.completeness.kind === 'first' ? answer.completeness.of : rows.length
  const text = countOfGroups(count, dimensionColumns(answer)[0]?.name ?? '', asked)
  const ko = asked.language === 'ko'
  const subject = subjectText(dimensionNoun(groups), asked, { groupBy: true, ofGroups: true })
  const plural = subjectText(pluralOf(dimensionNoun(groups)), asked, { groupBy: true, ofGroups: true })
  const head = ko ? `${withJosa(subject, '은/는')} **${text}**${endingOf(text)}` : `${plural}: **${count}**.`
  if (!only || second) return `${head} ${sayTop(groups, '')}`.trim()
  const value = cellWords(only, groups)
  const name = nameOf(only, groups)
  return ko ? `${head} ${withJosa(name, '이/가')} ${value}${endingOf(value)}` : `${head} ${name}, ${value}.`
}

function sayTotal(groups: Groups): Said {
  const { rows, answer, asked, measure } = groups
  const subject = subjectText(measureNoun(measure.name, asked), asked)
  const label = subjectText(measureNoun(measure.name, asked), asked, { groupBy: true })
  const headline = headlineOf(measure, label, answer, asked)
  const [only, second] = rows
  const whole =
    asked.language === 'ko'
      ? `${withJosa(subject, '은/는')} 모두 **${headline.text}**${endingOf(headline.text)}`
      : `${subject}: **${headline.text}** in all.`
  const first = only && !second ? onlyText(only, subject, groups) : whole
  const comparison = compareTotals(measure, answer, asked)
  const text = [first, comparison?.text, sayTop(groups, byGroups(groups))].filter(Boolean).join(' ')
  return { text, headline, ...(comparison && { comparison }) }
}

/** Rates, averages and shares are not added up: the leader is the answer, with the whole's value where there is one. */
function sayLeader(groups: Groups): Said {
  const { answer, asked, measure } = groups
  const isShare = splitMeasure(measure.name).prefix === 'share'
  const comparison = isShare ? undefined : compareTotals(measure, answer, asked)
  const text = [leaderText(groups), comparison?.text].filter(Boolean).join(' ')
  return { text, ...(comparison && { comparison }) }
}

function leaderText(groups: Groups): string {
  const { rows, answer, asked, measure } = groups
  const leader = leaderOf(groups)
  const subject = subjectText(measureNoun(measure.name, asked), asked)
  const ko = asked.language === 'ko'
  if (!leader) return ko ? `${withJosa(subject, '이에요/예요')}.` : `${subject}.`
  const value = cellWords(leader, groups)
  if (rows.length === 1) return onlyText(leader, subject, groups)
  const total = splitMeasure(measure.name).prefix === 'share' ? null : toExact(wholeOf(measure, answer))
  const whole = total ? `**${words(total, groups)}**` : ''
  if (!ko)
    return `${subject}: ${whole ? `${whole} overall, ` : ''}highest for ${nameOf(leader, groups)} (**${value}**).`
  const head = `${withJosa(subject, '은/는')}${whole ? ` 전체 ${withJosa(whole, '이고/고')},` : ''}`
  const name = withJosa(nameOf(leader, groups), '이/가')
  return `${head} ${byGroups(groups)}${name} **${value}**${withJosa(value, '으로/로').slice(value.length)} 가장 높아요.`
}

/** The only group there is, by its name unless the subject has said whose it is: 3라인 생산 불량률은 **1.8%**예요. */
function onlyText(only: ReadRow, subject: string, groups: Groups): string {
  const { query, language } = groups.asked
  const isSaid = (query.groupBy ?? []).every((group) => isFixed(group, query.where))
  const value = cellWords(only, groups)
  const name = isSaid ? '' : nameOf(only, groups)
  if (language === 'en') return `${subject}: ${name ? `${name} ` : ''}**${value}**.`
  return `${withJosa(subject, '은/는')} ${name ? `${withJosa(name, '이/가')} ` : ''}**${value}**${endingOf(value)}`
}

/** 한빛상사가 3억 200만 원(24.5%)으로 가장 많아요. No share among groups picked by their value, whose whole nobody asked for. Silent when only the first of the groups are here in no order. */
function sayTop(groups: Groups, by: string): string {
  const { answer, asked, measure } = groups
  const leader = leaderOf(groups)
  if (!leader || groups.rows.length < 2) return ''
  const ko = asked.language === 'ko'
  const value = cellWords(leader, groups)
  const whole = toExact(answer.totals[measure.name])
  const part = toExact(leader.row[measure.name])
  const share =
    whole?.isPositive() && part?.isPositive() && isSummable(measure) && !isFiltered(asked)
      ? ` (${percentText(part.div(whole).times(100))})`
      : ''
  const name = nameOf(leader, groups)
  if (!ko)
    return `${timeColumn(answer) ? 'Highest in' : isSummable(measure) ? 'Largest:' : 'Highest:'} ${name}, ${value}${share}.`
  const most = timeColumn(answer) ? '가장 많았어요' : '가장 많아요'
  return `${by}${withJosa(name, '이/가')} ${value}${share.trim()}${withJosa(value, '으로/로').slice(value.length)} ${isSummable(measure) ? most : '가장 높아요'}.`
}

function leaderOf({ rows, answer, measure, asked }: Groups): ReadRow | undefined {
  const isPartial = answer.completeness.kind === 'first' && !asked.query.orderBy?.length
  if (isPartial) return undefined
  let leader: ReadRow | undefined
  for (const row of rows) {
    const value = toExact(row.row[measure.name])
    const best = leader ? toExact(leader.row[measure.name]) : null
    if (value && (!best || value.gt(best))) leader = row
  }
  return leader
}

function degree(measure: Column, isLowest: boolean): string {
  if (isSummable(measure)) return isLowest ? '적은' : '많은'
  return isLowest ? '낮은' : '높은'
}
