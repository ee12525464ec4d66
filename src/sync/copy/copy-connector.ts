import type { Catalog } from '#catalog'
import { type ErpConnector, erpErrors, type FetchResult, type FetchSpec, invalidQuery, type Row } from '#erp'
import type { Database } from '#platform/database'
import { AppError } from '#platform/errors'
import { seoulDate } from '#platform/seoul-date'
import type { CopyEntityState } from './copy.ts'
import { entityTables, readCell } from './entity-table.ts'
import { copyErrors } from './errors.ts'
import { readCopyState } from './read-state.ts'
import type { Select } from './select-parts.ts'
import { writeSelect } from './write-select.ts'

type Deps = { database: Database; catalog: Catalog; now?: () => Date }

/**
 * The copy as an ERP that groups, counts distinct values and knows the parts of a date. Throws COPY_NOT_READY for an entity that
 * no full sync has filled, COPY_DISTRUSTED for one that may differ from the ERP.
 */
export function createCopyConnector({ database, catalog, now = () => new Date() }: Deps): ErpConnector {
  const tables = entityTables(catalog)
  const since = now().toISOString()

  async function fetch(spec: FetchSpec, signal: AbortSignal): Promise<FetchResult> {
    signal.throwIfAborted()
    const table = tables.get(spec.entity)
    if (!table) throw invalidQuery('entity', `there is no copy of '${spec.entity}'`)
    const { statement, cells } = writeSelect(table, spec, seoulDate(now()))
    // Its age first: rows that are newer than they are said to be harm nobody.
    const [state] = await readCopyState(database.kysely, spec.entity, signal)
    const asOf = requireReady(state)
    const { rows: raws } = await statement.execute(database.kysely, { signal })
    if (raws.length > spec.maxRows) throw new AppError(erpErrors.tooBig)
    const rows = raws.map((raw) => readCells(cells, raw))
    const total = spec.limit === undefined ? undefined : raws[0]?.total
    return { rows, count: Number(total ?? rows.length), source: 'copy', asOf, calls: 1 }
  }

  return {
    capabilities: () => ({ aggregate: 'server', countDistinct: true, dateParts: ['year', 'month'] }),
    fetch,
    status: () => ({ state: 'live', servers: [{ name: 'copy', state: 'unknown', since }] }),
    close: async () => undefined,
  }
}

function requireReady(state: CopyEntityState | undefined): string {
  if (state?.distrusted) throw new AppError(copyErrors.distrusted)
  if (!state?.isFilled || state.asOf === undefined) throw new AppError(copyErrors.notReady)
  return state.asOf
}

function readCells(cells: Select['cells'], raw: Record<string, unknown>): Row {
  const row: Row = {}
  for (const [i, { name, isWhole }] of cells.entries()) row[name] = readCell(isWhole, raw[`c${i}`])
  return row
}
