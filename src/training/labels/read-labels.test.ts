import { expect, test } from 'vitest'
import { loadCatalog } from '#catalog'
import { decodeFile, mostRows, readLabels } from './read-labels.ts'

const deps = { catalog: loadCatalog('catalog', 'demo-odata'), labels: ['ask', 'thanks', 'receivable.balance'] }
const csv = (...lines: string[]) => readLabels(lines.join('\r\n'), 'csv', deps)
const jsonl = (...lines: unknown[]) =>
  readLabels(lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'), 'jsonl', deps)

test('a CSV is read by its header, in any order, with columns of others left alone', () => {
  const { rows, problems } = csv('Label,note,Text', 'ask,x,"매출, ""전체"" 얼마야"', '', 'thanks,,고마워')
  expect(problems).toEqual([])
  expect(rows).toEqual([
    { text: '매출, "전체" 얼마야', label: 'ask' },
    { text: '고마워', label: 'thanks' },
  ])
  expect(csv('text;label', '고마워;thanks').rows).toEqual([{ text: '고마워', label: 'thanks' }])
})

test('every line that cannot be taken is named, by the line it stands on', () => {
  const long = '가'.repeat(1_001)
  const { problems } = csv(
    'text,label',
    '"두 줄에\n걸친 말",ask',
    '모르는 말,nonsense',
    ' ,ask',
    `${long},ask`,
    '고마워,ask',
    '고마워,thanks',
  )
  expect(problems).toEqual([
    { line: 4, code: 'LABEL_UNKNOWN' },
    { line: 5, code: 'TEXT_MISSING' },
    { line: 6, code: 'TEXT_TOO_LONG' },
    { line: 8, code: 'LABEL_CONFLICT' },
  ])
  expect(csv('말,라벨', '고마워,thanks')).toEqual({
    ...{ rows: [], isTooLong: false },
    problems: [{ line: 1, code: 'HEADER_MISSING' }],
  })
  expect(csv('text,label', '"열린 채,ask').problems).toEqual([{ line: 2, code: 'LINE_UNREADABLE' }])
})

test('a JSONL line is an object with text and label or query', () => {
  const query = { entity: 'receivable', measures: ['balance'] }
  const { rows, problems } = jsonl(
    { text: '물린 돈', query, more: 1 },
    '',
    '{"text": ',
    { label: 'ask' },
    { text: 1, label: 'ask' },
    [],
  )
  expect(rows).toEqual([{ text: '물린 돈', label: 'receivable.balance', query }])
  expect(problems.map(({ line, code }) => [line, code])).toEqual([
    [3, 'LINE_UNREADABLE'],
    [4, 'LINE_UNREADABLE'],
    [5, 'LINE_UNREADABLE'],
    [6, 'LINE_UNREADABLE'],
  ])
  expect(jsonl({ text: 'a', query: { entity: 'colour', measures: [] } }).problems).toEqual([
    { line: 1, code: 'QUERY_INVALID' },
  ])
  expect(csv('text,label,query', 'a,ask,{').problems).toEqual([{ line: 2, code: 'QUERY_INVALID' }])
})

test('what keeps a spreadsheet from running a cell is taken off again', () => {
  expect(csv('text,label', "'=SUM(A1),ask", "'t,ask").rows.map(({ text }) => text)).toEqual(['=SUM(A1)', "'t"])
})

test('more lines than a file may have are too many', () => {
  const lines = Array.from({ length: mostRows }, (_, i) => `말 ${i},ask`)
  expect(csv('text,label', ...lines)).toMatchObject({ isTooLong: false, rows: { length: mostRows } })
  expect(csv('text,label', ...lines, '더,ask').isTooLong).toBe(true)
})

test('letters are read as UTF-8 with or without its mark, or as Korean Excel saves them', () => {
  expect(decodeFile(Buffer.from('\ufefftext'))).toBe('text')
  expect(decodeFile(Buffer.from([0xb0, 0xed, 0xb8, 0xb6, 0xbf, 0xf6]))).toBe('고마워')
  expect(decodeFile(Buffer.from([0xff, 0xfe, 0x41, 0x00]))).toBeUndefined()
})
