import type { Catalog } from '#catalog'
import { documentPrefixes } from '../grammar/documents.ts'
import type { Piece } from '../pieces.ts'
import { isIdleWord } from '../plan/sentence.ts'
import type { Reading } from '../read-text.ts'
import type { NameGuess, NameKind } from './name-kinds.ts'

/** A reading as if a name nobody knows were one of a domain. `text`: the name as it was typed, without particles. */
export type AssumedName = { reading: Reading; text: string; domain: string }

/** `domain`: said by a word of the catalog in it. */
type Stretch = { start: number; end: number; domain?: string }

const particle =
  /(?<=[가-힣]{2})(?:한테서|에게서|으로|에서|에게|한테|이랑|하고|까지|부터|은|는|이|가|을|를|의|에|와|과|랑|도|만|로|께|씨|님)$/

/** The domain of names that a catalog word stands for: 창고, 팀. */
function domainOfWord(catalog: Catalog, reading: Reading, piece: Piece): string | undefined {
  const { meaning } = piece
  if (meaning.kind !== 'words' || isIdleWord(reading, piece)) return undefined
  for (const sense of meaning.senses) {
    if (sense.kind !== 'dimension') continue
    const dimension = catalog.entities[sense.entity]?.dimensions[sense.field]
    if (dimension?.type === 'name') return dimension.domain
  }
  return undefined
}

/** A part that many names share and that may belong to one more: 볼트, 정밀. */
const isPart = ({ meaning }: Piece): boolean =>
  meaning.kind === 'words' && meaning.senses.every((sense) => sense.kind === 'name' && sense.fit === 'short')

/** The one run of words that nothing knows, with what belongs to it: a kind of place glued to it, the shared part of a name. */
function findStretch(catalog: Catalog, reading: Reading): Stretch | undefined {
  const { unknown, pieces, normal } = reading
  const [first] = unknown
  if (!first || unknown.length > 4 || unknown.some(({ isSign }) => isSign)) return undefined
  const stretch: Stretch = { start: first.start, end: first.end }
  for (const word of unknown.slice(1)) {
    if (word.start !== stretch.end) return undefined
    stretch.end = word.end
  }
  const next = pieces.find(({ start }) => start === stretch.end)
  if (!next) return stretch
  const domain = normal.gap[stretch.end] ? undefined : domainOfWord(catalog, reading, next)
  if (domain) return { ...stretch, end: next.end, domain }
  return isPart(next) ? { ...stretch, end: next.end } : stretch
}

/** 4라인, 세원정밀: what reads as a number is the beginning of a name that is not there. */
function findNumbered(catalog: Catalog, reading: Reading): Stretch | undefined {
  const { pieces, normal } = reading
  for (const [i, piece] of pieces.entries()) {
    const next = pieces[i + 1]
    if (piece.meaning.kind !== 'amount' || piece.meaning.unit !== undefined || next?.start !== piece.end) continue
    if (normal.gap[next.start]) continue
    const domain = domainOfWord(catalog, reading, next)
    if (domain) return { start: piece.start, end: next.end, domain }
    if (isPart(next) && /[가-힣]/.test(normal.compact[piece.start] ?? '')) return { start: piece.start, end: next.end }
  }
  return undefined
}

/** The domains of a catalog that hold names of a kind. */
function domainsOf(catalog: Catalog, kind: NameKind): string[] {
  return Object.entries(catalog.domains).flatMap(([domain, { source }]) => {
    const home = catalog.entities[source.entity]
    if (!home || (source.field !== 'name' && home.me !== source.field)) return []
    const isPerson = home.me === source.field
    const isProduct = source.code !== undefined
    const own: NameKind = isPerson ? 'person' : isProduct ? 'product' : 'company'
    return own === kind ? [domain] : []
  })
}

/** The kind of place that a name says of itself at its end: 마케팅팀. */
function domainOfTail(catalog: Catalog, text: string): string | undefined {
  for (const { dimensions } of Object.values(catalog.entities)) {
    for (const dimension of Object.values(dimensions)) {
      if (dimension.type !== 'name') continue
      const words = [dimension.label.ko, ...dimension.synonyms.ko]
      if (words.some((word) => text.length >= word.length + 2 && text.endsWith(word))) return dimension.domain
    }
  }
  return undefined
}

type Named = { text: string; length: number; guess: NameGuess }

const likelihoodOfName = (guess: NameGuess): number => 1 - (guess.find(({ kind }) => kind === 'word')?.probability ?? 1)

/** The name without the particle at its end, unless it looks much more like a name with it. */
function withoutParticle(typed: string, guessName: (text: string) => NameGuess): Named {
  const whole = { text: typed, length: typed.length, guess: guessName(typed) }
  const text = typed.replace(particle, '')
  const bare = { text, length: text.length, guess: guessName(text) }
  return likelihoodOfName(bare.guess) >= 0.8 * likelihoodOfName(whole.guess) ? bare : whole
}

/** Half a document number is a slip of it, no name: SO-2026. */
const isDocument = (catalog: Catalog, text: string): boolean =>
  documentPrefixes(catalog).some((prefix) => text.toUpperCase().startsWith(`${prefix}-`))

const codeLike = /^[a-z]{1,4}-?\d[\w-]*$/i
const likelyName = 0.5
const honorific = /^\s*(?:씨|님)(?![가-힣]{2})/

/**
 * The readings of a sentence in which the one thing that nothing knows is taken for a name, likeliest domain first. None when it
 * does not look like a name.
 */
export function assumeNames(catalog: Catalog, reading: Reading, guessName: (text: string) => NameGuess): AssumedName[] {
  const { normal, pieces } = reading
  const stretch = reading.unknown.length > 0 ? findStretch(catalog, reading) : findNumbered(catalog, reading)
  if (!stretch) return []
  const rawStart = normal.rawAt[normal.textAt[stretch.start] ?? 0] ?? 0
  const rawEnd = normal.rawAt[(normal.textAt[stretch.end - 1] ?? 0) + 1] ?? normal.raw.length
  const typed = normal.raw.slice(rawStart, rawEnd).trim()
  const { text, guess } = stretch.domain ? { text: typed, guess: [] } : withoutParticle(typed, guessName)
  const tail = stretch.domain ?? domainOfTail(catalog, text)
  const isPerson = honorific.test(normal.raw.slice(rawEnd))
  if (text.length < 2 || isDocument(catalog, text)) return []
  const isName = tail !== undefined || isPerson || codeLike.test(text) || likelihoodOfName(guess) >= likelyName
  if (!isName) return []
  const kinds: NameKind[] = isPerson ? ['person'] : codeLike.test(text) ? ['product'] : guess.map(({ kind }) => kind)
  const domains = tail ? [tail] : [...new Set(kinds.flatMap((kind) => domainsOf(catalog, kind)))]
  return domains.map((domain) => {
    const piece: Piece = {
      start: stretch.start,
      end: stretch.end,
      score: 0,
      slips: 0,
      meaning: { kind: 'words', senses: [{ kind: 'name', domain, name: text, fit: 'full' }] },
    }
    const others = pieces.filter(({ start, end }) => end <= stretch.start || start >= stretch.end)
    return {
      text,
      domain,
      reading: { ...reading, pieces: [...others, piece].sort((a, b) => a.start - b.start), unknown: [] },
    }
  })
}
