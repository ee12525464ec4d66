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

/** Whether one record of an entity can be read with each mapped field, from each set that holds it. What is wrong is found by reading less. */
export async function testEntity(
  open: OpenConnector,
  catalog: Catalog,
  entity: string,
  signal: AbortSignal,
): Promise<Found> {
  let found: Found | undefined
  for (const source of sourcesOf(catalog, entity)) {
    found = await testSource(open, { catalog, entity, source }, signal)
    if (!found.ok) return found
  }
  return found ?? failed(entity, new Error('not mapped'))
}

type Source = Catalog['mapping']['entities'][string]
type Tested = { catalog: Catalog; entity: string; source: Source }

/** How the ERP holds an entity: in one set as a rule, in several where each has some of its records. */
function sourcesOf({ mapping }: Catalog, entity: string): Source[] {
  const mapped = mapping.entities[entity]
  if (!mapped) return []
  if (!('also' in mapped)) return [mapped]
  const { also, ...own } = mapped
  return [own, ...also].map((source) => ({ ...mapped, ...source, also: [] }))
}

async function testSource(open: OpenConnector, tested: Tested, signal: AbortSignal): Promise<Found> {
  const { catalog, entity, source } = tested
  const { set } = source
  const key = 'key' in source ? source.key.join(', ') : 'id'
  const fields = recordFields(catalog, entity).filter((field) => Object.hasOwn(source.fields, field))
  const read = (only: string[]) => tryReading(open(narrowCatalog(tested, only)), entity, signal)
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
  for (const field of fields) if (isTelling(await read([field]))) wrong.push(source.fields[field] ?? field)
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

/** The catalog with one entity, held in one set, that has only these of its fields. */
function narrowCatalog({ catalog, entity, source }: Tested, fields: string[]): Catalog {
  const { mapping } = catalog
  const all = catalog.entities[entity]
  const names = all ? [...Object.keys(all.dimensions), ...Object.keys(all.measures)] : []
  const narrowed = {
    ...source,
    fields: Object.fromEntries(Object.entries(source.fields).filter(([name]) => fields.includes(name))),
    absent: names.filter((name) => !fields.includes(name)),
    values: {},
    daysPast: {},
  }
  return { ...catalog, mapping: { ...mapping, entities: { [entity]: narrowed } } as Catalog['mapping'] }
}
