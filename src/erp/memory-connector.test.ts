import { describeErpConnector } from './erp-connector.contract.ts'
import { createMemoryConnector } from './memory-connector-fixture.ts'

// The double that planner tests stand on is held to what real connectors do.
describeErpConnector('the connector in memory', async () => {
  const sales = Array.from({ length: 300 }, (_, i) => ({
    date: new Date(Date.UTC(2026, 8, 1 + (i % 80))).toISOString().slice(0, 10),
    customer: `customer ${i % 7}`,
    item: `item ${i % 11}`,
    region: i % 3 === 0 ? 'Seoul' : 'Busan',
    quantity: String((i * 7) % 40),
    amount: String(i * 10 + (i % 10) / 10),
    profit: String((i % 50) - 5),
    invoiceNo: `INV-${Math.floor(i / 3)}`,
  }))
  const connector = createMemoryConnector({ tables: { sales } })
  return { connector, close: connector.close }
})
