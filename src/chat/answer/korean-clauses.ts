import type { Condition } from '#catalog'
import { comparesFields, conditionText, isAny, valuesText } from './conditions.ts'
import { pickJosa, withJosa } from './josa.ts'
import { fieldNoun } from './nouns.ts'
import { rangeHalves } from './range-halves.ts'
import { type Asked, columnLabel } from './wording.ts'

/** What is said of a noun before it, as it ends there and as another clause follows: 100개 미만인, 100개 미만이고. */
export type Clause = { end: string; and: string }

/** Clauses in one phrase before the noun: 재고수량이 50개 이하이고 재고금액이 100만 원 이상인. */
export function joinClauses(clauses: Clause[]): string {
  return clauses.map(({ end, and }, i) => (i < clauses.length - 1 ? and : end)).join(' ')
}

/** `text` said of a noun with 이다: 이번 주인, 이번 주고. */
export function being(text: string): Clause {
  return { end: `${text}인`, and: `${text}이고` }
}

/** The clauses of conditions: 연체일수가 90일을 넘는, 안전재고 미만인, 한빛상사를 제외한. A field that is the `noun` itself is not named again. */
export function koreanClauses(conditions: Condition[], noun: string, asked: Asked): Clause[] {
  return rangeHalves(conditions).map(([first, second]) => {
    const head = comparesFields(first, asked) ? columnLabel(first[0], asked) : fieldNoun(first[0], asked, noun)
    const named = head === noun ? '' : `${withJosa(head, '이/가')} `
    if (second) return being(`${named}${conditionText(first, asked)} ${conditionText(second, asked)}`)
    return clauseOf(first, named, asked)
  })
}

function clauseOf(condition: Condition, named: string, asked: Asked): Clause {
  const [field, operator] = condition
  const type = asked.entity.dimensions[field]?.type
  const text = valuesText(condition, asked)
  const happened = happenedClause(condition, asked)
  if (happened) return happened
  if (isAny(condition, asked)) return { end: `${named}있는`, and: `${named}있고` }
  if (operator === 'contains') {
    const found = `${fieldNoun(field, asked)}에 ‘${text}’${pickJosa(text, '이/가')} 들어`
    return { end: `${found}간`, and: `${found}가고` }
  }
  if (operator === 'ne') return exceptClause(condition, named, asked)
  if (type === 'date') return dateClause(condition, named, text)
  if (operator === 'gt') {
    const over = `${named}${withJosa(text, '을/를')} 넘`
    return { end: `${over}는`, and: `${over}고` }
  }
  return being(`${named}${conditionText(condition, asked)}`)
}

/** A number that tells how long something has been so is said by the catalog's word for it: 90일 넘게 연체된. */
function happenedClause(condition: Condition, asked: Asked): Clause | undefined {
  const [field, operator, value] = condition
  const dimension = asked.entity.dimensions[field]
  if (dimension?.type !== 'number' || !dimension.counter) return undefined
  const stem = dimension.synonyms.ko.find((word) => /^\S+된$/.test(word))?.slice(0, -1)
  if (!stem) return undefined
  const said = (how: string): Clause => ({ end: `${how}${stem}된`, and: `${how}${stem}되고` })
  if (isAny(condition, asked)) return said('')
  if (typeof value !== 'number' || value <= 0) return undefined
  const text = valuesText(condition, asked)
  if (operator === 'gt') return said(`${text} 넘게 `)
  if (operator === 'gte') return said(`${text} 이상 `)
  return operator === 'eq' ? said(`${text} `) : undefined
}

/** 한빛상사를 제외한, 취소가 아닌, 단가가 0원이 아닌. */
function exceptClause(condition: Condition, named: string, asked: Asked): Clause {
  const text = valuesText(condition, asked)
  const type = asked.entity.dimensions[condition[0]]?.type
  if (type === 'name' || type === 'documentNo' || type === 'text') {
    const object = withJosa(text, '을/를')
    return { end: `${object} 제외한`, and: `${object} 제외하고` }
  }
  const other = `${type === 'code' ? '' : named}${withJosa(text, '이/가')} 아`
  return { end: `${other}닌`, and: `${other}니고` }
}

function dateClause([, operator, value]: Condition, named: string, text: string): Clause {
  if (operator === 'lt' && value === '@today') return { end: `${named}지난`, and: `${named}지났고` }
  if (operator === 'lt') return { end: `${named}${text}보다 이른`, and: `${named}${text}보다 이르고` }
  if (operator === 'gt') return { end: `${named}${text}보다 늦은`, and: `${named}${text}보다 늦고` }
  if (operator === 'gte') return being(`${named}${text} 이후`)
  return being(`${named}${text}${operator === 'lte' ? '까지' : ''}`)
}
