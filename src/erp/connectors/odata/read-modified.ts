import { z } from 'zod'
import type { Catalog } from '#catalog'
import { AppError } from '#platform/errors'
import { erpErrors } from '../../errors.ts'
import { type ErpRecord, type RecordPage, writeKey } from '../../record-reader.ts'
import { RetryableReply } from '../http/retry-call.ts'
import { askRecords, behindKey, openRecords, type Plan, planSet, type Reading } from './ask-records.ts'
import { writeKeyTest } from './key-literals.ts'
import { type MappedSet, mappedSets } from './mapped-set.ts'
import type { RawRecord } from './read-page.ts'

type ModifiedCall = { entity: string; since: string; after: string | undefined }
type ModifiedPage = RecordPage & { modifiedUntil: string }

/**
 * Where reading goes on: in which of the sets, from which millisecond; `second`: within the second that begins there, behind the
 * key `key`, or at its first.
 */
const cursorShape = z.strictObject({
  set: z.number(),
  from: z.number(),
  second: z.boolean(),
  key: z.array(z.string()).optional(),
})
type Cursor = z.infer<typeof cursorShape>

const secondMs = 1_000

/** Whether a mapping says of any entity where the ERP keeps the time of modification. */
export function keepsTimes({ mapping }: Catalog): boolean {
  return mapping.connector === 'odata' && Object.values(mapping.entities).some(({ modified }) => modified !== undefined)
}

/**
 * A page of the records modified at or after an instant, oldest first to the second. By time alone until a page is full; the
 * second in which it ended is then read again as a whole, by keys: replies may show less of a time than the ERP orders by, and
 * some services test no alternatives across fields. Sets that hold an entity together come one after the other; only the first
 * moves `modifiedUntil`, because while another is read, the first may change. Throws ERP_BAD_REPLY where no such time is kept.
 */
export async function readModified(reading: Reading, { entity, since, after }: ModifiedCall): Promise<ModifiedPage> {
  const sets = mappedSets(reading.catalog, entity)
  const cursor: Cursor =
    after === undefined ? { set: 0, from: Date.parse(since), second: false } : cursorShape.parse(JSON.parse(after))
  const mapped = sets[cursor.set]
  if (!mapped) throw new Error('a cursor names a set of the entity')
  const { found, next, asOf } = await readSet(reading, { entity, mapped, since }, cursor)
  const following = next ?? startOf(cursor.set + 1, sets.length, since)
  const newest = Math.max(...found.map(({ at }) => at))
  const isFirst = cursor.set === 0 && found.length > 0
  return {
    records: found
      .flatMap(({ records }) => records)
      .map(({ key, row }) => ({ key: sets.length === 1 ? key : writeKey([String(cursor.set), key]), row })),
    next: following && JSON.stringify(following),
    asOf,
    modifiedUntil: isFirst ? new Date(newest).toISOString() : since,
  }
}

function startOf(set: number, count: number, since: string): Cursor | undefined {
  return set < count ? { set, from: Date.parse(since), second: false } : undefined
}

/** A record of a set and when it was modified, in milliseconds. */
type Found = { records: ErpRecord[]; at: number }
type SetCall = { entity: string; mapped: MappedSet; since: string }

async function readSet(reading: Reading, { entity, mapped, since }: SetCall, cursor: Cursor) {
  const plan = await planSet(reading, entity, mapped)
  const name = timeProperty(plan)
  const takeRecords = await openRecords(reading, entity, plan)
  const take = (record: RawRecord): Found[] => [{ records: takeRecords(record), at: readTime(record[name]) }]
  // The second in which it begins may be older than what is asked for.
  const least = Math.max(cursor.from, Date.parse(since))
  const conditions = [timeTest(plan, name, 'ge', least)]
  if (cursor.second) conditions.push(timeTest(plan, name, 'lt', cursor.from + secondMs))
  if (cursor.key) conditions.push(behindKey(plan, cursor.key))
  const orderBy = cursor.second ? mapped.key : [name, ...mapped.key.filter((key) => key !== name)]
  const page = await askRecords(plan, { conditions, orderBy, beside: [name], take })
  if (page.taken.some(({ at }) => at < least - secondMs)) throw badReply('records of an earlier time came')
  const isEnd = page.isShort || page.last === undefined
  if (cursor.second) {
    const found = page.taken.sort((a, b) => a.at - b.at)
    const next: Cursor = isEnd
      ? { set: cursor.set, from: cursor.from + secondMs, second: false }
      : { ...cursor, key: page.last }
    return { found, next, asOf: page.asOf }
  }
  if (isEnd) return { found: page.taken, next: undefined, asOf: page.asOf }
  const last = beginOf(page.taken.at(-1)?.at ?? least)
  const next: Cursor = { set: cursor.set, from: last, second: true }
  return { found: page.taken.filter(({ at }) => at < last), next, asOf: page.asOf }
}

/** The property that has the time. Throws ERP_BAD_REPLY where none is mapped, or the ERP has no instant there. */
function timeProperty({ mapped, types }: Plan): string {
  const { modified, set } = mapped
  if (modified === undefined) throw badReply(`no time of modification is mapped for ${set}`)
  const type = types.get(modified)
  if (type !== 'Edm.DateTimeOffset') throw badReply(`${modified} of ${set} is ${type ?? 'not there'}, and no instant`)
  return modified
}

function timeTest({ mapped, types }: Plan, name: string, operator: 'ge' | 'lt', ms: number): string {
  const value = new Date(ms).toISOString().replace('.000Z', 'Z')
  return writeKeyTest({ name, type: types.get(name), version: mapped.dialect.version }, operator, value)
}

function beginOf(ms: number): number {
  return Math.floor(ms / secondMs) * secondMs
}

/** The milliseconds of an instant: of its text, or as V2 writes it, `/Date(1130168212000+0000)/`. */
function readTime(raw: unknown): number {
  const text = typeof raw === 'string' ? raw : ''
  const ticks = /^\/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\/$/.exec(text)?.[1]
  const ms = ticks === undefined ? Date.parse(text) : Number(ticks)
  if (Number.isNaN(ms)) throw new RetryableReply('a time of modification was expected')
  return ms
}

function badReply(problem: string): AppError {
  return new AppError(erpErrors.badReply, { cause: new Error(problem) })
}
