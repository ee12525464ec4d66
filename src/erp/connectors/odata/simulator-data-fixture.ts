// The data that every simulated OData service has, before it is named as its vendor names it: tests only.

type Line = { item: string; category: string; quantity: string; amount: string; profit: string }
type Invoice = {
  number: string
  date: string
  dueDate: string | null
  customer: string
  region: string | null
  lines: Line[]
}

const dayOf = (index: number) => new Date(Date.UTC(2026, 8, 1 + index)).toISOString().slice(0, 10)

/** Names by key, as documents have them: two that differ in a wildcard only, one with a quote. */
export const customers: Record<string, string> = {
  '10100001': '한빛상사',
  '10100002': "O'Neill & Co",
  '10100003': 'Daon*Corp',
  '10100004': 'Daon 1 Corp',
}
const regions = ['11', '26', '41', null]
const items = ['볼베어링', '헬리컬 기어', 'Shaft 20mm', '50% 할인 세트', 'A_B 밸브', 'A*B 밸브']

/** 60 invoices of three lines from September 2026, and one without lines. The last amount is more than a float holds. */
export const invoices: Invoice[] = [
  ...Array.from({ length: 60 }, (_, i): Invoice => {
    const lines = Array.from({ length: 3 }, (_, j): Line => {
      const item = items[(i + j * 2) % items.length] ?? ''
      const amount =
        i === 59 && j === 2 ? '12345678901234567.89' : `${(i * 7 + j * 13) % 50}.${(i + j) % 10}${(j % 9) + 1}`
      return {
        item,
        category: j === 1 ? '기어' : '베어링',
        quantity: String((i + j) % 9),
        amount,
        profit: String(((i * 5 + j) % 17) - 4),
      }
    })
    const number = `INV-${String(i).padStart(4, '0')}`
    const dueDate = i % 9 === 0 ? null : dayOf((i % 80) + 30)
    return {
      number,
      date: dayOf(i % 80),
      dueDate,
      customer: Object.keys(customers)[i % 4] ?? '',
      region: regions[i % 4] ?? null,
      lines,
    }
  }),
  { number: 'INV-EMPTY', date: dayOf(58), dueDate: null, customer: '10100001', region: '11', lines: [] },
]

/** One of them taken back in part: vendors keep it apart, with positive amounts. */
export const creditMemo: Invoice = {
  ...{ number: 'CM-0001', date: '2026-10-20', dueDate: null, customer: '10100001', region: '11' },
  lines: [{ item: '볼베어링', category: '베어링', quantity: '1', amount: '5.50', profit: '1' }],
}
