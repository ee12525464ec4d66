import type { BusinessQuery } from '#catalog'
import type { Said } from './read-said.ts'
import type { Sentence } from './sentence.ts'

/** A condition on how many where nothing is grouped: no record is ten records. */
const isCountOfOne = ({ where = [], groupBy = [] }: BusinessQuery): boolean =>
  groupBy.length === 0 && where.some(([field]) => field === 'count')

/** An order or a number of rows was asked for that found no place. */
const losesOrder = (query: BusinessQuery, { order }: Said): boolean =>
  (order.ordering !== undefined && !query.orderBy) || (order.limit !== undefined && query.limit === undefined)

/** 이번 달 적자야?: of sums that are not cut by anything, only single lines would be picked. */
const isSumOfSome = ({ entity, words }: Sentence, { groupBy = [] }: BusinessQuery): boolean =>
  entity.kind === 'transaction' && groupBy.length === 0 && words.some(({ state }) => state)

/** 매출 0원인 거래처: what moved nothing has no lines to be summed. */
const isSumOfNone = ({ entity }: Sentence, { groupBy = [], where = [] }: BusinessQuery): boolean =>
  (entity.kind === 'transaction' || entity.kind === 'document') &&
  groupBy.length > 0 &&
  where.some(
    ([field, operator, value]) =>
      (field in entity.measures || field === 'count') && value === 0 && (operator === 'eq' || operator === 'lte'),
  )

/** 매출 순위: whose is not said, and single lines are not what is ranked. */
const isRankOfNothing = ({ entity, reading }: Sentence, { orderBy, groupBy = [] }: BusinessQuery): boolean =>
  entity.kind === 'transaction' &&
  orderBy !== undefined &&
  groupBy.length === 0 &&
  /순위|랭킹|\branking\b/.test(reading.normal.text)

/** Whether a query holds all that was said, and means something by itself. */
export const answersAll = (sentence: Sentence, said: Said, query: BusinessQuery): boolean =>
  !isCountOfOne(query) &&
  !losesOrder(query, said) &&
  !isSumOfSome(sentence, query) &&
  !isSumOfNone(sentence, query) &&
  !isRankOfNothing(sentence, query)
