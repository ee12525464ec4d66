import { z } from 'zod'
import { withFinals } from '../text/jamo.ts'
import { englishWords, koreanWords, readWordFile, syllables } from './word-file.ts'

/*
 * Words that carry no content of their own in a question: asking, politeness, filler, light verbs. Whatever is neither known to the
 * catalog, nor a name, nor here, is something the person meant and we did not understand.
 */
const fileSchema = z.strictObject({
  alone: koreanWords,
  words: koreanWords,
  stems: koreanWords,
  tails: koreanWords,
  endings: syllables,
  english: englishWords,
})

/** The lists of `nlu-training/plain-words.yaml`. Throws an Error that lists every fault as `file:line: problem`. */
export const readPlainWords = (folder?: string) => readWordFile('plain-words.yaml', fileSchema, folder)

/** What a word, or a part of one, is glued to: nothing, a word that was understood, or a stem. */
type After = 'start' | 'noun' | 'stem'
type PlainWords = {
  /**
   * Whether a stretch of Korean without spaces is only plain words, particles and endings. `after`: what it is glued to: nothing
   * (start), a word that was understood (noun: a particle may come first) or a stem (an ending may).
   */
  isPlainKorean(text: string, after: After): boolean
  /** Whether a word is only a particle: 한테, 에게. */
  isParticle(text: string): boolean
  /** Whether an English word says nothing of its own. */
  isPlainEnglish(word: string): boolean
}

/** Nobody writes longer words; what is longer is not worth the time. */
const longestWord = 40

/** What a part of a word can be, as bits. */
const [isWord, isStem, isTail, isEnding] = [1, 2, 4, 8]

/** Where reading a word can have come to, as bits. */
const [atStart, afterNoun, afterWord, afterStem] = [1, 2, 4, 8]
const stateAfter = { start: atStart, noun: afterNoun, stem: afterStem } as const

/** Where a part leads from all the places that reading can have come to. */
function step(states: number, kinds: number, isLong: boolean): number {
  if (kinds === 0) return 0
  let next = 0
  if (kinds & isWord && isLong) next |= afterWord
  if (kinds & isStem && (isLong || states & (afterNoun | afterStem))) next |= afterStem
  if (kinds & isTail) next |= (states & afterStem) | (states & (afterNoun | afterWord) ? afterNoun : 0)
  if (kinds & isEnding) next |= states & afterStem
  return next
}

const pastForm =
  /^[가-힣]{0,2}[았었였렸졌겼셨났왔갔혔꼈웠켰쳤랐뒀썼](?:어|나|지|니|냐|는지|어요|었|습|죠|을|더|던|는|음|고|네|다)/

/** Tells plain words by these lists. */
export function createPlainWords(lists: ReturnType<typeof readPlainWords>): PlainWords {
  const alone = new Set(lists.alone)
  const tails = new Set(lists.tails)
  const endings = new Set(lists.endings)
  const english = new Set(lists.english)
  const parts = new Map<string, number>()
  const add = (list: readonly string[], bit: number) => {
    for (const part of list) parts.set(part, (parts.get(part) ?? 0) | bit)
  }
  add(lists.words, isWord)
  add(lists.stems.flatMap(withFinals), isStem)
  add(lists.tails, isTail)
  add(lists.endings, isEnding)
  const longestPart = Math.max(...[...parts.keys()].map((part) => part.length))

  /** 찍혔지, 끊었어: a short native verb in the past adds nothing; 반품됐어 does, so 하다 and 되다 are left out. */
  function isPastVerb(text: string): boolean {
    const match = pastForm.exec(text)
    return match !== null && [...text.slice(match[0].length)].every((syllable) => endings.has(syllable))
  }

  function isPlainKorean(text: string, after: After): boolean {
    if (after === 'start' && (alone.has(text) || isPastVerb(text))) return true
    if (text.length > longestWord) return false
    const reached = new Uint8Array(text.length + 1)
    reached[0] = stateAfter[after]
    for (let i = 0; i < text.length; i += 1) {
      const states = reached[i] as number
      if (states === 0) continue
      for (let end = i + 1; end <= Math.min(text.length, i + longestPart); end += 1) {
        const kinds = parts.get(text.slice(i, end)) ?? 0
        reached[end] = (reached[end] as number) | step(states, kinds, i === 0 || end - i > 1)
      }
    }
    return reached[text.length] !== 0
  }

  return {
    isPlainKorean,
    isParticle: (text) => tails.has(text),
    isPlainEnglish: (word) => english.has(word),
  }
}

export const { isPlainKorean, isParticle, isPlainEnglish } = createPlainWords(readPlainWords())
