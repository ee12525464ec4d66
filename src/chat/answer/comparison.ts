import { splitMeasure } from '#catalog'
import type { Cell, Column } from '#erp'
import type { Comparison } from '../api.ts'
import { valueInWords } from './cells.ts'
import { withJosa } from './josa.ts'
import { type Exact, percentText, pointsText, signedMoney, toExact } from './numbers.ts'
import type { Asked } from './wording.ts'

type Measured = Pick<Column, 'name' | 'type'>

/** How `current` differs from `previous`: 지난달보다 8.2% 늘었어요 (+9,360만 원). `earlier` is what the earlier period is called. */
export function compareValues(
  values: { current: Cell; previous: Cell },
  earlier: string,
  measure: Measured,
  asked: Asked,
): Comparison | undefined {
  const current = toExact(values.current)
  if (!current) return undefined
  const previous = toExact(values.previous)
  const base = previous ?? current.times(0)
  const delta = current.minus(base)
  const isRate = measure.type === 'percent'
  const percent = isRate || base.isZero() ? null : percentText(delta.div(base.abs()).times(100).abs())
  // What shows as no change at one decimal is none worth an arrow.
  const isFlat = delta.isZero() || percent === '0.0%' || (isRate && delta.abs().lt('0.05'))
  const direction = isFlat ? 'flat' : delta.isPositive() ? 'up' : 'down'
  const change: Change = {
    base,
    current,
    direction,
    percent,
    delta: deltaText(delta, measure, asked),
    earlier,
    measure,
  }
  const text = asked.language === 'ko' ? koreanText(change, asked) : englishText(change, asked)
  return { text, direction, percent, delta: change.delta }
}

type Change = {
  base: Exact
  current: Exact
  direction: Comparison['direction']
  percent: string | null
  delta: string
  earlier: string
  measure: Measured
}

function koreanText({ base, current, direction, percent, delta, earlier, measure }: Change, asked: Asked): string {
  if (direction === 'flat') return `${withJosa(earlier, '과/와')} ${base.eq(current) ? '' : '거의 '}같아요.`
  const words = (value: Exact) => valueInWords(value, measure.name, measure.type, asked)
  const verbs = isLevel(measure) ? { up: '높아졌어요', down: '낮아졌어요' } : { up: '늘었어요', down: '줄었어요' }
  if (measure.type === 'percent') {
    return `${earlier}보다 ${delta.slice(1)} ${verbs[direction]} (${words(base)} → ${words(current)}).`
  }
  if (!percent) return `${earlier}에는 ${withJosa(words(base), '이었어요/였어요')} (${delta}).`
  return `${earlier}보다 ${percent} ${verbs[direction]} (${delta}).`
}

function englishText({ base, current, direction, percent, delta, earlier, measure }: Change, asked: Asked): string {
  if (direction === 'flat') return base.eq(current) ? `Same as ${earlier}.` : `About the same as ${earlier}.`
  const words = (value: Exact) => valueInWords(value, measure.name, measure.type, asked)
  const way = direction === 'up' ? 'Up' : 'Down'
  if (measure.type === 'percent') return `${way} ${delta.slice(1)} on ${earlier} (${words(base)} → ${words(current)}).`
  if (!percent) return `It was ${words(base)} ${earlier} (${delta}).`
  return `${way} ${percent} on ${earlier} (${delta}).`
}

/** Rates, averages and extremes rise and fall; sums grow and shrink. */
function isLevel({ name, type }: Measured): boolean {
  return type === 'percent' || splitMeasure(name).prefix !== undefined
}

function deltaText(delta: Exact, { name, type }: Measured, asked: Asked): string {
  if (type === 'percent') return pointsText(delta, asked.language)
  if (type === 'money') return signedMoney(delta, asked.language)
  return `${delta.isNegative() ? '-' : '+'}${valueInWords(delta.abs(), name, type, asked)}`
}

/** A change in a table cell, arrow first: ▲ 8.2%. */
export function changeCell(current: Cell, previous: Cell, measure: Measured, asked: Asked): string {
  const change = compareValues({ current, previous }, '', measure, asked)
  if (!change || toExact(previous) === null) return '–'
  if (change.direction === 'flat') return '='
  const arrow = change.direction === 'up' ? '▲' : '▼'
  return `${arrow} ${change.percent ?? change.delta.slice(1)}`
}
