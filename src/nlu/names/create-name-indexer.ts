import type { Catalog } from '#catalog'
import type { NameEntry } from '../understanding.ts'
import { layerNames, nameKey } from './layer-names.ts'
import { buildNameIndex, indexNames, type NameIndex } from './name-index.ts'

/** More changed names than this, or than this share of all, are indexed together with all others. */
const mostLaid = 50
const mostLaidShare = 0.02

/**
 * Indexes the names each time that they change. To index all takes 0.15 ms a name; the few that changed since are laid over those
 * indexed before, so that a new name can be understood at once however many there are.
 */
export function createNameIndexer(catalog: Catalog): (entries: readonly NameEntry[]) => NameIndex {
  let base = buildNameIndex(catalog, [])
  let indexed = new Map<string, string>()

  function indexAll(entries: readonly NameEntry[], groups: Map<string, NameEntry[]>): NameIndex {
    base = buildNameIndex(catalog, entries)
    indexed = new Map([...groups].map(([key, group]) => [key, JSON.stringify(group)]))
    return base
  }

  return (entries) => {
    const groups = Map.groupBy(entries, nameKey)
    const changed = new Map([...groups].filter(([key, group]) => indexed.get(key) !== JSON.stringify(group)))
    const gone = new Set([...indexed.keys()].filter((key) => !groups.has(key) || changed.has(key)))
    const count = new Set([...changed.keys(), ...gone]).size
    if (count === 0) return base
    const domains = new Set([...changed.keys(), ...gone].map((key) => key.split('\0')[0] ?? ''))
    if (count > Math.max(mostLaid, indexed.size * mostLaidShare) || changesOthers(catalog, domains))
      return indexAll(entries, groups)
    return layerNames(base, indexNames(catalog, entries, [...changed.values()].flat()), gone)
  }
}

/** Titles are part of how people are called: with a new one there are new ways to say the names of all. */
function changesOthers({ domains, entities }: Catalog, changed: ReadonlySet<string>): boolean {
  const people = Object.entries(domains).filter(([, { source }]) => entities[source.entity]?.me === source.field)
  return people.some(([person, { source }]) =>
    [...changed].some((name) => name !== person && domains[name]?.source.entity === source.entity),
  )
}
