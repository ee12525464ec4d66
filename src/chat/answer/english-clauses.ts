import type { Condition } from '#catalog'
import { comparesFields, conditionText, isAny, operatorWord, valuesText } from './conditions.ts'
import { fieldNoun } from './nouns.ts'
import { rangeHalves } from './range-halves.ts'
import { type Asked, columnLabel, findField, lowerFirst } from './wording.ts'

/** A state that stands before the noun: overdue payables. Undefined for conditions that need more words. */
export function englishState(condition: Condition, asked: Asked): string | undefined {
  return isAny(condition, asked) ? happenedClause(condition, asked) : undefined
}

/** What follows the noun: except Hanbit · with unit price above KRW 100,000 · (more than 90 days overdue). */
export function englishClauses(conditions: Condition[], noun: string, asked: Asked): string {
  const happened = conditions.map((condition) => happenedClause(condition, asked))
  const rest = conditions.filter((_, i) => !happened[i])
  const isExcept = ([field, operator]: Condition) => operator === 'ne' && isTelling(field, asked)
  const except = rest.filter(isExcept).map((condition) => exceptText(condition, asked))
  const having = rangeHalves(rest.filter((condition) => !isExcept(condition))).map((halves) =>
    clauseOf(halves, noun, asked),
  )
  const said = happened.filter((text) => text !== undefined)
  return [
    except.length > 0 ? `except ${except.join(' and ')}` : '',
    having.length > 0 ? `with ${having.join(' and ')}` : '',
    said.length > 0 ? `(${said.join(', ')})` : '',
  ]
    .filter(Boolean)
    .join(' ')
}

function isTelling(field: string, { entity }: Asked): boolean {
  return ['name', 'code', 'documentNo', 'text'].includes(entity.dimensions[field]?.type ?? '')
}

function exceptText(condition: Condition, asked: Asked): string {
  const text = valuesText(condition, asked)
  return asked.entity.dimensions[condition[0]]?.type === 'code' ? text.toLowerCase() : text
}

function clauseOf([first, second]: [Condition, Condition?], whose: string, asked: Asked): string {
  const [field, operator] = first
  const noun = lowerFirst(comparesFields(first, asked) ? columnLabel(field, asked) : fieldNoun(field, asked, whose))
  if (second) {
    const isBetween = operator === 'gte' && second[1] === 'lte'
    return isBetween
      ? `${noun} between ${valuesText(first, asked)} and ${valuesText(second, asked)}`
      : `${noun} ${conditionText(first, asked)} and ${conditionText(second, asked)}`
  }
  if (isAny(first, asked)) return noun
  if (operator === 'contains') return `${noun} containing “${valuesText(first, asked)}”`
  // A count says itself what is counted: more than 10 orders.
  return field === 'count' ? conditionText(first, asked) : `${noun} ${conditionText(first, asked)}`
}

/** A number named for what it counts is said with it: Days overdue above 90 → more than 90 days overdue. */
function happenedClause(condition: Condition, asked: Asked): string | undefined {
  const field = findField(asked.entity, condition[0])
  const counter = field?.type === 'number' ? field.counter?.en : undefined
  const label = field?.label.en.toLowerCase() ?? ''
  if (!counter || !label.startsWith(`${counter} `) || !['gt', 'gte', 'lt', 'lte', 'eq', 'ne'].includes(condition[1]))
    return undefined
  const state = label.slice(counter.length + 1)
  if (isAny(condition, asked)) return state
  return [operatorWord(condition, asked), valuesText(condition, asked), state].filter(Boolean).join(' ')
}
