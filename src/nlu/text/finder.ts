import { codeCount, type Need, neededLetters, pairCode } from './needed-letters.ts'

/** A pattern that is looked for in many texts and found in few. */
export type Finder = {
  /** Every match in a text, left to right. */
  all(text: string): readonly RegExpExecArray[]
  /** The text with each match replaced by what `by` makes of it. */
  replace(text: string, by: (match: string) => string): string
  /** Whether it matches in `part`. Cheaper where that is some of `text` or all of it. */
  isIn(text: string, part?: string): boolean
  /** Whether a text has what every match needs. */
  mayMatch(text: string): boolean
}

/*
 * One table for all finders: reading one text asks for its letters hundreds of times. Letters and finders are marked with the number of
 * the text that they were last seen in and worth a try on.
 */
const seenIn = new Uint32Array(codeCount)
const worthIn: number[] = []
/** The finders that are worth a try on a text with a letter or pair, by its code. */
const findersOf: (number[] | undefined)[] = new Array(codeCount)
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
  for (let i = 0, before = 0; i < text.length; i += 1) {
    const letter = text.charCodeAt(i)
    note(letter)
    if (i > 0) note(pairCode(before, letter))
    before = letter
  }
}

function note(code: number): void {
  if (seenIn[code] === textNumber) return
  seenIn[code] = textNumber
  const finders = findersOf[code]
  if (finders) for (const finder of finders) worthIn[finder] = textNumber
}

/** Gives the next finder its number. */
function addFinder([first]: readonly Need[]): number {
  const finder = worthIn.length
  worthIn.push(0)
  for (const code of first ?? []) findersOf[code] = [...(findersOf[code] ?? []), finder]
  lastText = undefined
  return finder
}

function hasOne(codes: Need): boolean {
  for (let i = 0; i < codes.length; i += 1) if (seenIn[codes[i] as number] === textNumber) return true
  return false
}

const nothing: RegExpExecArray[] = []
/** By source and flags: a pattern that is made again is the same finder, so that the table does not grow with every reader. */
const kept = new Map<string, Finder>()

/**
 * The finder of a pattern, which finds what `matchAll` would with the flag g, in any text: it is tried only on texts that have the letters
 * it cannot match without. It keeps no place between two texts, whatever the flags.
 */
export function createFinder(source: RegExp): Finder {
  const key = String(source)
  const finder = kept.get(key) ?? makeFinder(source)
  kept.set(key, finder)
  return finder
}

function makeFinder({ source, flags }: RegExp): Finder {
  const pattern = new RegExp(source, flags.includes('g') ? flags : `${flags}g`)
  const needs = neededLetters(pattern)
  const finder = addFinder(needs)
  const others = needs.slice(1)
  const mayMatch = (text: string): boolean => {
    if (text !== lastText) noteLetters(text)
    return needs.length === 0 || (worthIn[finder] === textNumber && others.every(hasOne))
  }
  return {
    mayMatch,
    // A part's letters are all in the text, which most likely has been looked through already.
    isIn: (text, part = text) => mayMatch(text.includes(part) ? text : part) && part.search(pattern) >= 0,
    replace: (text, by) => (mayMatch(text) ? text.replace(pattern, by) : text),
    all: (text) => (mayMatch(text) ? [...text.matchAll(pattern)] : nothing),
  }
}
