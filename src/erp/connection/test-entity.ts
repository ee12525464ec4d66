import type { Catalog } from '#catalog'
import { AppError } from '#platform/errors'
import type { ErpConnector } from '../erp-connector.ts'
import { erpErrors } from '../errors.ts'
import { reasonOf } from '../failure-reason.ts'
import { recordFields } from '../record-reader.ts'
import type { Found } from './connection-step.ts'

/** Opens a connector to the server under test, for a catalog. */
export type OpenConnector = (catalog: Catalog) => ErpConnector

/** Errors that say that the mapping or the rights are not right, rather than that the ERP is not well. */
const telling: readonly string[] = [erpErrors.refused, erpErrors.badReply, erpErrors.notHeld, erpErrors.invalid].map(
  ({ code }) => code,
)

/** Whether one record of an entity can be read with each mapped field. What is wrong is found by reading less. */
export async function testEntity(
  open: OpenConnector,
  catalog: Catalog,
  entity: string,
  signal: AbortSignal,
): Promise<Found> {
  const mapped = catalog.mapping.entities[entity]
  const set = mapped?.set ?? entity
  const key = mapped && 'key' in mapped ? mapped.key.join(', ') : 'id'
  const fields = recordFields(catalog, entity).filter((field) => mapped && Object.hasOwn(mapped.fields, field))
  const read = (only: string[]) => tryReading(open(narrowCatalog(catalog, entity, only)), entity, signal)
  const whole = await read(fields)
  if (!whole) return { finding: 'entityRead', ok: true, params: { set } }
  if (!isTelling(whole)) return failed(set, whole)
  const bare = await read([])
  if (bare) {
    const isRefused = bare instanceof AppError && bare.spec.code === erpErrors.refused.code
    if (isRefused) return { finding: 'entityRefused', ok: false, params: { set } }
    return isTelling(bare) ? { finding: 'setMissing', ok: false, params: { set, key } } : failed(set, bare)
  }
  const wrong: string[] = []
  for (const field of fields) if (isTelling(await read([field]))) wrong.push(mapped?.fields[field] ?? field)
  if (wrong.length === 0) return failed(set, whole)
  return { finding: 'fieldsMissing', ok: false, params: { set, fields: wrong.join(', ') }, fields: wrong }
}

/** What keeps a record from being read; undefined when nothing does. */
async function tryReading(connector: ErpConnector, entity: string, signal: AbortSignal): Promise<unknown> {
  try {
    await connector.records?.readPage(entity, undefined, signal)
    return undefined
  } catch (error) {
    return error ?? new Error('unknown')
  } finally {
    await connector.close()
  }
}

function isTelling(error: unknown): boolean {
  return error instanceof AppError && telling.includes(error.spec.code)
}

function failed(set: string, error: unknown): Found {
  return { finding: 'entityFailed', ok: false, params: { set, reason: reasonOf(error) } }
}

/** The catalog with one entity that has only these of its fields. */
function narrowCatalog(catalog: Catalog, entity: string, fields: string[]): Catalog {
  const { mapping } = catalog
  const mapped = mapping.entities[entity]
  const all = catalog.entities[entity]
  if (!mapped || !all) return catalog
  const names = [...Object.keys(all.dimensions), ...Object.keys(all.measures)]
  const narrowed = {
    ...mapped,
    fields: Object.fromEntries(Object.entries(mapped.fields).filter(([name]) => fields.includes(name))),
    absent: names.filter((name) => !fields.includes(name)),
    values: {},
    daysPast: {},
  }
  return { ...catalog, mapping: { ...mapping, entities: { [entity]: narrowed } } as Catalog['mapping'] }
}
