import { romanize } from 'es-hangul'
import { keepRecent } from '../text/keep-recent.ts'

// Family names that are written otherwise than the romanisation rules would have it.
const familyNames: Record<string, string[]> = {
  이: ['lee', 'yi', 'rhee'],
  박: ['park'],
  최: ['choi'],
  임: ['lim', 'rim'],
  노: ['noh', 'roh', 'no'],
  유: ['yoo', 'ryu', 'yu'],
  류: ['ryu', 'yoo'],
  오: ['oh'],
  안: ['ahn'],
  우: ['woo'],
  허: ['hur', 'huh'],
  백: ['paik', 'baik'],
  심: ['shim'],
  신: ['shin'],
  양: ['yang'],
}
const twoSyllableFamilies = new Set(['남궁', '황보', '제갈', '선우', '독고', '사공', '서문', '동방'])

/** Family and given name of a Korean person's name; undefined when it is none. */
export function splitPersonName(name: string): { family: string; given: string } | undefined {
  if (!/^[가-힣]{2,5}$/.test(name)) return undefined
  const long = name.slice(0, 2)
  if (name.length >= 3 && twoSyllableFamilies.has(long)) return { family: long, given: name.slice(2) }
  return name.length <= 4 ? { family: name.slice(0, 1), given: name.slice(1) } : undefined
}

/** What is written for what, in turn, and the letters that it takes: a word without `sh` or without s and h need not be looked through. */
const folds: [RegExp, string, string][] = [
  [/sh/g, 's', 'sh'],
  [/ch|z/g, 'j', 'ch z'],
  [/ph|f|v|b/g, 'p', 'ph f v b'],
  [/ck|c|q|g/g, 'k', 'c q g'],
  [/d|th/g, 't', 'd th'],
  [/r/g, 'l', 'r'],
  [/ee|ea|ie/g, 'i', 'e'],
  [/ae|ai|ay|ey/g, 'e', 'ae ai ay ey'],
  [/eo|oe/g, 'o', 'eo'],
  [/eu|oo|ou/g, 'u', 'eu o'],
  [/[yw]/g, '', 'y w'],
  [/([aeio])h/g, '$1', 'h'],
]
const doubled = /(.)\1+/g

/** The letters a to z of a text, as bits. */
function bitsOf(text: string): number {
  let bits = 0
  for (let i = 0; i < text.length; i += 1) bits |= 1 << (text.charCodeAt(i) - 0x61)
  return bits
}
const steps = folds.map(([pattern, by, letters]) => ({
  pattern,
  by,
  added: bitsOf(by.replace(/[^a-z]/g, '')),
  needs: letters.split(' ').map(bitsOf),
}))

/** Latin words of questions come again and again. */
const mostKept = 5_000

/** Romanised spellings differ a lot (Jo/Cho, Eunbi/Eun-bi, Jung/Jeong): a key that they share. */
export const romanKey: (latin: string) => string = keepRecent(mostKept, (latin) => {
  let key = latin.toLowerCase().replace(/[^a-z]/g, '')
  let bits = bitsOf(key)
  for (const { pattern, by, added, needs } of steps) {
    if (!needs.some((needed) => (bits & needed) === needed)) continue
    key = key.replace(pattern, by)
    bits |= added
  }
  return key.replace(doubled, '$1')
})

/** The key of a Hangul word, as the romanisation rules spell it. */
export const hangulRomanKey = (hangul: string): string => romanKey(romanize(hangul))

/** Keys under which a person may be asked for in Latin letters: both orders, usual family-name spellings, given name alone. */
export function personRomanKeys(name: string): { full: string[]; given?: string } {
  const split = splitPersonName(name)
  if (!split) return { full: [hangulRomanKey(name)] }
  const spelled = romanize(split.given)
  // 성, 현 and the like are as often written sung, hyun as by the rules.
  const givens = [...new Set([spelled, spelled.replace(/eo(?=[nmgklbp])/g, 'u'), spelled.replace(/u/g, 'oo')])]
  const families = [romanize(split.family), ...(familyNames[split.family] ?? [])]
  return {
    full: [
      ...new Set(
        families.flatMap((family) => givens.flatMap((given) => [romanKey(family + given), romanKey(given + family)])),
      ),
    ],
    ...(split.given.length >= 2 ? { given: romanKey(spelled) } : {}),
  }
}
