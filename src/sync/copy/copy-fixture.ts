import type { ErpConnector, FetchSpec } from '#erp'
import type { Copy, CopyRecord } from './copy.ts'
import type { EntityTable } from './entity-table.ts'

const { signal } = new AbortController()
let runs = 0

/** The id of a run of its own. */
export function newRun(): string {
  runs += 1
  return `00000000-0000-4000-8000-${String(runs).padStart(12, '0')}`
}

/** Fills the copy of an entity at once, in pages. */
export async function fillWith(
  copy: Copy,
  entity: string,
  records: readonly CopyRecord[],
  asOf: string,
): Promise<void> {
  const run = newRun()
  await copy.beginFill(run, entity)
  const pageSize = 5_000
  for (let start = 0; start === 0 || start < records.length; start += pageSize) {
    const next = start + pageSize < records.length ? String(start + pageSize) : undefined
    await copy.stage(run, entity, { records: records.slice(start, start + pageSize), next, asOf })
  }
  await copy.finishFill(run, entity)
}

/** Every record of an entity, read through a connector in the order of the ERP's keys, which number them. */
export async function readRecords(connector: ErpConnector, table: EntityTable): Promise<CopyRecord[]> {
  const fields = table.columns.map(({ name }) => name)
  const spec: FetchSpec = {
    kind: 'records',
    entity: table.entity,
    filter: { is: 'every', of: [] },
    fields,
    orderBy: [],
    maxRows: 1_000_000,
  }
  const { rows } = await connector.fetch(spec, signal)
  return rows.map((row, i) => ({ key: String(i + 1), row }))
}
