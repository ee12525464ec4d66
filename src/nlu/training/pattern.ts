/**
 * Ways of saying something, written as one line: `(a|b)` one of these, `[a]` may be left out, `<name>` one of a named list.
 * `{slot}` and everything else stand as they are.
 */
export type Pattern = { /** In how many ways it can be said. */ ways: number } & (
  | { kind: 'text'; text: string }
  | { kind: 'sequence'; parts: readonly Pattern[] }
  | { kind: 'choice'; options: readonly Pattern[] }
)

/** Named lists of patterns that others refer to. */
export type Phrases = ReadonlyMap<string, readonly string[]>

/** A pattern that cannot be read; the message says what is wrong with it. */
export class PatternFault extends Error {}

const textOf = (text: string): Pattern => ({ kind: 'text', text, ways: 1 })
const choiceOf = (options: readonly Pattern[]): Pattern => ({
  kind: 'choice',
  options,
  ways: options.reduce((sum, { ways }) => sum + ways, 0),
})
const sequenceOf = (parts: readonly Pattern[]): Pattern => ({
  kind: 'sequence',
  parts,
  ways: parts.reduce((product, { ways }) => product * ways, 1),
})
const closing: Record<string, string> = { '(': ')', '[': ']' }
const deepest = 8

/** Reads one pattern. Throws {@link PatternFault} when brackets do not close or a list is not there. */
export function parsePattern(source: string, phrases: Phrases, depth = 0): Pattern {
  if (depth > deepest) throw new PatternFault(`lists go round in a circle in '${source}'`)
  let at = 0
  const fail = (problem: string): never => {
    throw new PatternFault(`${problem} in '${source}'`)
  }

  function readList(): Pattern {
    const end = source.indexOf('>', at)
    const name = source.slice(at + 1, end)
    const list = phrases.get(name)
    if (end < 0 || !list) return fail(`no list '${name}'`)
    at = end + 1
    return choiceOf(list.map((line) => parsePattern(line, phrases, depth + 1)))
  }

  function readGroup(open: string): Pattern {
    at += 1
    const close = closing[open] ?? ''
    const options = readChoice(close)
    if (source[at] !== close) fail(`no '${close}'`)
    at += 1
    return choiceOf(open === '[' ? [textOf(''), ...options] : options)
  }

  function readChoice(close: string): Pattern[] {
    const options = [readSequence(close)]
    while (source[at] === '|') {
      at += 1
      options.push(readSequence(close))
    }
    return options
  }

  function readSequence(close: string): Pattern {
    const parts: Pattern[] = []
    let text = ''
    const flush = () => {
      if (text !== '') parts.push(textOf(text))
      text = ''
    }
    while (at < source.length && source[at] !== close && !(close !== '' && source[at] === '|')) {
      const character = source[at] as string
      if (character === ')' || character === ']' || character === '|') fail(`'${character}' out of place`)
      if (character in closing || character === '<') {
        flush()
        parts.push(character === '<' ? readList() : readGroup(character))
      } else {
        text += character
        at += 1
      }
    }
    flush()
    return sequenceOf(parts)
  }

  return readSequence('')
}

/** The way of number `place`, from 0 to `ways` - 1. */
function wayAt(pattern: Pattern, place: number): string {
  if (pattern.kind === 'text') return pattern.text
  if (pattern.kind === 'choice') {
    let left = place
    for (const option of pattern.options) {
      if (left < option.ways) return wayAt(option, left)
      left -= option.ways
    }
    return ''
  }
  let text = ''
  let left = place
  for (const part of pattern.parts) {
    text += wayAt(part, left % part.ways)
    left = Math.floor(left / part.ways)
  }
  return text
}

/** How many ways it takes to show every option at least once. */
function countCover(pattern: Pattern): number {
  if (pattern.kind === 'text') return 1
  if (pattern.kind === 'choice') return pattern.options.reduce((sum, option) => sum + countCover(option), 0)
  return pattern.parts.reduce((most, part) => Math.max(most, countCover(part)), 1)
}

function coverAt(pattern: Pattern, place: number): string {
  if (pattern.kind === 'text') return pattern.text
  if (pattern.kind === 'sequence') return pattern.parts.map((part) => coverAt(part, place % countCover(part))).join('')
  let left = place
  for (const option of pattern.options) {
    const count = countCover(option)
    if (left < count) return coverAt(option, left)
    left -= count
  }
  return ''
}

const tidy = (text: string): string => text.replace(/\s+/g, ' ').trim()

/** A few ways of saying a pattern in which every option stands at least once. */
export function coverPattern(pattern: Pattern): string[] {
  return Array.from({ length: countCover(pattern) }, (_, place) => tidy(coverAt(pattern, place)))
}

/** All ways of saying a pattern, or `limit` of them drawn evenly and always the same. Spaces are tidied; no way comes twice. */
export function expandPattern(pattern: Pattern, limit: number, random: () => number): string[] {
  const { ways } = pattern
  const found = new Set<string>()
  const take = (place: number) => found.add(tidy(wayAt(pattern, place)))
  if (ways <= limit) for (let place = 0; place < ways; place += 1) take(place)
  // One from each of `limit` equal stretches would favour early parts of the line; a draw favours none.
  else for (let draw = 0; draw < 3 * limit && found.size < limit; draw += 1) take(Math.floor(random() * ways))
  found.delete('')
  return [...found]
}
