import type { Catalog, Entity } from '#catalog'
import { hasCue, type Piece, piecesOf, type Sense } from '../pieces.ts'

/** How strongly the words speak for one entity. `named`: by its own words, not only by words that others share. */
export type EntityScore = { entity: Entity; score: number; named: number }

const hasDomain = (entity: Entity, domain: string): boolean =>
  Object.values(entity.dimensions).some((dimension) => dimension.type === 'name' && dimension.domain === domain)

const documentPrefix = (entity: Entity, prefix: string): boolean =>
  Object.values(entity.dimensions).some((dimension) => dimension.type === 'documentNo' && dimension.prefix === prefix)

type Votes = { named: number; shared: number }

function voteOf(sense: Sense, sharedBy: number, isBy: boolean): Votes {
  switch (sense.kind) {
    case 'entity':
      return isBy ? { named: 0, shared: 0.3 } : { named: 3 / Math.sqrt(sharedBy), shared: 0 }
    case 'measure':
      return sharedBy === 1 ? { named: 2.8, shared: 0 } : { named: 0.4, shared: 1.6 / sharedBy }
    case 'status':
    case 'state':
      return sharedBy === 1 ? { named: 1.6, shared: 0 } : { named: 0, shared: 1 / sharedBy }
    case 'dimension':
      if (sharedBy <= 2) return { named: 1.2 / sharedBy ** 0.5, shared: 0 }
      return { named: 0, shared: sense.isLabel ? 0.55 : 0.5 }
    default:
      return { named: 0, shared: 0 }
  }
}

type NameSense = Extract<Sense, { kind: 'name' }>

/** What of the catalog is asked at every sentence. */
type Facts = {
  entities: readonly Entity[]
  /** The entities that have a place for names of a domain. */
  holders: ReadonlyMap<string, ReadonlySet<Entity>>
  priced: ReadonlySet<Entity>
  /** A word's senses are one list as long as its catalog and names are; so are the votes they give. */
  votes: WeakMap<readonly Sense[], VotesOfWord>
}
type VotesOfWord = { plain?: Map<string, Votes>; by?: Map<string, Votes> }
const factsOfCatalog = new WeakMap<Catalog, Facts>()

function factsOf(catalog: Catalog): Facts {
  const known = factsOfCatalog.get(catalog)
  if (known) return known
  const entities = Object.values(catalog.entities)
  const facts: Facts = {
    votes: new WeakMap(),
    entities,
    holders: new Map(
      Object.keys(catalog.domains).map((domain) => [
        domain,
        new Set(entities.filter((entity) => hasDomain(entity, domain))),
      ]),
    ),
    priced: new Set(
      entities.filter(({ dimensions }) => Object.values(dimensions).some(({ type }) => type === 'money')),
    ),
  }
  factsOfCatalog.set(catalog, facts)
  return facts
}

/**
 * Names count for entities that can hold them, the more the fewer those are (an account speaks for expenses and budgets), and
 * against those that can't.
 */
function nameVote(catalog: Catalog, entity: Entity, names: readonly NameSense[]): Votes {
  const { holders } = factsOf(catalog)
  const best: Votes = { named: 0, shared: -1.5 }
  for (const domain of new Set(names.map((sense) => sense.domain))) {
    const ableTo = holders.get(domain)
    if (!ableTo?.has(entity)) continue
    const source = catalog.domains[domain]?.source
    const isHome = source?.entity === entity.entity && source.field === 'name'
    best.shared = Math.max(best.shared, isHome ? 0.6 : 0.4)
    // Part of a name (반품 of 반품창고) is often a word of its own.
    const isTold = names.some((sense) => sense.domain === domain && sense.fit !== 'short')
    if (ableTo.size <= 2 && isTold) best.named = Math.max(best.named, ableTo.size === 1 ? 1.5 : 1.1)
  }
  return best
}

/** Whether the word is only what to cut by: 거래처별, by customer. */
export type IsGrouping = (piece: Piece) => boolean

function wordVotes(catalog: Catalog, senses: readonly Sense[], isBy: boolean): Map<string, Votes> {
  const votes = new Map<string, Votes>()
  const catalogSenses = senses.filter((sense) => sense.kind !== 'name')
  for (const [, alike] of Map.groupBy(catalogSenses, (sense) => sense.kind)) {
    const sharedBy = new Set(alike.map((sense) => sense.entity)).size
    for (const sense of alike) {
      const vote = voteOf(sense, sharedBy, isBy)
      const before = votes.get(sense.entity) ?? { named: 0, shared: 0 }
      votes.set(sense.entity, {
        named: Math.max(before.named, vote.named),
        shared: Math.max(before.shared, vote.shared),
      })
    }
  }
  const names = senses.filter((sense) => sense.kind === 'name')
  if (names.length > 0 && catalogSenses.length === 0) {
    for (const entity of factsOf(catalog).entities) votes.set(entity.entity, nameVote(catalog, entity, names))
  }
  return votes
}

function votesFor(catalog: Catalog, senses: readonly Sense[], isBy: boolean): Map<string, Votes> {
  const { votes: known } = factsOf(catalog)
  const kept = known.get(senses) ?? {}
  const key = isBy ? 'by' : 'plain'
  const votes = kept[key] ?? wordVotes(catalog, senses, isBy)
  kept[key] = votes
  known.set(senses, kept)
  return votes
}

const kindRank: Record<Entity['kind'], number> = {
  transaction: 0.05,
  balance: 0.04,
  snapshot: 0.02,
  document: 0.03,
  master: 0.01,
}

/** What of a sentence speaks for an entity beside its words. */
type Cues = {
  isMine: boolean
  isOurs: boolean
  asksWho: boolean
  ofPrice: boolean
  prefixes: readonly string[]
  units: readonly (string | undefined)[]
}

const readCues = (pieces: readonly Piece[]): Cues => ({
  isMine: hasCue(pieces, 'me'),
  isOurs: hasCue(pieces, 'myDepartment'),
  asksWho: hasCue(pieces, 'who'),
  ofPrice: pieces.some(({ meaning }) => 'of' in meaning && meaning.of === 'price'),
  prefixes: piecesOf(pieces, 'document').map(({ meaning }) => meaning.prefix),
  units: piecesOf(pieces, 'amount').map(({ meaning }) => meaning.unit),
})

function cueVotes(entity: Entity, { isMine, isOurs, asksWho, prefixes, units }: Cues, isPriced: boolean): number {
  let score = kindRank[entity.kind]
  if (isMine) score += entity.me ? 0.3 : -1
  if (isOurs) score += entity.myDepartment ? 0.3 : -1
  for (const prefix of prefixes) score += documentPrefix(entity, prefix) ? 4 : 0
  if (asksWho && entity.kind === 'master' && entity.me) score += 0.8
  if (isPriced) score += 1
  if (entity.kind === 'master' && units.includes(entity.counter.ko)) score += 0.2
  return score
}

/** A word that an entity can do nothing with speaks against it. */
const foreignVote = -1

/** An idle word counts half for those that know it and against none. */
function count(entry: EntityScore, vote: Votes | undefined, weight: 0.5 | 1): void {
  if (!vote) entry.score += weight === 1 ? foreignVote : 0
  else {
    entry.score += weight * (vote.named + vote.shared)
    entry.named += weight * vote.named
  }
}

/**
 * Entities by how well the words fit, best first. `named` 0 means no word spoke for it in particular. `isIdle`: a catalog word that
 * is only a particle or a light verb.
 */
export function scoreEntities(
  catalog: Catalog,
  pieces: readonly Piece[],
  isGrouping: IsGrouping,
  isIdle: IsGrouping,
): EntityScore[] {
  const { entities, priced } = factsOf(catalog)
  const cues = readCues(pieces)
  const scores = entities.map((entity) => ({
    entity,
    score: cueVotes(entity, cues, cues.ofPrice && priced.has(entity)),
    named: 0,
  }))
  for (const piece of pieces) {
    if (piece.meaning.kind !== 'words') continue
    const votes = votesFor(catalog, piece.meaning.senses, isGrouping(piece))
    const weight = isIdle(piece) ? 0.5 : 1
    for (const entry of scores) count(entry, votes.get(entry.entity.entity), weight)
  }
  for (const prefix of cues.prefixes) {
    for (const entry of scores) if (documentPrefix(entry.entity, prefix)) entry.named += 4
  }
  return scores.sort((a, b) => b.score - a.score)
}
