import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { type BusinessQuery, businessQuerySchema, type Catalog } from '#catalog'
import { createRandom, type Random } from '../model/random.ts'
import { expandPattern, type Pattern, type Phrases } from '../training/pattern.ts'
import { parseBlock, readPatternFile, readPatterns, readPhrases, trainingFolder } from '../training/read-patterns.ts'
import { slip } from '../training/slips.ts'
import type { DialogueState, NameEntry } from '../understanding.ts'
import type { ExpectedReading } from './same-reading.ts'
import { sharedBeginnings } from './shared-beginnings.ts'

/** A sentence with the reading it should have. */
export type LabelledQuestion = {
  text: string
  today: string
  state: DialogueState
  expect: ExpectedReading
  /** Only intent, entity and measures are known. */
  isLoose: boolean
  /** Sentences of one source share their causes of error; folds keep them together. */
  source: string
}

const questionSchema = z.object({
  say: z.string(),
  mean: z.record(z.string(), z.unknown()),
  after: z.record(z.string(), z.unknown()).optional(),
  loose: z.boolean().default(false),
})
const rangeSchema = z.tuple([z.string(), z.string()])
const fileSchema = z.object({
  today: z.string(),
  slots: z.record(z.string(), z.record(z.string(), z.union([z.number(), rangeSchema]))),
  strange: z.array(z.string()).min(1),
  questions: z.array(questionSchema),
  followUps: z.array(questionSchema),
})
type Questions = z.infer<typeof fileSchema>

/** What stands in a slot, and what it means in a query. */
type Filling = { text: string; value: unknown }
type Fill = (slot: string, isEnglish: boolean) => Filling
type Source = { catalog: Catalog; names: readonly NameEntry[]; questions: Questions; phrases: Phrases; folder: string }

const drawnOfQuestion = 36
const drawnOfDeclined = 4
const drawnOfTalk = 8
const pick = <T>(items: readonly T[], random: Random): T => items[Math.floor(random() * items.length)] as T

function createFill({ names, questions, catalog }: Source, random: Random): Fill {
  const byDomain = Map.groupBy(names, ({ domain }) => domain)
  const words = Object.values(catalog.entities).map(({ label }) => label)
  return (slot, isEnglish) => {
    const listed = questions.slots[slot === 'time' && isEnglish ? 'when' : slot]
    if (listed) {
      const [text, value] = pick(Object.entries(listed), random)
      return { text, value: Array.isArray(value) ? { field: 'date', from: value[0], to: value[1] } : value }
    }
    if (slot === 'word') return { text: pick(words, random)[isEnglish ? 'en' : 'ko'].toLowerCase(), value: null }
    const entries = slot === 'name' ? names : (byDomain.get(slot) ?? names)
    const { name } = pick(entries, random)
    return { text: name, value: name }
  }
}

/** The text with its slots filled, and what they were filled with. */
function fillText(text: string, fill: Fill): { text: string; values: Map<string, unknown> } {
  const values = new Map<string, unknown>()
  const isEnglish = !/[가-힣]/.test(text)
  const filled = text.replace(/\{(\w+)\}/g, (_, slot: string) => {
    const filling = fill(slot, isEnglish)
    values.set(`$${slot}`, filling.value)
    return filling.text
  })
  return { text: filled, values }
}

function fillMeaning(template: unknown, values: ReadonlyMap<string, unknown>): unknown {
  if (typeof template === 'string') return values.has(template) ? values.get(template) : template
  if (Array.isArray(template)) return template.map((one) => fillMeaning(one, values))
  if (template === null || typeof template !== 'object') return template
  return Object.fromEntries(Object.entries(template).map(([key, one]) => [key, fillMeaning(one, values)]))
}

const queryOf = (template: unknown, values: ReadonlyMap<string, unknown>): BusinessQuery =>
  businessQuerySchema.parse(fillMeaning(template, values))

type Sayings = { source: string; patterns: readonly Pattern[]; drawn: number }

/** Draws sentences of patterns, each as it is and every other one once more with slips. */
function draw({ patterns, drawn, source }: Sayings, random: Random, label: (text: string) => LabelledQuestion[]) {
  const limit = Math.max(2, Math.ceil(drawn / Math.max(1, patterns.length)))
  return patterns
    .flatMap((pattern) => expandPattern(pattern, limit, random))
    .flatMap(label)
    .flatMap((one) => {
      const slipped = { ...one, text: slip(random() < 0.25 ? slip(one.text, random) : one.text, random) }
      return random() < 0.5 && slipped.text !== one.text ? [one, slipped] : [one]
    })
    .map((one) => ({ ...one, source }))
}

/** The question with only the beginning of a name that several have, which must be asked back. */
function askedBack(
  asked: LabelledQuestion,
  slot: string,
  names: readonly NameEntry[],
  random: Random,
): LabelledQuestion[] {
  const field = asked.expect.query?.where?.find(([name]) => name === slot)
  const beginnings = sharedBeginnings(names, slot)
  if (!field || beginnings.length === 0) return []
  const { text, names: candidates } = pick(beginnings, random)
  const expect = { intent: 'clarify', field: field[0], candidates } as const
  return [{ ...asked, text: asked.text.replace(String(field[2]), text), expect, isLoose: false }]
}

const outOfScope = { intent: 'out_of_scope' } as const
const nameSlot = /\{(customer|vendor|employee|item)\}/
const kindOfSlot: Record<string, string> = {
  customer: 'company',
  vendor: 'company',
  employee: 'person',
  item: 'product',
}

function questionsOf(source: Source, madeUp: ReadonlyMap<string, string[]>): LabelledQuestion[] {
  const { questions, phrases } = source
  const { today } = questions
  return questions.questions.flatMap(({ say, mean, loose }, i) => {
    const random = createRandom(1000 + i)
    const fill = createFill(source, random)
    const sayings = {
      source: `question ${i}`,
      patterns: parseBlock(say, phrases, `question ${i}`),
      drawn: drawnOfQuestion,
    }
    return draw(sayings, random, (template) => {
      const { text, values } = fillText(template, fill)
      const asked: LabelledQuestion = {
        text,
        today,
        state: {},
        expect: { intent: 'query', query: queryOf(mean, values) },
        isLoose: loose,
        source: '',
      }
      const declined = { ...asked, expect: outOfScope, isLoose: false }
      const slot = nameSlot.exec(template)?.[1]
      const others: LabelledQuestion[] = []
      if (slot && random() < 0.25) {
        const unknown = pick(madeUp.get(kindOfSlot[slot] ?? '') ?? [''], random)
        others.push({
          ...declined,
          text: fillText(template, (one, isEnglish) =>
            one === slot ? { text: unknown, value: '' } : fill(one, isEnglish),
          ).text,
        })
      }
      if (slot && random() < 0.2) others.push(...askedBack(asked, slot, source.names, random))
      if (random() < 0.12) others.push({ ...declined, text: `${pick(questions.strange, random)} ${text}` })
      if (random() < 0.12) others.push({ ...declined, text: text.replace(' ', ` ${pick(questions.strange, random)} `) })
      return [asked, ...others]
    })
  })
}

function followUpsOf(source: Source): LabelledQuestion[] {
  const { questions, phrases } = source
  return questions.followUps.flatMap(({ say, mean, after }, i) => {
    const random = createRandom(2000 + i)
    const fill = createFill(source, random)
    const patterns = parseBlock(say, phrases, `follow-up ${i}`)
    return draw({ source: `follow-up ${i}`, patterns, drawn: drawnOfQuestion }, random, (template) => {
      const { text, values } = fillText(template, fill)
      const state = { lastQuery: queryOf(after, values) }
      const expect = { intent: 'refine', query: queryOf(mean, values) }
      return [{ text, today: questions.today, state, expect, isLoose: false, source: '' }]
    })
  })
}

function otherRequestsOf(source: Source): LabelledQuestion[] {
  const { folder, phrases, questions } = source
  return readPatterns(join(folder, 'requests'), phrases).flatMap(({ label, file, patterns }, i) => {
    if (file !== 'declined' && file !== 'talk') return []
    const random = createRandom(3000 + i)
    const fill = createFill(source, random)
    const expect = file === 'talk' ? { intent: label } : outOfScope
    const drawn = patterns.length * (file === 'talk' ? drawnOfTalk : drawnOfDeclined)
    return draw({ source: label, patterns, drawn }, random, (template) => {
      const { text } = fillText(template, fill)
      return [{ text, today: questions.today, state: {}, expect, isLoose: false, source: '' }]
    })
  })
}

/**
 * The sentences that confidence is learned from: questions with known meanings, follow-ups, the same with a name nobody knows or a
 * strange word in them, what is to be declined, small talk; all of it also with slips. The same files and names give the same.
 */
export function labelQuestions(
  catalog: Catalog,
  names: readonly NameEntry[],
  folder = trainingFolder,
): LabelledQuestion[] {
  const questions = fileSchema.parse(parse(readFileSync(join(folder, 'questions.yaml'), 'utf8')))
  const source: Source = { catalog, names, questions, phrases: readPhrases(folder), folder }
  const random = createRandom(7)
  const madeUp = new Map(
    readPatternFile(join(folder, 'names.yaml'), new Map()).map(({ label, patterns }) => [
      label,
      patterns.flatMap((pattern) => expandPattern(pattern, 60, random)),
    ]),
  )
  return [...questionsOf(source, madeUp), ...followUpsOf(source), ...otherRequestsOf(source)]
}
