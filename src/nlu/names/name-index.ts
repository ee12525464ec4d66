import { createHash } from 'node:crypto'
import { romanize } from 'es-hangul'
import type { Catalog, Domain } from '#catalog'
import type { NameFit, Sense } from '../pieces.ts'
import { compactOf } from '../text/normalize.ts'
import type { NameEntry } from '../understanding.ts'
import { isPlainKorean } from '../words/plain-words.ts'
import { createWordTrie, type WordTrie } from '../words/word-trie.ts'
import { buildFuzzyWords, type FuzzyWords } from './fuzzy-words.ts'
import { type Glossary, readGlossary, translateName } from './glossary.ts'
import { hangulRomanKey, personRomanKeys, romanKey, splitPersonName } from './romanize.ts'
import { commonTailOf, type ShorteningStyle, shortForms } from './short-forms.ts'

export type NameSense = Extract<Sense, { kind: 'name' }>

type NameWords = Omit<WordTrie<NameSense>, 'add'>

/** Master-data names, looked up in full, by code, by other names, shortened, misspelt and romanised. Immutable: replace it whole. */
export type NameIndex = {
  /** Changes when any name does. */
  revision: string
  size: number
  trie: NameWords
  fuzzy: FuzzyWords<NameSense>
  /** Keys of `romanKey`. */
  roman: NameWords
  fuzzyRoman: FuzzyWords<NameSense>
}

const largeDomain = 5000

function styleOf(catalog: Catalog, domain: Domain, entries: readonly NameEntry[], glossary: Glossary): ShorteningStyle {
  const source = catalog.entities[domain.source.entity]
  return {
    isPerson: source?.me !== undefined && source.me === domain.source.field,
    hasCodes: domain.source.code !== undefined,
    commonTail: commonTailOf(entries.map(({ name }) => name)),
    glossary: glossary.korean,
    isLarge: entries.length > largeDomain,
  }
}

type Form = { word: string; sense: NameSense; isRoman: boolean }

function formsOf(entry: NameEntry, domain: Domain, style: ShorteningStyle, glossary: Glossary): Form[] {
  const forms: Form[] = []
  const sense = (fit: NameFit): NameSense => ({ kind: 'name', domain: entry.domain, name: entry.name, fit })
  const add = (text: string, fit: NameFit) => forms.push({ word: compactOf(text), sense: sense(fit), isRoman: false })
  const addRoman = (key: string, fit: NameFit) =>
    key.length >= 3 && forms.push({ word: key, sense: sense(fit), isRoman: true })

  // Keys have no digits: of 1라인 only a part is left that 2라인 has too.
  const fitOfKey: NameFit = /\d/.test(entry.name) ? 'short' : 'alias'

  add(entry.name, 'full')
  if (entry.code) add(entry.code, 'full')
  const spelled = style.hasCodes ? spellUnits(entry.name) : []
  const others = [...(domain.aliases[entry.name] ?? []), ...translateName(entry.name, glossary), ...spelled]
  for (const other of others) add(other, 'alias')
  for (const short of shortForms(entry.name, style)) {
    if (isPlainKorean(short, 'start')) continue
    add(short, 'short')
    if (/^[가-힣]+$/.test(short) && !style.isPerson) addRoman(hangulRomanKey(short), 'short')
  }
  if (style.isPerson) {
    const keys = personRomanKeys(entry.name)
    for (const key of keys.full) addRoman(key, 'alias')
    if (keys.given) addRoman(keys.given, 'short')
  } else if (/[가-힣]/.test(entry.name)) addRoman(romanKey(romanize(entry.name)), fitOfKey)
  for (const english of translateName(entry.name, glossary)) addRoman(romanKey(english), fitOfKey)
  return forms
}

// What the units in names of items are called: 400W is also written 400와트.
const units: Record<string, string[]> = {
  w: ['와트'],
  kw: ['킬로와트'],
  bar: ['바'],
  m: ['미터'],
  mm: ['미리', '밀리'],
  cc: ['시시', '씨씨'],
  kg: ['킬로'],
  파이: ['mm', '미리'],
}

/** A name with its unit spelled out. */
function spellUnits(name: string): string[] {
  const match = /^(.*\d)(w|kw|bar|m|mm|cc|kg|파이)$/i.exec(name)
  return match ? (units[match[2]?.toLowerCase() ?? ''] ?? []).map((unit) => `${match[1]}${unit}`) : []
}

/** Facts that only persons have, like a title: said after a family name they stand for the person. Not words of the catalog (사원). */
function titlesOf(catalog: Catalog, domain: Domain, byDomain: ReadonlyMap<string, readonly NameEntry[]>): string[] {
  const person = catalog.entities[domain.source.entity]
  if (!person) return []
  const ownWords = new Set([person.label.ko, ...person.synonyms.ko])
  return [...byDomain].flatMap(([name, entries]) => {
    const isOfPersons = catalog.domains[name]?.source.entity === person.entity && catalog.domains[name] !== domain
    const holders = Object.values(catalog.entities).filter((entity) =>
      Object.values(entity.dimensions).some((one) => one.type === 'name' && one.domain === name),
    )
    return isOfPersons && holders.length === 1
      ? entries.flatMap((entry) => (ownWords.has(entry.name) ? [] : [entry.name]))
      : []
  })
}

/** 김과장: whoever has the family name and the title; where titles are not known or nobody has both, anybody of that family name. */
function familyForms(list: readonly NameEntry[], titles: readonly string[]): Form[] {
  return list.flatMap(({ domain, name, facts = {} }) => {
    const family = splitPersonName(name)?.family
    if (family === undefined) return []
    const own = new Set(Object.values(facts))
    return titles.map((title) => ({
      word: compactOf(family + title),
      sense: { kind: 'name' as const, domain, name, fit: own.has(title) ? ('titled' as const) : ('family' as const) },
      isRoman: false,
    }))
  })
}

/** Every way to say the names of `wanted`; `all` is what there is beside them. Unknown domains are left out. */
function collectForms(catalog: Catalog, all: readonly NameEntry[], wanted: readonly NameEntry[]): Form[] {
  const glossary = readGlossary()
  const byDomain = Map.groupBy(all, (entry) => entry.domain)
  const forms: Form[] = []
  for (const [name, list] of Map.groupBy(wanted, (entry) => entry.domain)) {
    const domain = catalog.domains[name]
    if (!domain) continue
    const style = styleOf(catalog, domain, byDomain.get(name) ?? list, glossary)
    for (const entry of list) forms.push(...formsOf(entry, domain, style, glossary))
    if (style.isPerson && !style.isLarge) forms.push(...familyForms(list, titlesOf(catalog, domain, byDomain)))
  }
  return forms
}

/** An index of `wanted` alone, which are some of all the names there are. About 0.15 ms a name. */
export function indexNames(catalog: Catalog, all: readonly NameEntry[], wanted: readonly NameEntry[]): NameIndex {
  const trie = createWordTrie<NameSense>()
  const roman = createWordTrie<NameSense>()
  const seen = new Set<string>()
  const kept = collectForms(catalog, all, wanted).filter(({ word, sense, isRoman }) => {
    const key = `${isRoman ? 'r' : 'h'} ${word} ${sense.domain} ${sense.name}`
    const isNew = word !== '' && !seen.has(key)
    seen.add(key)
    return isNew
  })
  for (const { word, sense, isRoman } of kept) (isRoman ? roman : trie).add(word, sense)
  return {
    revision: revisionOf(all),
    size: all.length,
    trie,
    roman,
    fuzzy: buildFuzzyWords(
      kept
        .filter((form) => !form.isRoman && form.sense.fit !== 'family' && form.sense.fit !== 'titled')
        .map((form) => [form.word, form.sense] as const),
    ),
    fuzzyRoman: buildFuzzyWords(
      kept.filter((form) => form.isRoman && form.word.length >= 5).map((form) => [form.word, form.sense] as const),
    ),
  }
}

const revisionOf = (entries: readonly NameEntry[]): string =>
  createHash('sha256').update(JSON.stringify(entries)).digest('hex').slice(0, 12)

/** Builds the index of all names. */
export function buildNameIndex(catalog: Catalog, entries: readonly NameEntry[]): NameIndex {
  return indexNames(catalog, entries, entries)
}
