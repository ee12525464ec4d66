import { createFinder, type Finder } from '../text/finder.ts'
import { englishNumbers, nativeNumbers } from './number-words.ts'

/** The first or last N of an order: 상위 5개, 톱3, bottom 10. */
export type RankReading = { start: number; end: number; direction: 'asc' | 'desc'; count?: number }

const small: Record<string, number> = { ...nativeNumbers, ...englishNumbers }
const number = `(\\d{1,3}|${Object.keys(small).join('|')})`
const counters = '(?:개_?사|개|곳|군데|건|명|위|등|종|가지)'
const opt = (source: string): RegExp => new RegExp(source.replaceAll('_', '\\s*'), 'g')

const patterns: [RegExp, 'asc' | 'desc'][] = [
  [opt(`(?:상위|톱|탑|베스트|top|best)_[-]?_(?<!\\d)${number}(?![a-z\\d%])_${counters}?(?:_?까지)?`), 'desc'],
  [opt(`(?:하위|워스트|바텀|bottom|worst)_[-]?_(?<!\\d)${number}(?![a-z\\d%])_${counters}?(?:_?까지)?`), 'asc'],
  [opt(`(?:1위부터_|1등부터_|1[~-])${number}_(?:위|등)(?:_?까지)?`), 'desc'],
  [opt(`(?<![\\d.])(\\d{1,3})_(?:위|등)(?:_?까지|_?안)`), 'desc'],
  [opt(`(?<![\\d.])([3-9]|10|20)대_(?=거래처|고객|업체|품목|제품|매입처|부서)`), 'desc'],
  [
    /\b(?:the\s+)?(?:top|best|highest|largest|biggest)\s+(?:of\s+)?(\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|twenty)\b(?!\s*%)/g,
    'desc',
  ],
  [
    /\b(?:the\s+)?(?:bottom|worst|lowest|smallest)\s+(\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|twenty)\b(?!\s*%)/g,
    'asc',
  ],
  [opt('(?<![가-힣])(?:상위|톱|탑|베스트)(?![가-힣]{2,}[^가-힣]*$)|\\btop\\b(?!\\s*\\d)'), 'desc'],
  [opt('(?<![가-힣])(?:하위|워스트)'), 'asc'],
]

const rules = patterns.map(([pattern, direction]): [Finder, 'asc' | 'desc'] => [createFinder(pattern), direction])

/** Every rank of a lower-case text. */
export function readRanks(text: string): RankReading[] {
  const found: RankReading[] = []
  for (const [finder, direction] of rules) {
    for (const match of finder.all(text)) {
      const one: RankReading = { start: match.index, end: match.index + match[0].trimEnd().length, direction }
      const count = match[1] === undefined ? undefined : (small[match[1]] ?? Number(match[1]))
      if (count !== undefined && count >= 1 && count <= 1000) one.count = count
      if (!found.some((other) => one.start < other.end && other.start < one.end)) found.push(one)
    }
  }
  return found
}
