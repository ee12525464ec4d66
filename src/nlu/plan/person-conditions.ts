import type { Condition } from '#catalog'
import { hasCue, type Piece, piecesOf } from '../pieces.ts'
import { type Sentence, textBefore, textBetween } from './sentence.ts'

/** Conditions on the person who asks. `unplaced`: they were mentioned where the entity has no place for a person. */
export type PersonConditions = { conditions: Condition[]; unplaced: string[] }

const roleFirst = /\b(?:for|to|on)\s+$/

/** "Me" is the role named right beside it (내가 결재할), else the entity's own. */
function meField(sentence: Sentence, at: Piece): string | undefined {
  const { me, dimensions } = sentence.entity
  const home = me === undefined ? undefined : dimensions[me]
  if (me === undefined || home?.type !== 'name') return undefined
  const roles = sentence.words.filter(({ field }) => {
    const dimension = field === undefined ? undefined : dimensions[field]
    return dimension?.type === 'name' && dimension.domain === home.domain
  })
  const isRoleFirst = roleFirst.test(textBefore(sentence.reading, at))
  const [nearest] = roles
    .filter(({ piece }) => piece.start >= at.start || isRoleFirst)
    .sort((a, b) => a.piece.start - b.piece.start)
  return nearest?.field ?? me
}

/** 나 or 저 in front of everything is who did it: 나 이번 달 매출 얼마 했지. */
const subjectFirst = /^\s*(?:나|저|나는|저는|난)\s/
const favour =
  /알려|알고|알아|알\s*수|보여|보고|보자|볼래|볼게|봐|줘|주세|주실|주시|부탁|궁금|찾|뽑|필요|싶|원해|말해|가르쳐|확인|조회|체크|좀\s*[?!.~]*$|(?:우리|저희)\s*(?:회사|팀|부서)|전사/

/** Whether the person who asks is the subject, not whom to tell (나 매출 좀 보여줘). */
function isSubject({ entity, pieces, reading }: Sentence): boolean {
  const { text } = reading.normal
  return (
    entity.me !== undefined &&
    entity.kind !== 'master' &&
    !hasCue(pieces, 'all') &&
    subjectFirst.test(text) &&
    !favour.test(text)
  )
}

/** Where the records are a person's own affair (leave, expenses), a bare 나 or I is meant too; elsewhere it is only a manner of speaking. */
function takesWeakMe(sentence: Sentence): boolean {
  const { entity } = sentence
  return (
    entity.me !== undefined &&
    entity.kind !== 'transaction' &&
    !(entity.kind === 'master' && hasCue(sentence.pieces, 'count', 'howMany', 'list')) &&
    entity.columns.slice(0, 4).includes(entity.me) &&
    !hasCue(sentence.pieces, 'myDepartment')
  )
}

/** Reads 내, 우리 팀, my. `hasPerson`: a person is named anyway, so that a bare "I" is not one more. */
export function readPersonConditions(sentence: Sentence, hasPerson: boolean): PersonConditions {
  const { entity } = sentence
  const fields: (string | undefined)[] = []
  for (const piece of piecesOf(sentence.pieces, 'cue')) {
    if (piece.meaning.cue === 'me') fields.push(meField(sentence, piece))
    else if (piece.meaning.cue === 'weakMe' && !hasPerson && (takesWeakMe(sentence) || isSubject(sentence)))
      fields.push(meField(sentence, piece))
  }
  for (const { field, piece } of sentence.words) {
    const isMine = field !== undefined && /\bm[ye]\b/.test(textBetween(sentence.reading, piece.start, piece.end))
    if (isMine && entity.dimensions[field]?.type === 'name') fields.push(field)
  }
  const mine = [...new Set(fields)].flatMap((field): Condition[] => (field === undefined ? [] : [[field, 'eq', '@me']]))
  if (!hasCue(sentence.pieces, 'myDepartment'))
    return { conditions: mine, unplaced: fields.includes(undefined) ? ['me'] : [] }
  const ours: Condition[] = entity.myDepartment ? [[entity.myDepartment, 'eq', '@myDepartment']] : []
  return {
    conditions: [...ours, ...mine],
    unplaced: [...(ours.length === 0 ? ['my department'] : []), ...(fields.includes(undefined) ? ['me'] : [])],
  }
}
