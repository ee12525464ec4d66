import { type Needs, neededLetters } from './needed-letters.ts'

/** A pattern that is looked for in many texts and found in few. */
export type Finder = {
  /** Every match in a text, left to right. */
  all(text: string): readonly RegExpExecArray[]
  /** Whether it matches anywhere in `part`, which is some of `text` or all of it. */
  isIn(text: string, part?: string): boolean
}

/** When each letter was last seen: in the text of that number. One table, for reading one text asks for its letters hundreds of times. */
const seenIn = new Uint32Array(0x10000)
let textNumber = 0
let lastText = ''

function noteLetters(text: string): void {
  if (textNumber === 0xffff_ffff) {
    seenIn.fill(0)
    textNumber = 0
  }
  textNumber += 1
  lastText = text
  for (let i = 0; i < text.length; i += 1) seenIn[text.charCodeAt(i)] = textNumber
}

function hasAll(needs: Needs): boolean {
  for (const need of needs) if (!(need instanceof Uint16Array ? hasOne(need) : hasEither(need))) return false
  return true
}

function hasEither(lists: readonly Needs[]): boolean {
  for (const needs of lists) if (hasAll(needs)) return true
  return false
}

function hasOne(letters: Uint16Array): boolean {
  for (let i = 0; i < letters.length; i += 1) if (seenIn[letters[i] as number] === textNumber) return true
  return false
}

function meets(text: string, needs: Needs): boolean {
  if (text !== lastText) noteLetters(text)
  return hasAll(needs)
}

const nothing: RegExpExecArray[] = []

/** Makes a finder of a pattern: it is tried only on texts that have the letters it cannot match without. */
export function createFinder(source: RegExp): Finder {
  const needs = neededLetters(source)
  const pattern = new RegExp(source.source, source.flags.includes('g') ? source.flags : `${source.flags}g`)
  const findAll = (text: string): RegExpExecArray[] => {
    const found: RegExpExecArray[] = []
    pattern.lastIndex = 0
    for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
      found.push(match)
      if (match[0] === '') pattern.lastIndex += 1
    }
    return found
  }
  return {
    all: (text) => (meets(text, needs) ? findAll(text) : nothing),
    isIn: (text, part = text) => meets(text, needs) && source.test(part),
  }
}
