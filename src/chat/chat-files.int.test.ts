import { inflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { answerOf } from './answer/render-fixture.ts'
import { ask, get, json, replyOf, useChatServer } from './chat-server-fixture.ts'

const at = useChatServer()

describe('files', () => {
  const rows = [
    { vendor: '=HYPERLINK("http://evil")', amount: '1234567.89', date: '2026-11-02', status: 'open' },
    { vendor: '가나, "다"', amount: '-12345678901234567890', date: '2026-11-03', status: 'received' },
    { vendor: '+82', amount: null, date: null, status: 'gone' },
  ]
  async function fetchFile(format: string) {
    at.answerQuery = async ({ query }) =>
      answerOf(query, rows, { columns: answerOf(query, []).columns.filter(({ name }) => name in (rows[0] ?? {})) })
    const { conversationId, turn } = replyOf(await ask(at, '발주 목록'))
    return get(at, `/api/v1/conversations/${conversationId}/turns/${turn.turnId}/export?format=${format}`)
  }

  test('a CSV has a byte order mark, exact values and no formulas', async () => {
    const response = await fetchFile('csv')
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(response.headers.get('content-disposition')).toContain(
      `filename*=UTF-8''${encodeURIComponent('발주_2026-11-23.csv')}`,
    )
    const bytes = Buffer.from(await response.arrayBuffer())
    expect(bytes.subarray(0, 3).toString('hex')).toBe('efbbbf')
    expect(bytes.toString('utf8').slice(1).trim().split('\r\n')).toEqual([
      '공급업체,발주금액 (원),발주일,상태',
      `"'=HYPERLINK(""http://evil"")",1234567.89,2026-11-02,미입고`,
      '"가나, ""다""",-12345678901234567890,2026-11-03,입고',
      `"'+82",,,gone`,
    ])
    expect(at.audited.at(-1)).toMatchObject({
      action: 'chat.export',
      outcome: 'ok',
      details: { rows: 3, format: 'csv' },
    })
  })

  test('a workbook holds numbers as numbers, long ones exactly, and says what it is', async () => {
    const response = await fetchFile('xlsx')
    expect(response.headers.get('content-type')).toContain('spreadsheetml')
    const text = readZip(Buffer.from(await response.arrayBuffer()))
    expect(text).toContain('<v>1234567.89</v>')
    expect(text).toContain('-12345678901234567890')
    expect(text).toContain('발주 목록')
    expect(text).toContain('ERP 실시간 · 14:32 기준')
  })

  test('rights are those of now', async () => {
    const { conversationId, turn } = replyOf(await ask(at, '미지급금'))
    const response = await get(at, `/api/v1/conversations/${conversationId}/turns/${turn.turnId}/export`)
    expect([response.status, (await json(response)).error.code]).toEqual([403, 'EXPORT_NOT_ALLOWED'])
    expect(at.audited.at(-1)).toMatchObject({ action: 'chat.export', outcome: 'refused' })
  })

  test('small talk has no file, and too many rows are refused', async () => {
    const { conversationId, turn } = replyOf(await ask(at, '안녕'))
    expect((await get(at, `/api/v1/conversations/${conversationId}/turns/${turn.turnId}/export`)).status).toBe(409)
    const list = replyOf(await ask(at, '발주 목록'))
    at.answerQuery = async ({ query }) => answerOf(query, rows, { completeness: { kind: 'first', of: 50_001 } })
    const response = await get(at, `/api/v1/conversations/${list.conversationId}/turns/${list.turn.turnId}/export`)
    expect([response.status, (await json(response)).error.code]).toEqual([400, 'EXPORT_TOO_BIG'])
  })
})

/** The texts of all files in a zip, which is what a workbook is. */
function readZip(zip: Buffer): string {
  const texts: string[] = []
  for (let at = zip.indexOf('PK\u0001\u0002'); at >= 0; at = zip.indexOf('PK\u0001\u0002', at + 4)) {
    const [method, size, local] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20), zip.readUInt32LE(at + 42)]
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
    const data = zip.subarray(start, start + size)
    texts.push((method === 8 ? inflateRawSync(data) : data).toString('utf8'))
  }
  return texts.join('\n')
}
