import { createFinder, type Finder } from '../text/finder.ts'

/** Why a sentence must not be answered with data: it asks us to change the ERP, or to guess, write or judge. */
export type Refusal = { start: number; end: number; reason: 'write' | 'unknown' }

const koreanVerbs =
  '넣어|등록해|등록|생성해|만들어|작성해|입력해|기입해|발행해|승인해|결재해|반려해|취소해|취소|삭제해|지워|수정해|변경해|고쳐|옮겨|이동해|신청해|신청|주문해|발주해|출고해|보충해|확정해|마감해|출하해|입고해|입고시켜|지급해|송금해|이체해|결제해|상신해|기안해|제출해|배정해|할당해|올려놔|처리해|추가해|내줘|인상해|깎아|조정해|바꿔'
const request =
  '\\s*(?:줘|주세요|주라|주십|달라|줄래|주실|주시|놔|둬|드려|라$|라고|도\\s*될|도\\s*돼|주겠|줄\\s*수|부탁)'
const patterns: [RegExp, Refusal['reason']][] = [
  [new RegExp(`(?:${koreanVerbs})${request}`, 'g'), 'write'],
  [
    /(?:등록|생성|입력|발행|승인|반려|취소|삭제|수정|변경|신청|주문|확정|추가|결재|상신|지급|송금|이체)\s*(?:좀\s*)?(?:부탁|요청|하고\s*싶|할래|할게|하려|해야겠|처리\s*(?:좀\s*)?(?:해|부탁))/g,
    'write',
  ],
  [
    /(?:^|\b(?:please|can you|could you|would you|i want to|i'd like to|i need to|let's|go ahead and|help me)\s+)(?:create|add|approve|reject|cancel|delete|remove|update|change|edit|place|submit|book|register|post|pay|issue|raise|enter|void|ship|transfer|assign|close|reorder|order)\s+(?!by\b)(?:an?|the|this|that|my|our|all|new|\d|[a-z])/g,
    'write',
  ],
  [
    /예측|전망|예상(?!일)|(?:나올|될|할|늘어날|줄어들|오를|내릴|팔릴)\s*(?:것|거|꺼)\s*같|몇\s*개나\s*팔릴|얼마나\s*팔릴/g,
    'unknown',
  ],
  [
    /\b(?:forecast|predict|projection|projected|expect(?:ed)?\s+(?:sales|revenue|profit)|will\s+(?:we|sales|revenue|it|they|the)\b[^?]*\b(?:be|reach|hit|sell|make|earn|grow)|will\s+(?:(?:our|the|next|total|this)\s+)*(?:[a-z]+\s+)?(?:sales|revenue|profits?|margins?|turnover|demand|costs?|expenses)\b|going to (?:be|reach|sell|make))/g,
    'unknown',
  ],
  [/\b(?:share|stock)\s+(?:prices?|market|exchange)\b/g, 'unknown'],
  // The first none, or fewer: nothing that can be shown.
  [
    /(?:상위|하위|톱|탑|베스트|워스트|최근|최신|\btop|\bbottom|\bbest|\bworst|\blast|\blatest)(?:\s+[-−]\s*\d|\s*-?\s*0+(?![\d.,:/])|\s*(?:zero|마이너스|minus)\b)/g,
    'unknown',
  ],
  // Where somebody stands in an order is nothing that the ERP tells.
  [
    /몇\s*(?:등|위|번째)(?!\s*까지)|등수|(?:내|제|나의)\s*(?:[가-힣]+\s*)?(?:순위|랭킹)|\bmy\s+(?:[a-z]+\s+)?rank(?:ing)?\b|\bwhere do i rank\b/g,
    'unknown',
  ],
  // Where a name begins or ends is nothing that can be looked for: "contains" would find other names.
  [/[가-힣a-z](?:으로|로)\s*(?:시작|끝나)(?:하|되|는)|\b(?:start|begin|end)(?:s|n?ing)?\s+with\b/g, 'unknown'],
]

const rules = patterns.map(([pattern, reason]): [Finder, Refusal['reason']] => [createFinder(pattern), reason])

/** Refusals read in a lower-case text. Whether they hold also depends on what else is said (막대로 바꿔줘 is no change of the ERP). */
export function readRefusals(text: string): Refusal[] {
  return rules.flatMap(([finder, reason]) =>
    finder.all(text).map((match) => ({ start: match.index, end: match.index + match[0].length, reason })),
  )
}
