import { romanize } from 'es-hangul'

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

const folds: [RegExp, string][] = [
  [/[^a-z]/g, ''],
  [/sh/g, 's'],
  [/ch|z/g, 'j'],
  [/ph|f|v|b/g, 'p'],
  [/ck|c|q|g/g, 'k'],
  [/d|th/g, 't'],
  [/r/g, 'l'],
  [/ee|ea|ie/g, 'i'],
  [/ae|ai|ay|ey/g, 'e'],
  [/eo|oe/g, 'o'],
  [/eu|oo|ou/g, 'u'],
  [/[yw]/g, ''],
  [/([aeio])h/g, '$1'],
  [/(.)\1+/g, '$1'],
]

/** Romanised spellings differ a lot (Jo/Cho, Eunbi/Eun-bi, Jung/Jeong): a key that they share. */
export function romanKey(latin: string): string {
  return folds.reduce((text, [pattern, by]) => text.replace(pattern, by), latin.toLowerCase())
}

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
