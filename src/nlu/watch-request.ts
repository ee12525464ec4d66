import { hasCue, piecesOf } from './pieces.ts'
import type { Reading } from './read-text.ts'

/** 부족해지면 알려줘; 가능하면 알려줘 is only polite. */
const becomesSo =
  /(?<!가능하|괜찮으|아시|알|되시|시간\s*되)면\s*(?:바로|즉시|꼭|좀|나한테|저한테|내게|제게)?\s*(?:알려|알림|알람|통보|통지|톡|노티|푸시)/
/** Asked to tell when something becomes so, not to show what is so. */
export const isWatch = ({ pieces, normal }: Reading): boolean =>
  hasCue(pieces, 'notify', 'send') &&
  (hasCue(pieces, 'condition') ||
    becomesSo.test(normal.text) ||
    piecesOf(pieces, 'comparator').some(({ meaning }) => meaning.isCondition))
