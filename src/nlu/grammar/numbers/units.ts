const korean =
  '원|달러|개사|개월|개소|개|건|명|사람|분기|곳|군데|대|장|박스|일|달|주일|주|년|시간|시|분|위|등|퍼센티지|퍼센트|프로(?!젝|그|필|세|모|덕|토|듀)|퍼|종|가지|번째|번|살|자루|척|마리|톤'
const latin = '%|(?:won|krw|percent|pct|pieces|piece|pcs|units|unit|ea|days|day|customers|people)(?![a-z])'
const unitAfter = new RegExp(`^\\s*(?:(${korean})|(${latin}))`)
const koreanNext = new RegExp(`^\\s*(?:${korean})`)
const percents = new Set(['%', '퍼센트', '퍼센티지', '프로', '퍼', 'percent', 'pct'])
const comparatorNext = /^\s*(?:이상|초과|이하|미만|넘|밑|아래|보다)/

/** The counter or unit right after a number, as it is written, and where it ends. */
export function unitAt(text: string, at: number): { end: number; unit: string } | undefined {
  const match = unitAfter.exec(text.slice(at, at + 12))
  return match ? { end: at + match[0].length, unit: (match[1] ?? match[2] ?? '').trim() } : undefined
}

export const isCounted = (text: string, at: number): boolean => koreanNext.test(text.slice(at, at + 12))

export const isPercent = (unit: string | undefined): boolean => unit !== undefined && percents.has(unit)

export const isCompared = (text: string, at: number): boolean => comparatorNext.test(text.slice(at, at + 8))
