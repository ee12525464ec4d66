import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createErpCaller, type ErpCaller } from './call-test-erp.ts'
import { startTestErp, type TestErp } from './start-test-erp.ts'

let erp: TestErp
let call: ErpCaller
beforeAll(async () => {
  erp = await startTestErp()
  call = createErpCaller(erp)
})
afterAll(() => erp[Symbol.asyncDispose]())

/** Filters that are mostly right, with values at the edges: what gets past our own checks and reaches PostgreSQL. */
const { filter } = fc.letrec((tie) => ({
  text: fc.oneof(
    fc.constantFrom('CustomerName', 'tolower(ItemName)', 'trim(InvoiceNo)', 'null'),
    fc.string({ unit: 'grapheme', maxLength: 6 }).map((value) => `'${value.replaceAll("'", "''")}'`),
  ),
  number: fc.constantFrom(
    'Amount',
    'LineId',
    'year(DocumentDate)',
    'length(ItemName)',
    '0',
    '-1',
    '2147483648',
    '1e99',
    '-1e-99',
    '0.1',
    '99999999999999999999',
    'null',
  ),
  date: fc.constantFrom('DocumentDate', '0001-01-01', '9999-12-31', '2024-02-29', 'null'),
  operator: fc.constantFrom('eq', 'ne', 'lt', 'le', 'gt', 'ge'),
  test: fc.oneof(
    ...(['text', 'number', 'date'] as const).map((kind) =>
      fc.tuple(tie(kind), tie('operator'), tie(kind)).map((parts) => parts.join(' ')),
    ),
    fc
      .tuple(fc.constantFrom('contains', 'startswith', 'endswith'), tie('text'), tie('text'))
      .map(([name, a, b]) => `${name}(${a},${b})`),
    fc.array(tie('number'), { minLength: 1, maxLength: 3 }).map((list) => `LineId in (${list.join()})`),
    fc.constantFrom('true', 'false eq true'),
  ),
  filter: fc.oneof(
    { maxDepth: 4 },
    tie('test'),
    fc.tuple(tie('filter'), fc.constantFrom('and', 'or'), tie('filter')).map(([a, word, b]) => `(${a}) ${word} (${b})`),
    tie('filter').map((inner) => `not (${inner})`),
  ),
}))

it('answers or refuses every filter, and never fails', async () => {
  let answered = 0
  await fc.assert(
    fc.asyncProperty(filter, async (text) => {
      const query = new URLSearchParams({
        $filter: String(text),
        $orderby: 'CustomerName desc',
        $top: '2',
        $select: 'LineId',
      })
      const reply = await call.get(`SalesInvoiceLines?${query}`)
      const body = await reply.text()
      expect([200, 400], `${text}: ${body}`).toContain(reply.status)
      JSON.parse(body)
      if (reply.ok) answered += 1
    }),
    { numRuns: 200 },
  )
  expect(answered).toBeGreaterThan(60)
})

it.each([
  "compute(true as B,'x' as S,5 as N,tolower(CustomerName) as L)/groupby((B,S,N,L),aggregate(N with sum as T,S with max as M))",
  'groupby((DocumentDate,InvoiceNo,ItemName))/aggregate($count as N)',
  'aggregate($count as N)/compute(N as M)/filter(M gt 1e99)',
  'aggregate(DocumentDate with min as A,DocumentDate with max as B,CustomerName with countdistinct as C)/filter(A lt 2030-01-01 and not (B eq null))',
  'groupby((CustomerName),aggregate(Amount with average as A))/filter(A gt 1)/groupby((A))/aggregate(A with max as M,$count as N)',
  'filter(false)/groupby((CustomerName))',
])('answers %s', async (apply) => {
  const page = await call.page(`SalesInvoiceLines?${new URLSearchParams({ $apply: apply, $count: 'true', $top: '3' })}`)
  expect(page.value.length).toBeLessThanOrEqual(3)
})
