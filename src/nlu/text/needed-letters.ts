import { type AST, RegExpParser } from '@eslint-community/regexpp'

/**
 * A text has one of them: letters by their UTF-16 codes, and pairs of letters that stand together as {@link pairCode} numbers them.
 */
export type Need = Uint32Array
/** Letters and pairs are numbered below this. */
export const codeCount = 0x20000

/** Two letters side by side. Different pairs may share a number: what is needed is then only more easily had. */
export const pairCode = (first: number, second: number): number =>
  0x10000 + ((Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b)) >>> 16)

/** So many needs are kept of a pattern: the others would seldom tell more. */
const mostNeeds = 3
/** Of more letters nearly every text has one. */
const mostCodes = 80

/** Letters that most texts have, so that to need one tells little. */
const common = new Set(Array.from(' 이가은는을를의에도로지고하해다요얼마알려줘번달etaoinsrhdl', codeOf))

function codeOf(letter: string): number {
  return letter.charCodeAt(0)
}

type Codes = { codes: ReadonlySet<number> /** How likely a text has one, roughly. */; ease: number }

const letterNeed = (letter: number): Codes => ({ codes: new Set([letter]), ease: common.has(letter) ? 5 : 1 })
const pairNeed = (first: number, second: number): Codes => ({
  codes: new Set([pairCode(first, second)]),
  ease: common.has(first) && common.has(second) ? 0.6 : 0.2,
})

/** Any one of several; nothing where one of them is nothing, or they are too many to tell. */
function eitherOf(needs: readonly (Codes | undefined)[]): Codes[] {
  const codes = new Set(needs.flatMap((need) => [...(need?.codes ?? [])]))
  if (needs.includes(undefined) || codes.size > mostCodes) return []
  return [{ codes, ease: needs.reduce((sum, need) => sum + (need?.ease ?? 0), 0) }]
}

const mostTelling = (needs: readonly Codes[]): Codes[] => [...needs].sort((a, b) => a.ease - b.ease).slice(0, mostNeeds)

function letterOf(element: AST.Element): number | undefined {
  return element.type === 'Character' && element.value <= 0xffff ? element.value : undefined
}

/** What all of a sequence needs: the letters of its parts, and the pairs that they make. */
function needsOfSequence({ elements }: AST.Alternative): Codes[] {
  return elements.flatMap((element, i) => {
    const before = elements[i - 1]
    const [first, second] = [before && letterOf(before), letterOf(element)]
    return first === undefined || second === undefined
      ? needsOf(element)
      : [pairNeed(first, second), ...needsOf(element)]
  })
}

function needsOfEither(alternatives: readonly AST.Alternative[]): Codes[] {
  const lists = alternatives.map((one) => mostTelling(needsOfSequence(one)))
  return lists.length === 1 ? (lists[0] ?? []) : eitherOf(lists.map(([first]) => first))
}

function needsOfClass(element: AST.CharacterClassElement): Codes | undefined {
  if (element.type === 'Character') return element.value <= 0xffff ? letterNeed(element.value) : undefined
  if (element.type === 'CharacterSet') return element.kind === 'digit' && !element.negate ? digits : undefined
  return element.type === 'CharacterClassRange' ? rangeOf(element.min.value, element.max.value) : undefined
}

function rangeOf(from: number, to: number): Codes | undefined {
  if (to - from >= mostCodes || to > 0xffff) return undefined
  return eitherOf(Array.from({ length: to - from + 1 }, (_, i) => letterNeed(from + i)))[0]
}
const digits = rangeOf(codeOf('0'), codeOf('9'))

function needsOf(element: AST.Element): Codes[] {
  switch (element.type) {
    case 'Character':
    case 'CharacterSet':
      return eitherOf([needsOfClass(element as AST.CharacterClassElement)])
    case 'CharacterClass':
      return element.negate || element.unicodeSets ? [] : eitherOf(element.elements.map(needsOfClass))
    case 'Group':
      // (?i:…): either case will do.
      return element.modifiers?.add.ignoreCase ? [] : needsOfEither(element.alternatives)
    case 'CapturingGroup':
      return needsOfEither(element.alternatives)
    // What stands around a match stands in the text too.
    case 'Assertion':
      return 'alternatives' in element && !element.negate ? needsOfEither(element.alternatives) : []
    case 'Quantifier':
      return element.min > 0 ? needsOf(element.element) : []
    default:
      return []
  }
}

/**
 * What a text must have for a pattern to match anywhere in it, the most telling need first; none where nothing is certain, as of a pattern
 * that ignores case.
 */
export function neededLetters({ source, flags }: RegExp): Need[] {
  if (flags.includes('i')) return []
  const pattern = new RegExpParser().parsePattern(source, 0, source.length, {
    unicode: flags.includes('u'),
    unicodeSets: flags.includes('v'),
  })
  return mostTelling(needsOfEither(pattern.alternatives)).map(({ codes }) => Uint32Array.from(codes))
}
