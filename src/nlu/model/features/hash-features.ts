import { longestJamo, writeJamo } from '../../text/jamo.ts'
import { splitWords } from './split-words.ts'

/** Which n-grams a text is counted by. Lengths are inclusive. */
export type FeatureSettings = {
  /** N-grams of characters with spaces left out: what survives spacing errors. */
  readonly characters: readonly [number, number]
  /** N-grams of keystrokes (jamo, Latin letters) inside a word and its edges: what survives endings and slips. */
  readonly letters: readonly [number, number]
  /** How far apart two words may stand and still count as a pair. */
  readonly pairWindow: number
}

/** Families of features, each weighed as one: words, characters, letters. */
export const featureGroups = 3

/** The features of a text as 32-bit hashes, group by group: group g ends at `ends[g]`. Overwritten by the next text. */
export type HashedText = { readonly hashes: Uint32Array; readonly ends: Int32Array }

const prime = 16_777_619
const wordSeed = 0x811c9dc5
const pairSeed = 0x3c6ef372
const bigramSeed = 0x1b873593
const characterSeed = 0x85ebca6b
const letterSeed = 0xc2b2ae35
const space = 0x20

/** Finalizer of MurmurHash3: spreads the bits of an FNV-1a hash, whose short keys lie close together. */
function spread(hash: number): number {
  let mixed = hash ^ (hash >>> 16)
  mixed = Math.imul(mixed, 0x85ebca6b)
  mixed ^= mixed >>> 13
  mixed = Math.imul(mixed, 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

function hashText(text: string, seed: number): number {
  let hash = seed
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), prime)
  return spread(hash)
}

const hashPair = (a: number, b: number, seed: number): number => spread(Math.imul(seed ^ a, prime) ^ Math.imul(b, 5))

// Written again for each text: reading one makes hundreds of hashes.
let hashes = new Uint32Array(1 << 12)
let codes = new Uint16Array(1 << 10)
const ends = new Int32Array(featureGroups)
const hashed = (): HashedText => ({ hashes, ends })

const countOf = ([least, most]: readonly [number, number]): number => most - least + 1

/** Makes room for all that a text of so many UTF-16 units can have. */
function makeRoom(length: number, { characters, letters, pairWindow }: FeatureSettings): void {
  const mostCodes = length * (longestJamo + 2) + 2
  const mostHashes = length * (2 + pairWindow + countOf(characters)) + mostCodes * countOf(letters)
  if (mostCodes > codes.length) codes = new Uint16Array(mostCodes)
  if (mostHashes > hashes.length) hashes = new Uint32Array(mostHashes)
}

/** Adds the n-grams of the first `length` codes from `at` on. Returns where they end. */
function addGrams(length: number, [least, most]: readonly [number, number], seed: number, at: number): number {
  let next = at
  for (let start = 0; start <= length - least; start += 1) {
    const end = Math.min(length, start + most)
    let hash = seed
    for (let i = start; i < end; i += 1) {
      hash = Math.imul(hash ^ (codes[i] as number), prime)
      if (i - start + 1 < least) continue
      hashes[next] = spread(hash)
      next += 1
    }
  }
  return next
}

function addWords(words: readonly string[], pairWindow: number): number {
  const own = words.map((word) => hashText(word, wordSeed))
  let next = 0
  for (let i = 0; i < own.length; i += 1) {
    const hash = own[i] as number
    hashes[next] = hash
    hashes[next + 1] = hashPair(hash, own[i + 1] ?? 0, bigramSeed)
    next += 2
    const last = Math.min(own.length - 1, i + pairWindow)
    for (let j = i + 2; j <= last; j += 1) {
      hashes[next] = hashPair(hash, own[j] as number, pairSeed)
      next += 1
    }
  }
  return next
}

function addCharacters(words: readonly string[], { characters }: FeatureSettings, at: number): number {
  let length = 0
  for (const word of words)
    for (let i = 0; i < word.length; i += 1) {
      codes[length] = word.charCodeAt(i)
      length += 1
    }
  return addGrams(length, characters, characterSeed, at)
}

function addLetters(word: string, { letters }: FeatureSettings, at: number): number {
  codes[0] = space
  let length = 1
  for (let i = 0; i < word.length; i += 1) length = writeJamo(word.charCodeAt(i), codes, length)
  codes[length] = space
  return addGrams(length + 1, letters, letterSeed, at)
}

/** Every feature of the text, as often as it occurs. */
export function hashFeatures(text: string, settings: FeatureSettings): HashedText {
  const words = splitWords(text)
  makeRoom(
    words.reduce((sum, word) => sum + word.length, 0),
    settings,
  )
  let end = addWords(words, settings.pairWindow)
  ends[0] = end
  end = addCharacters(words, settings, end)
  ends[1] = end
  for (const word of words) end = addLetters(word, settings, end)
  ends[2] = end
  return hashed()
}

/** The features of each word by itself, word and letters: the same hashes as those of {@link hashFeatures}, from 0 to `ends[2]`. */
export function hashWord(word: string, settings: FeatureSettings): HashedText {
  makeRoom(word.length, settings)
  hashes[0] = hashText(word, wordSeed)
  ends.fill(1)
  ends[2] = addLetters(word, settings, 1)
  return hashed()
}
