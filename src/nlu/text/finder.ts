import { firstNeeded, type Needs, neededLetters } from './needed-letters.ts'

/** A pattern that is looked for in many texts and found in few. */
export type Finder = {
  /** Every match in a text, left to right. */
  all(text: string): readonly RegExpExecArray[]
  /** The text with each match replaced by what `by` makes of it. */
  replace(text: string, by: (match: string) => string): string
  /** Whether a text has what every match needs. */
  mayMatch(text: string): boolean
}

/*
 * One table for all finders: reading one text asks for its letters hundreds of times. Letters and finders are marked with the number of
 * the text that they were last seen in and worth a try on.
 */
const seenIn = new Uint32Array(0x10000)
const worthIn: number[] = []
/** The finders that are worth a try on a text with a letter, by letter. */
const findersOf: (number[] | undefined)[] = new Array(0x10000)
let textNumber = 0
let lastText: string | undefined

function noteLetters(text: string): void {
  if (textNumber === 0xffff_ffff) {
    seenIn.fill(0)
    worthIn.fill(0)
    textNumber = 0
  }
  textNumber += 1
  lastText = text
  for (let i = 0; i < text.length; i += 1) noteLetter(text.charCodeAt(i))
}

function noteLetter(letter: number): void {
  if (seenIn[letter] === textNumber) return
  seenIn[letter] = textNumber
  const finders = findersOf[letter]
  if (finders) for (const finder of finders) worthIn[finder] = textNumber
}

/** Gives the next finder its number. */
function addFinder(needs: Needs): number {
  const letters = firstNeeded(needs)
  const finder = worthIn.length
  worthIn.push(0)
  for (const letter of letters ?? []) findersOf[letter] = [...(findersOf[letter] ?? []), finder]
  lastText = undefined
  return finder
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

const nothing: RegExpExecArray[] = []

/** Makes a finder of a pattern: it is tried only on texts that have the letters it cannot match without. */
export function createFinder(source: RegExp): Finder {
  const needs = neededLetters(source)
  const finder = addFinder(needs)
  const mayMatch = (text: string): boolean => {
    if (text !== lastText) noteLetters(text)
    return needs.length === 0 || (worthIn[finder] === textNumber && hasAll(needs))
  }
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
    mayMatch,
    replace: (text, by) => (mayMatch(text) ? text.replace(pattern, by) : text),
    all: (text) => (mayMatch(text) ? findAll(text) : nothing),
  }
}
