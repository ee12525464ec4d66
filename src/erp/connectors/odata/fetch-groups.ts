import { AggregateUnsupported, type GroupSpec } from '../../erp-connector.ts'
import { type Asking, fetchPages, type Pages } from './fetch-pages.ts'
import type { Source } from './fetch-records.ts'
import { isDirect, type MappedSet } from './mapped-set.ts'
import { createGroupReader } from './read-rows.ts'
import { needsTest } from './split-filter.ts'
import { writeGroupRequest } from './write-request.ts'

/** Groups by `$apply`. Throws AggregateUnsupported for what only records can tell. */
export async function fetchGroups(asking: Asking, { entity, mapped, split }: Source, spec: GroupSpec): Promise<Pages> {
  if (needsTest(split)) throw new AggregateUnsupported(false)
  const pages = await fetchPages(asking, {
    path: writeGroupRequest(mapped, spec, split.sent),
    dialect: mapped.dialect,
    key: [],
    isAggregate: true,
    hasLines: false,
    read: createGroupReader(entity, mapped, spec),
    enough: spec.limit,
    maxRows: spec.maxRows,
  })
  return { ...pages, rows: pages.rows.slice(0, spec.limit) }
}

/** Throws AggregateUnsupported for groups that no ERP of this dialect makes of these sets, whatever it is asked. */
export function requireGroupable(
  [mapped, ...more]: [MappedSet, ...MappedSet[]],
  { keys, aggregates }: GroupSpec,
): void {
  const { apply, dateParts } = mapped.dialect
  if (!apply || mapped.lines !== undefined || more.length > 0) throw new AggregateUnsupported(false)
  const fields = [...keys, ...aggregates].flatMap((one) => ('field' in one ? [one.field] : []))
  const isMissing = keys.some(({ part }) => part !== undefined && !dateParts.includes(part))
  if (isMissing || fields.some((field) => !isDirect(mapped, field))) throw new AggregateUnsupported(false)
}
