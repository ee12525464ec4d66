import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { RecordReader } from '#erp'
import { createLogger } from '#platform/log'
import { openOData } from '../../erp/connectors/odata/open-odata-fixture.ts'
import type { Record_ } from '../../erp/connectors/odata/simulator-filter-fixture.ts'
import { createPollingSource } from './change-source.polling.ts'
import type { ChangeBatch } from './change-source.ts'

const log = createLogger({ level: 'silent', role: 'test' })
const hourMs = 3_600_000
const billing = 'odata/sap/API_BILLING_DOCUMENT_SRV/A_BillingDocument'

const erps = [
  { dialect: 'business-central', set: 'salesInvoices', modified: 'lastModifiedDateTime', customer: 'sellToState' },
  { dialect: 's4hana-v2', set: billing, modified: 'LastChangeDateTime', customer: 'Region' },
] as const

test.each(erps.flatMap((erp) => [0, 2, -2].map((skewHours) => ({ ...erp, skewHours }))))(
  'polling hears of changes in $dialect, whose clock is $skewHours h ahead of ours',
  async (erp) => {
    const { dialect, set, modified, customer, skewHours } = erp
    const office = await openOData(dialect, { limits: { pageSize: 7 } })
    const documents = office.sets[set]?.rows ?? []
    const write = (index: number, region: string) => {
      const at = new Date(Date.now() + skewHours * hourMs).toISOString()
      Object.assign(documents[index] as Record_, { [customer]: region, [modified]: at })
    }
    const { readModified } = office.connector.records as Required<RecordReader>
    const source = createPollingSource({
      records: { readModified },
      entities: ['sales'],
      everyMs: 5,
      overlapMs: 1_000,
      log,
    })
    const stop = new AbortController()
    const batches: ChangeBatch[] = []
    const begin = await source.renew?.(undefined, stop.signal)
    const following = source.follow(begin?.position, async (batch) => void batches.push(batch), stop.signal)
    const regions = () =>
      batches.flatMap(({ records = [] }) => records).map((change) => ('row' in change ? change.row.region : undefined))
    const heardOf = async (region: string, documentCount: number) => {
      await expect
        .poll(() => regions().filter((one) => one === region).length, { timeout: 10_000 })
        .toBe(documentCount * 3)
    }

    // More documents at one time than a page has.
    for (let index = 0; index < 20; index += 1) write(index, 'first')
    await heardOf('first', 20)
    write(30, 'second')
    await heardOf('second', 1)
    await wait(50)
    write(30, 'third')
    write(2, 'third')
    await heardOf('third', 2)
    expect(source.status().problems).toEqual([])
    stop.abort()
    await following
    await office.close()
  },
)
