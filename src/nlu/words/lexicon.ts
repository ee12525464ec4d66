import type { Catalog, Entity } from '#catalog'
import type { Meaning, Sense } from '../pieces.ts'
import { compactOf } from '../text/normalize.ts'
import {
  adjectives,
  comparisonWords,
  cueWords,
  formatWords,
  grainWords,
  ordinalWords,
  sequences,
  superlatives,
  viewWords,
} from './cue-words.ts'
import { createWordTrie, type WordTrie } from './word-trie.ts'

/** A word of the catalog with everything it can mean. */
export type CatalogWord = { word: string; sense: Sense }

const isLatin = (word: string): boolean => /^[a-z0-9]+$/.test(word)

/** 률 and 율, 량 and 양 are taken for each other at the end of longer words: 불양률, 이익율. */
function respell(word: string): string[] {
  if (word.length < 3) return [word]
  const swapped = word.replace(/[률율]$/, (last) => (last === '률' ? '율' : '률'))
  return [...new Set([word, swapped, swapped.replace(/량(?=[률율])/, '양'), word.replace(/량(?=[률율])/, '양')])]
}

/** English words also stand in the plural. */
function inflect(word: string): string[] {
  if (/[가-힣]$/.test(word)) return respell(word)
  if (!isLatin(word) || /\d$/.test(word)) return [word]
  if (/(?:s|x|ch|sh)$/.test(word)) return [word, `${word}es`]
  return word.endsWith('y') ? [word, `${word.slice(0, -1)}ies`, `${word}s`] : [word, `${word}s`]
}

/** "for approval" is also said "for my approval". */
function withPossessive(text: string): string[] {
  const match = /^(for|by|to|of) (.+)$/.exec(text)
  return match && !text.startsWith('to ') ? [text, `${match[1]} my ${match[2]}`, `${match[1]} our ${match[2]}`] : [text]
}

type Described = { label: { ko: string; en: string }; synonyms: { ko: string[]; en: string[] } }
const labelsOf = ({ label }: Described): string[] => [label.ko, label.en]
const synonymsOf = ({ synonyms }: Described): string[] => [...synonyms.ko, ...synonyms.en.flatMap(withPossessive)]

function wordsOfEntity(entity: Entity): CatalogWord[] {
  const name = entity.entity
  const words: CatalogWord[] = []
  const add = (texts: string[], sense: Sense) => {
    for (const text of texts) for (const word of inflect(compactOf(text))) words.push({ word, sense })
  }
  add([...labelsOf(entity), ...synonymsOf(entity)], { kind: 'entity', entity: name })
  const compounds = [entity.label.en, ...entity.synonyms.en].filter((text) => text.includes(' '))
  for (const [measure, described] of Object.entries(entity.measures)) {
    add([...labelsOf(described), ...synonymsOf(described)], { kind: 'measure', entity: name, measure })
    // Sales order amount is one word, or it would be read as sales and an order amount.
    for (const { synonyms, operator, value } of described.states ?? [])
      add([...synonyms.ko, ...synonyms.en], { kind: 'state', entity: name, measure, operator, value })
    const tails = described.synonyms.en.filter((text) => !text.includes(' '))
    add(
      compounds.flatMap((text) => tails.map((tail) => `${text} ${tail}`)),
      { kind: 'measure', entity: name, measure },
    )
  }
  for (const [field, described] of Object.entries(entity.dimensions)) {
    add(labelsOf(described), { kind: 'dimension', entity: name, field, isLabel: true })
    add(synonymsOf(described), { kind: 'dimension', entity: name, field, isLabel: false })
    if (described.type !== 'code') continue
    for (const [code, value] of Object.entries(described.values)) {
      const texts = [...labelsOf(value), ...synonymsOf(value)]
      add(texts, { kind: 'status', entity: name, field, code })
      // 결재 대기 names the entity as well as the status.
      const own = [...labelsOf(entity), ...entity.synonyms.ko].map(compactOf)
      add(
        texts.filter((text) => own.some((word) => compactOf(text) !== word && compactOf(text).includes(word))),
        { kind: 'entity', entity: name },
      )
    }
  }
  return words
}

/** Every label and synonym of the catalog, folded, in both languages. */
export function catalogWords(catalog: Catalog): CatalogWord[] {
  const seen = new Set<string>()
  return Object.values(catalog.entities)
    .flatMap(wordsOfEntity)
    .filter(({ word, sense }) => {
      const key = `${word} ${JSON.stringify(sense)}`
      const isNew = word !== '' && !seen.has(key)
      seen.add(key)
      return isNew
    })
}

/** The words of the language that tell what is asked for; the same for every company. */
export function buildCueTrie(): WordTrie<Meaning> {
  const trie = createWordTrie<Meaning>()
  const add = (words: string, meaning: Meaning) => {
    for (const word of words.split(/\s+/)) if (word) trie.add(compactOf(word.replaceAll('_', ' ')), meaning)
  }
  for (const [cue, words] of Object.entries(cueWords)) add(words, { kind: 'cue', cue: cue as keyof typeof cueWords })
  for (const [words, meaning] of [...adjectives, ...superlatives, ...sequences, ...comparisonWords]) add(words, meaning)
  for (const most of ['제일', '가장', '젤']) {
    for (const [words, { direction, of }] of adjectives) {
      for (const word of words.split(' ').filter((one) => /[가-힣]/.test(one)))
        trie.add(most + word, { kind: 'most', direction, ...(of ? { of } : {}) })
    }
  }
  for (const [words, grain] of grainWords) add(words, { kind: 'grain', grain })
  for (const [words, view] of viewWords) add(words, { kind: 'view', view })
  for (const [words, format] of formatWords) add(words, { kind: 'format', format })
  for (const [words, index] of ordinalWords) add(words, { kind: 'ordinal', index })
  return trie
}

/** A trie over catalog words. */
export function buildCatalogTrie(words: readonly CatalogWord[]): WordTrie<Sense> {
  const trie = createWordTrie<Sense>()
  for (const { word, sense } of words) trie.add(word, sense)
  return trie
}
