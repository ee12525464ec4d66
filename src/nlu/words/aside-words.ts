import { z } from 'zod'
import { phraseLines, sourceAnywhere, sourceOf } from './phrase-source.ts'
import { readWordFile } from './word-file.ts'

const fileSchema = z.strictObject({
  endings: phraseLines,
  endings_of_reasons: z.strictObject({ say: phraseLines, not_after: phraseLines }),
  closing: phraseLines,
  telling: phraseLines,
  lead_ins: phraseLines,
  turns: phraseLines,
  reasons_at_end: phraseLines,
  changing: phraseLines,
  changing_at_end: phraseLines,
  titles: z.strictObject({ say: phraseLines, particles: phraseLines }),
  english: z.strictObject({
    reasons: phraseLines,
    whose: phraseLines,
    occasions: phraseLines,
    people: phraseLines,
    asking: phraseLines,
    asking_before: phraseLines,
  }),
})

/** The lists of `nlu-training/asides.yaml`. Throws an Error that lists every fault as `file:line: problem`. */
export const readAsideWords = (folder?: string) => readWordFile('asides.yaml', fileSchema, folder)

type AsideWords = ReturnType<typeof readAsideWords>

/** What is looked for in a text to find what was said beside the question. */
export type AsidePatterns = {
  /** How a clause ends: 신입인데요, 찾으셔서 그런데, 수고 많으십니다, 목록이요; and marks that close one. */
  clauseEnd: RegExp
  /**
   * A clause with a verb of its own; what has none (온라인몰에서, 유통기한 지난 거) may narrow the question, and nothing of that kind is
   * left out.
   */
  isStatement: RegExp
  /** Why somebody asks, at the end and without a mark before it: … 귀찮아서. */
  reasonAtEnd: RegExp
  /** Words that change what is asked for, wherever they stand: nothing with one of them is an aside. */
  changesQuestion: RegExp
  /** Told to somebody or by somebody: 부장님께서 is not whose records are asked for. */
  honorific: RegExp
}

const marks = /[.!?~…;,()]+(?=\s|$|[가-힣a-z(])/.source

/** Makes the patterns of these lists. */
export function createAsidePatterns(lists: AsideWords): AsidePatterns {
  const { endings_of_reasons: ofReasons, english } = lists
  const reasons = `(?<!${sourceOf(ofReasons.not_after)})${sourceOf(ofReasons.say)}`
  const verbs = `${sourceOf(lists.endings)}|${reasons}`
  const leadIns = sourceOf(lists.lead_ins)
  const forWhom = `for ${sourceOf(english.whose)} `
  const isAsking = `${sourceOf(english.people)} ${sourceOf(english.asking)}`
  const occasion = `${forWhom}(?:\\w+ ){0,2}${sourceOf(english.occasions)}`
  const closes = [
    `[가-힣](?:${verbs}|${sourceOf(lists.closing)})(?=[\\s,.])`,
    `(?:${leadIns}|${sourceOf(lists.turns)})(?=[\\s,])`,
    `\\s(?=(?:${sourceOf(english.reasons)}|${occasion}|${isAsking})\\b)`,
    `(?<=\\b${sourceOf(english.asking_before)}(?: for| about)?)\\s`,
  ]
  const tells = `(?:[가-힣](?:${verbs}|${sourceOf(lists.telling)})|${leadIns})[\\s.,!?~^ㅎㅋㅠ;]*$`
  return {
    clauseEnd: new RegExp([marks, ...closes].join('|'), 'g'),
    isStatement: new RegExp(`${tells}|^\\s*(?:${sourceOf(english.reasons)}|${forWhom}|${isAsking})`),
    reasonAtEnd: new RegExp(`${sourceOf(lists.reasons_at_end)}[\\s.!?~ㅎㅋㅠ]*$`),
    changesQuestion: new RegExp(`${sourceAnywhere(lists.changing)}|${sourceOf(lists.changing_at_end)}(?:\\s|$)`),
    honorific: new RegExp(`^${sourceOf(lists.titles.say)}${sourceOf(lists.titles.particles)}?(?:\\s|$)`),
  }
}
