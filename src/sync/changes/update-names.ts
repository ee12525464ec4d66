import { type Catalog, type Domain, isHeld } from '#catalog'
import type { Row } from '#erp'
import type { NameEntry, NameStore } from '#nlu'
import type { AppliedChange } from '../copy/copy.ts'
import { readEntry } from '../names/refresh-names.ts'

type Deps = {
  catalog: Catalog
  names: Pick<NameStore, 'change'>
  /** Of these rows those whose fields no record of the entity in the copy has; none while the entity isn't filled. */
  findUnheld: (entity: string, fields: readonly string[], rows: readonly Row[]) => Promise<Row[]>
}

/**
 * Takes changed records' names to the names that people can be understood by: new ones at once, old ones when no record has
 * them any more. What a crash leaves out comes with the next refresh of the names.
 */
export function createNameUpdate({
  catalog,
  names,
  findUnheld,
}: Deps): (changes: readonly AppliedChange[]) => Promise<void> {
  const domains = Object.entries(catalog.domains).filter(([, { source }]) =>
    isHeld(catalog, source.entity, source.field),
  )
  return async (changes) => {
    const added: NameEntry[] = []
    const removed: NameEntry[] = []
    for (const [name, { source }] of domains) {
      const ofEntity = changes.filter(({ entity }) => entity === source.entity)
      if (ofEntity.length === 0) continue
      const { come, gone } = compareNames(name, source, ofEntity)
      added.push(...come)
      if (gone.length === 0) continue
      const fields = [source.field, ...(source.code ? [source.code] : [])]
      const unheld = await findUnheld(source.entity, fields, gone)
      removed.push(...unheld.flatMap((row) => readEntry(name, source, row)))
    }
    if (added.length > 0 || removed.length > 0) await names.change(added, removed)
  }
}

/** Names that records have now and had not before, and rows whose names they had. */
function compareNames(
  domain: string,
  source: Domain['source'],
  changes: readonly AppliedChange[],
): { come: NameEntry[]; gone: Row[] } {
  const come = new Map<string, NameEntry>()
  const gone = new Map<string, Row>()
  for (const { before, after } of changes) {
    const [was] = before ? readEntry(domain, source, before) : []
    const [is] = after ? readEntry(domain, source, after) : []
    if (is && JSON.stringify(is) !== JSON.stringify(was)) come.set(keyOf(is), is)
    if (was && before && (!is || keyOf(was) !== keyOf(is))) gone.set(keyOf(was), before)
  }
  for (const key of come.keys()) gone.delete(key)
  return { come: [...come.values()], gone: [...gone.values()] }
}

const keyOf = ({ name, code }: NameEntry): string => JSON.stringify([name, code])
