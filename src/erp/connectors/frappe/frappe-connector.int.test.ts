import { describe } from 'vitest'
import { describeErpConnector } from '../../erp-connector.contract.ts'
import type { GroupSpec } from '../../erp-connector.ts'
import { openFrappe } from './open-frappe-fixture.ts'

const hasDistinct = ({ aggregates }: GroupSpec) => aggregates.some(({ fn }) => fn === 'distinct')
const hasExtreme = ({ aggregates }: GroupSpec) => aggregates.some(({ fn }) => fn === 'max' || fn === 'min')
const hasPart = ({ keys }: GroupSpec) => keys.some(({ part }) => part !== undefined)

describe.each([
  ['15.121.3', (spec: GroupSpec) => hasDistinct(spec) || hasExtreme(spec) || hasPart(spec)],
  ['16.36.1', hasDistinct],
])('against a simulator', (version, leaves) => {
  describeErpConnector(
    `Frappe ${version}`,
    async () => {
      const { connect, close } = await openFrappe(version)
      // Pages of a size that most lists need several of.
      return { connector: connect({ limits: { pageSize: 50 } }).connector, close }
    },
    { leaves },
  )
})
