import { type RowFilter, splitDimension } from '#catalog'
import { scopeText } from './coverage.ts'
import { withJosa } from './josa.ts'
import { widerPeriods } from './next-questions.ts'
import { recordsNoun } from './nouns.ts'
import { subjectText } from './subject.ts'
import { type Asked, columnLabel, lowerFirst, pluralOf } from './wording.ts'

/** Nothing found: what was looked for, within what the reader may see, and what to try. */
export function emptyText(asked: Asked, reach: RowFilter): string {
  const { query, entity, language } = asked
  const ko = language === 'ko'
  const isNarrowed = scopeText(reach, asked) !== ''
  const within = isNarrowed ? (ko ? '볼 수 있는 범위에는 ' : ' among what you can see') : ''
  if (widerPeriods(asked).length > 0) {
    const noun = recordsNoun(asked)
    return ko
      ? `${within}조건에 맞는 ${withJosa(noun, '이/가')} 없어요. 기간을 넓혀 볼까요?`
      : `No matching ${lowerFirst(noun)}${within}. Widen the period?`
  }
  const noun = missingNoun(asked)
  // A number that is not there is not somebody who is not there.
  const whole = query.measures.length > 0 ? entity.label[language] : recordsNoun(asked)
  const subject = subjectText(noun ?? whole, asked, { groupBy: true, ofGroups: noun !== undefined })
  const head = ko ? `${within}${withJosa(subject, '이/가')} 없어요.` : `Nothing found${within}: ${lowerFirst(subject)}.`
  // One condition that nothing meets, or nothing of one's own to do, is an answer; more may be too many.
  const conditions = (query.where ?? []).filter(([field]) => entity.dimensions[field]?.type !== 'year')
  const isMine = conditions.some(([, , value]) => value === '@me')
  if (isMine || isNarrowed || conditions.length < 2) return head
  return `${head} ${ko ? '조건을 줄여서 다시 물어봐 주세요.' : 'Ask again with fewer conditions.'}`
}

/** What there is none of when it is the groups of a cut. */
function missingNoun(asked: Asked): string | undefined {
  const groups = (asked.query.groupBy ?? []).filter((group) => splitDimension(group).grain === undefined)
  if (groups.length === 0) return undefined
  const labels = groups.map((group) => columnLabel(group, asked))
  return asked.language === 'ko' ? labels.join('·') : labels.map((label) => lowerFirst(pluralOf(label))).join(' and ')
}
