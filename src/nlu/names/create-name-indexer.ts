import type { Catalog } from '#catalog'
import type { NameEntry } from '../understanding.ts'
import { layerNames, nameKey } from './layer-names.ts'
import { buildNameIndex, indexNames, type NameIndex } from './name-index.ts'

/** So many changed names are laid over the others each time; with more, they become a layer that the next are laid over. */
const mostOnTop = 16
/** A look-up asks each layer. Beyond, and for more changes than layers are worth, all names are indexed together. */
const mostLayers = 6
const mostLaid = 64
const mostLaidShare = 0.02

/**
 * Indexes the names each time that they change. To index all takes 0.15 ms a name; the few that changed since are laid over those
 * indexed before, so that a new name can be understood at once however many there are.
 */
export function createNameIndexer(catalog: Catalog): (entries: readonly NameEntry[]) => NameIndex {
  let base = buildNameIndex(catalog, [])
  let indexed = new Map<string, string>()
  let layers = 0

  function keep(index: NameIndex, groups: Map<string, NameEntry[]>, depth: number): NameIndex {
    base = index
    indexed = new Map([...groups].map(([key, group]) => [key, JSON.stringify(group)]))
    layers = depth
    return base
  }

  return (entries) => {
    const groups = Map.groupBy(entries, nameKey)
    const changed = new Map([...groups].filter(([key, group]) => indexed.get(key) !== JSON.stringify(group)))
    const gone = new Set([...indexed.keys()].filter((key) => !groups.has(key) || changed.has(key)))
    const keys = new Set([...changed.keys(), ...gone])
    if (keys.size === 0) return base
    const isMuch = keys.size > Math.max(mostLaid, indexed.size * mostLaidShare)
    if (isMuch || layers === mostLayers || changesOthers(catalog, domainsOf(keys)))
      return keep(buildNameIndex(catalog, entries), groups, 0)
    const laid = layerNames(base, indexNames(catalog, entries, [...changed.values()].flat()), gone)
    return keys.size > mostOnTop ? keep(laid, groups, layers + 1) : laid
  }
}

const domainsOf = (keys: ReadonlySet<string>): Set<string> => new Set([...keys].map((key) => key.split('\0')[0] ?? ''))

/** Titles are part of how people are called: with a new one there are new ways to say the names of all. */
function changesOthers({ domains, entities }: Catalog, changed: ReadonlySet<string>): boolean {
  const people = Object.entries(domains).filter(([, { source }]) => entities[source.entity]?.me === source.field)
  return people.some(([person, { source }]) =>
    [...changed].some((name) => name !== person && domains[name]?.source.entity === source.entity),
  )
}
