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

/**
 * Names count for entities that can hold them, the more the fewer those are (an account speaks for expenses and budgets), and
 * against those that can't.
 */
function nameVote(catalog: Catalog, entity: Entity, names: readonly NameSense[]): Votes {
  const best: Votes = { named: 0, shared: -1.5 }
  for (const domain of new Set(names.map((sense) => sense.domain))) {
    if (!hasDomain(entity, domain)) continue
    const holders = Object.values(catalog.entities).filter((one) => hasDomain(one, domain)).length
    const source = catalog.domains[domain]?.source
    const isHome = source?.entity === entity.entity && source.field === 'name'
    best.shared = Math.max(best.shared, isHome ? 0.6 : 0.4)
    // Part of a name (반품 of 반품창고) is often a word of its own.
    const isTold = names.some((sense) => sense.domain === domain && sense.fit !== 'short')
    if (holders <= 2 && isTold) best.named = Math.max(best.named, holders === 1 ? 1.5 : 1.1)
  }
  return best
}

/** Whether the word is only what to cut by: 거래처별, by customer. */
export type IsGrouping = (piece: Piece) => boolean

function wordVotes(catalog: Catalog, piece: Piece, isBy: boolean): Map<string, Votes> {
  const votes = new Map<string, Votes>()
  if (piece.meaning.kind !== 'words') return votes
  const catalogSenses = piece.meaning.senses.filter((sense) => sense.kind !== 'name')
  for (const [, senses] of Map.groupBy(catalogSenses, (sense) => sense.kind)) {
    const sharedBy = new Set(senses.map((sense) => sense.entity)).size
    for (const sense of senses) {
      const vote = voteOf(sense, sharedBy, isBy)
      const before = votes.get(sense.entity) ?? { named: 0, shared: 0 }
      votes.set(sense.entity, {
        named: Math.max(before.named, vote.named),
        shared: Math.max(before.shared, vote.shared),
      })
    }
  }
  const names = piece.meaning.senses.filter((sense) => sense.kind === 'name')
  if (names.length > 0 && catalogSenses.length === 0) {
    for (const entity of Object.values(catalog.entities)) votes.set(entity.entity, nameVote(catalog, entity, names))
  }
  return votes
}

const kindRank: Record<Entity['kind'], number> = {
  transaction: 0.05,
  balance: 0.04,
  snapshot: 0.02,
  document: 0.03,
  master: 0.01,
}

function cueVotes(entity: Entity, pieces: readonly Piece[]): number {
  let score = kindRank[entity.kind]
  if (hasCue(pieces, 'me')) score += entity.me ? 0.3 : -1
  if (hasCue(pieces, 'myDepartment')) score += entity.myDepartment ? 0.3 : -1
  for (const { meaning } of piecesOf(pieces, 'document')) score += documentPrefix(entity, meaning.prefix) ? 4 : 0
  if (hasCue(pieces, 'who') && entity.kind === 'master' && entity.me) score += 0.8
  const isPriced = Object.values(entity.dimensions).some(({ type }) => type === 'money')
  if (isPriced && pieces.some(({ meaning }) => 'of' in meaning && meaning.of === 'price')) score += 1
  const units = piecesOf(pieces, 'amount').map(({ meaning }) => meaning.unit)
  if (units.some((unit) => unit === entity.counter.ko && entity.kind === 'master')) score += 0.2
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
  const scores = new Map(
    Object.values(catalog.entities).map((entity) => [
      entity.entity,
      { entity, score: cueVotes(entity, pieces), named: 0 },
    ]),
  )
  for (const piece of pieces) {
    if (piece.meaning.kind !== 'words') continue
    const votes = wordVotes(catalog, piece, isGrouping(piece))
    const weight = isIdle(piece) ? 0.5 : 1
    for (const entry of scores.values()) count(entry, votes.get(entry.entity.entity), weight)
  }
  for (const { meaning } of piecesOf(pieces, 'document')) {
    for (const entry of scores.values()) if (documentPrefix(entry.entity, meaning.prefix)) entry.named += 4
  }
  return [...scores.values()].sort((a, b) => b.score - a.score)
}
