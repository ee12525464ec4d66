import { describe } from 'vitest'
import { describeErpConnector } from '../../erp-connector.contract.ts'
import type { GroupSpec } from '../../erp-connector.ts'
import { openOData } from './open-odata-fixture.ts'

const everything = () => true
const hasPart = ({ keys }: GroupSpec) => keys.some(({ part }) => part !== undefined)

describe.each([
  ['business-central', everything],
  ['finance-operations', everything],
  ['s4hana-v2', everything],
  ['s4hana', hasPart],
] as const)('against a simulator', (dialect, leaves) => {
  // Pages of a size that most readings need several of.
  describeErpConnector(`OData of ${dialect}`, () => openOData(dialect, { limits: { pageSize: 25 } }), { leaves })
})
