import { redactPersonal } from '#platform/redact-personal'
import type { ReviewCandidate } from './api.ts'
import type { Candidate } from './review-store.ts'

/**
 * A question as it goes over the wire: what identifies a person by its look is blanked out, also in what its reader wrote. Where nobody
 * showed what it means, the label suggested is what it was read as, unless its reader says that this was wrong.
 */
export function describeCandidate(one: Candidate, labels: readonly string[]): ReviewCandidate {
  const { cause, remark } = one.complaint
  const suggested = one.suggested ?? readingAsLabel(one, labels)
  return {
    ...{ turn: one.turnId, question: redactPersonal(one.question), askedAt: one.askedAt.toISOString() },
    ...{ cause: one.cause, isDiscarded: one.isDiscarded },
    chips: one.chips.map(({ kind, label, value }) => ({ kind, label, value: redactPersonal(value) })),
    ...(one.reading && { reading: one.reading }),
    ...((cause !== null || remark !== null) && {
      complaint: { ...(cause !== null && { cause }), ...(remark !== null && { remark: redactPersonal(remark) }) },
    }),
    ...(one.ledTo !== null && { askedAgainAs: redactPersonal(one.ledTo) }),
    ...(suggested !== null && { suggested }),
    ...one.verdict,
    ...(one.reviewedBy !== null && { reviewedBy: one.reviewedBy }),
  }
}

function readingAsLabel({ reading, cause, complaint }: Candidate, labels: readonly string[]): string | null {
  const isReadRight = cause === 'low_confidence' || complaint.cause === 'wrong_number'
  if (!isReadRight || typeof reading?.entity !== 'string') return null
  const topic = `${reading.entity}.${typeof reading.measure === 'string' ? reading.measure : ''}`
  return labels.includes(topic) ? topic : 'ask'
}
