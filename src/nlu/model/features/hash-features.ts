import { toJamo } from '../../text/jamo.ts'
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

/** Takes one feature: its group and its 32-bit hash. */
export type FeatureSink = (group: number, hash: number) => void

const prime = 16_777_619
const wordSeed = 0x811c9dc5
const pairSeed = 0x3c6ef372
const bigramSeed = 0x1b873593
const characterSeed = 0x85ebca6b
const letterSeed = 0xc2b2ae35

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

function addGrams(text: string, [least, most]: readonly [number, number], seed: number, take: (hash: number) => void) {
  for (let start = 0; start <= text.length - least; start += 1) {
    const end = Math.min(text.length, start + most)
    let hash = seed
    for (let i = start; i < end; i += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(i), prime)
      if (i - start + 1 >= least) take(spread(hash))
    }
  }
}

/** Gives every feature of the text to `sink`, as often as it occurs. */
export function hashFeatures(text: string, settings: FeatureSettings, sink: FeatureSink): void {
  const words = splitWords(text)
  const hashes = words.map((word) => hashText(word, wordSeed))
  for (let i = 0; i < hashes.length; i += 1) {
    const hash = hashes[i] as number
    sink(0, hash)
    sink(0, hashPair(hash, hashes[i + 1] ?? 0, bigramSeed))
    const last = Math.min(hashes.length - 1, i + settings.pairWindow)
    for (let j = i + 2; j <= last; j += 1) sink(0, hashPair(hash, hashes[j] as number, pairSeed))
  }
  addGrams(words.join(''), settings.characters, characterSeed, (hash) => sink(1, hash))
  for (const word of words) addLetters(word, settings, (hash) => sink(2, hash))
}

function addLetters(word: string, { letters }: FeatureSettings, take: (hash: number) => void): void {
  addGrams(` ${toJamo(word)} `, letters, letterSeed, take)
}

/** Gives the features of each word by itself, word and letters, to `sink`: the same hashes as {@link hashFeatures}. */
export function hashWord(word: string, settings: FeatureSettings, sink: (hash: number) => void): void {
  sink(hashText(word, wordSeed))
  addLetters(word, settings, sink)
}
