import { splitDimension, splitMeasure } from '#catalog'
import type { Asked } from './wording.ts'

type Direction = 'asc' | 'desc'
type Degree = { ko: string; en: string }

const degrees = {
  date: [
    { ko: '늦은', en: 'latest' },
    { ko: '이른', en: 'earliest' },
  ],
  level: [
    { ko: '높은', en: 'highest' },
    { ko: '낮은', en: 'lowest' },
  ],
  sum: [
    { ko: '큰', en: 'highest' },
    { ko: '작은', en: 'lowest' },
  ],
  counted: [
    { ko: '많은', en: 'highest' },
    { ko: '적은', en: 'lowest' },
  ],
  // Names and texts have an alphabet, no size.
  name: [
    { ko: '내림차', en: 'last' },
    { ko: '오름차', en: 'first' },
  ],
} satisfies Record<string, [desc: Degree, asc: Degree]>

/** By which end an order begins: 늦은, 높은, 많은 · latest, highest. Prices and rates are high, sums large, counted things many. */
export function orderDegree(name: string, direction: Direction, asked: Asked): Degree {
  const [desc, asc] = degrees[kindOf(name, asked)]
  return direction === 'desc' ? desc : asc
}

function kindOf(name: string, { entity }: Asked): keyof typeof degrees {
  const { prefix, measure } = splitMeasure(splitDimension(name).field)
  const dimension = entity.dimensions[measure]?.type
  if (dimension === 'date' || dimension === 'year') return 'date'
  const type = measure === 'count' ? 'quantity' : (entity.measures[measure]?.type ?? dimension)
  // Money that is no measure is a price.
  if (prefix !== undefined || type === 'percent' || dimension === 'money') return 'level'
  if (type === 'money') return 'sum'
  return type === 'quantity' || type === 'days' || type === 'number' ? 'counted' : 'name'
}
