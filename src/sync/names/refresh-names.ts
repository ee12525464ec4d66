import { type Catalog, type Domain, isHeld, permitQuery } from '#catalog'
import type { Erp, Row } from '#erp'
import type { NameEntry, NameStore } from '#nlu'
import type { Logger } from '#platform/log'

/** `erp`: every group of a query, however many. */
export type RefreshDeps = { listGroups: Erp['listGroups']; catalog: Catalog; names: NameStore; log: Logger }

export type RefreshReport = { changed: string[]; failed: string[] }

const longestName = 200

/**
 * Reads the names of every domain from the ERP and keeps them. A domain that cannot be read, or comes back empty, keeps its
 * old names: yesterday's are better than none. One domain at a time, so that questions come first at the ERP.
 */
export async function refreshNames(
  { listGroups, catalog, names, log }: RefreshDeps,
  signal: AbortSignal,
): Promise<RefreshReport> {
  const report: RefreshReport = { changed: [], failed: [] }
  for (const [name, domain] of Object.entries(catalog.domains)) {
    // What the ERP has nothing for has no names either.
    if (!isHeld(catalog, domain.source.entity, domain.source.field)) continue
    try {
      const entries = await readDomain(name, domain, { listGroups, signal })
      if (entries.length === 0)
        log.warn({ 'names.domain': name }, 'The ERP has no names of this kind; the old ones stay')
      else if (await names.replace(name, entries)) report.changed.push(name)
    } catch (error) {
      if (signal.aborted) throw error
      report.failed.push(name)
      log.warn({ 'names.domain': name, err: error }, 'Names could not be refreshed; the old ones stay')
    }
  }
  return report
}

type Reading = { listGroups: Erp['listGroups']; signal: AbortSignal }

async function readDomain(domain: string, { source }: Domain, { listGroups, signal }: Reading): Promise<NameEntry[]> {
  const groupBy = [source.field, ...(source.code ? [source.code] : []), ...(source.facts ?? [])]
  const query = permitQuery({ entity: source.entity, measures: [], groupBy }, 'all', 'service')
  const rows = await listGroups(query, signal)
  return rows.flatMap((row) => readEntry(domain, source, row))
}

/** Records without a name have none to be asked for by; longer ones are texts in the wrong place. */
export function readEntry(domain: string, source: Domain['source'], row: Row): NameEntry[] {
  const [name, code] = [row[source.field], source.code ? row[source.code] : undefined]
  if (typeof name !== 'string' || name.trim() === '' || name.length > longestName) return []
  const facts = factsOf(source.facts ?? [], row)
  return [
    {
      domain,
      name,
      ...(typeof code === 'string' && code !== '' ? { code } : {}),
      ...(Object.keys(facts).length > 0 ? { facts } : {}),
    },
  ]
}

function factsOf(fields: readonly string[], row: Row): Record<string, string> {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = row[field]
      return typeof value === 'string' && value !== '' && value.length <= longestName ? [[field, value]] : []
    }),
  )
}
