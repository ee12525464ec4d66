import { createFinder, type Finder } from '../text/finder.ts'

/** A part of a name or title to look for; `valueStart` to `valueEnd` is the part itself. */
export type ContainsReading = { start: number; end: number; valueStart: number; valueEnd: number }

const quote = '["\'“”‘’]?'
const value = '([\\p{L}\\p{N}][\\p{L}\\p{N}&.+-]*?)'
const rules: Finder[] = [
  // …에 정밀(이라는 말이) 들어가는: what it is in must be said, or 부가세 포함 would be one too.
  new RegExp(
    `(?<=[가-힣]에\\s*|[가-힣]에는\\s*|[가-힣]에서\\s*)${quote}${value}${quote}\\s*(?:이라는|라는|이라고|라고|란)?\\s*(?:글자|말|단어|문구|이름)?(?:이|가|을|를|도)?\\s*(?:들어가는|들어가|들어간|들어있는|들어 있는|포함된|포함하는|포함되는|포함|붙은|붙는|있는)(?![가-힣]*(?:곳|지))`,
    'gu',
  ),
  new RegExp(`${quote}${value}${quote}\\s*(?:이라는|라는|이란)\\s*(?:글자|말|단어)`, 'gu'),
  new RegExp(
    `(?<=\\b(?:name|title|names|titles|company)\\s*)(?:contains|containing|includes|including|contain|include|has|with)\\s+(?:the\\s+word\\s+)?${quote}([\\p{L}\\p{N}&.+-]+)${quote}`,
    'gu',
  ),
  new RegExp(
    `\\b(?:with|having)\\s+${quote}([\\p{L}\\p{N}&.+-]+)${quote}(?=\\s+in\\s+(?:the|their|its)\\s+(?:name|title))`,
    'gu',
  ),
  new RegExp(`\\b(?:containing|contains)\\s+(?:the\\s+word\\s+)?${quote}([\\p{L}\\p{N}&.+-]+)${quote}`, 'gu'),
].map(createFinder)

/** Every look-for-a-part of a lower-case text. */
export function readContains(text: string): ContainsReading[] {
  const found: ContainsReading[] = []
  for (const finder of rules) {
    for (const match of finder.all(text)) {
      const word = match[1] ?? ''
      const start = match.index
      const valueStart = start + match[0].indexOf(word)
      const one = { start, end: start + match[0].length, valueStart, valueEnd: valueStart + word.length }
      if (!found.some((other) => one.start < other.end && other.start < one.end)) found.push(one)
    }
  }
  return found
}
