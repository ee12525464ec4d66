import { type AST, RegExpParser } from '@eslint-community/regexpp'

/** What a text must have: one of some letters (UTF-16 codes), or all that one of some lists asks for. */
type Need = Uint16Array | readonly Needs[]
/** All of it, the most telling first; an empty list is met by any text. */
export type Needs = readonly Need[]

/** So many of them are kept of a list: the others would seldom tell more. */
const mostNeeds = 4
/** Of more letters nearly every text has one. */
const mostLetters = 40
const lastCode = 0xffff

/** Letters that most texts have, so that to need one tells little. */
const common = new Set(Array.from(' 이가은는을를의에도로지고하해다요얼마알려줘번달etaoinsrhdl', codeOf))

function codeOf(letter: string): number {
  return letter.charCodeAt(0)
}

/** How likely a text has it, roughly. */
function easeOf(need: Need): number {
  if (need instanceof Uint16Array) return need.reduce((sum, letter) => sum + (common.has(letter) ? 5 : 1), 0)
  return need.reduce((sum, [first]) => sum + (first ? easeOf(first) : mostLetters), 0)
}

const mostTelling = (needs: Needs): Needs => [...needs].sort((a, b) => easeOf(a) - easeOf(b)).slice(0, mostNeeds)

function lettersOf(element: AST.CharacterClassElement): number[] | undefined {
  if (element.type === 'Character') return [element.value]
  if (element.type === 'CharacterClassRange') return rangeOf(element.min.value, element.max.value)
  return element.type === 'CharacterSet' && element.kind === 'digit' && !element.negate ? digits : undefined
}

const rangeOf = (from: number, to: number): number[] | undefined =>
  to - from < mostLetters ? Array.from({ length: to - from + 1 }, (_, i) => from + i) : undefined
const digits = Array.from('0123456789', codeOf)

function oneOf(lists: readonly (readonly number[] | undefined)[]): Needs {
  if (lists.includes(undefined)) return []
  const letters = [...new Set(lists.flatMap((list) => list ?? []))]
  const isTelling = letters.length <= mostLetters && letters.every((code) => code <= lastCode)
  return isTelling ? [Uint16Array.from(letters)] : []
}

function needsOfEither(alternatives: readonly AST.Alternative[]): Needs {
  const lists = alternatives.map((one) => mostTelling(one.elements.flatMap(needsOf)))
  const [only] = lists
  if (lists.length === 1 && only) return only
  if (lists.some((needs) => needs.length === 0)) return []
  const letters = lists.map(([first, ...rest]) =>
    rest.length === 0 && first instanceof Uint16Array ? [...first] : undefined,
  )
  return letters.includes(undefined) ? [lists] : oneOf(letters)
}

function needsOf(element: AST.Element): Needs {
  switch (element.type) {
    case 'Character':
      return oneOf([[element.value]])
    case 'CharacterSet':
      return oneOf([lettersOf(element as AST.CharacterClassElement)])
    case 'CharacterClass':
      return element.negate || element.unicodeSets ? [] : oneOf(element.elements.map(lettersOf))
    case 'Group':
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

/** Letters of which every text that meets the needs has one; undefined when it may have none. */
export function firstNeeded([first]: Needs): number[] | undefined {
  if (first === undefined || first instanceof Uint16Array) return first && [...first]
  const lists = first.map(firstNeeded)
  return lists.includes(undefined) ? undefined : [...new Set(lists.flatMap((list) => list ?? []))]
}

/** What a text must have for a pattern to match anywhere in it. A pattern that ignores case needs nothing. */
export function neededLetters({ source, flags }: RegExp): Needs {
  if (flags.includes('i')) return []
  const pattern = new RegExpParser().parsePattern(source, 0, source.length, { unicode: flags.includes('u') })
  return mostTelling(needsOfEither(pattern.alternatives))
}
