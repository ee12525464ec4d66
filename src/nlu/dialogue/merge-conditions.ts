import type { Condition } from '#catalog'
import { type Sentence, textAfter, textBefore } from '../plan/sentence.ts'
import { isSubjectOnly } from './subject-only.ts'

/** After a word that is to be shown beside what is shown: 이익도, 부산 추가. */
export const addedAfter = /^\s*(?:도(?![가-힣]*\s*(?:없|안|아니))|(?:을|를|까지)?\s*(?:추가|포함|더해|넣어|보태))/
const addedBefore = /\b(?:add|include|also|plus)\s+(?:the\s+)?$/

const isMine = ([, , value]: Condition): boolean => value === '@me' || value === '@myDepartment'

/** The master data that a field's names are facts of: a person's name and department are of employees, a customer and region of customers. */
function masterOf({ catalog, entity }: Sentence, field: string): string | undefined {
  const dimension = entity.dimensions[field]
  return dimension?.type === 'name' ? catalog.domains[dimension.domain]?.source.entity : undefined
}

/** 부산경남도, add Busan: one more, not another one instead. */
function isAdded(sentence: Sentence, [, operator, value]: Condition): boolean {
  if (operator !== 'eq' && operator !== 'in') return false
  const names = new Set([value].flat().map(String))
  return sentence.words.some(
    ({ piece, names: senses }) =>
      senses.some(({ name }) => names.has(name)) &&
      (addedAfter.test(textAfter(sentence.reading, piece)) || addedBefore.test(textBefore(sentence.reading, piece))),
  )
}

/** The names of a condition and those that stood there before. */
function joinNames(base: readonly Condition[], [field, operator, value]: Condition): Condition {
  const before = base.filter(([name, how]) => name === field && (how === 'eq' || how === 'in'))
  const all = new Set([...before.flatMap(([, , one]) => [one].flat().map(String)), ...[value].flat().map(String)])
  return all.size > 1 ? [field, 'in', [...all]] : [field, operator, value]
}

/**
 * New conditions replace old ones on the same field; my department replaces me, and the other way round. 국내영업팀은? after 이서연은?
 * asks of the team instead of the person; 국내영업팀만 would ask of both.
 */
export function mergeWhere(sentence: Sentence, base: readonly Condition[], said: readonly Condition[]): Condition[] {
  const fields = new Set(said.map(([field]) => field))
  const bringsMine = said.some(isMine)
  const masters = new Set(isSubjectOnly(sentence.reading) ? said.map(([field]) => masterOf(sentence, field)) : [])
  masters.delete(undefined)
  const added = said.map((condition) => (isAdded(sentence, condition) ? joinNames(base, condition) : condition))
  const isReplaced = (condition: Condition): boolean =>
    fields.has(condition[0]) || (bringsMine && isMine(condition)) || masters.has(masterOf(sentence, condition[0]))
  return [...base.filter((condition) => !isReplaced(condition)), ...added]
}
