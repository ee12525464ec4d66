import { expect, test } from 'vitest'
import { describeReportMail, type ReportMail, sayCut } from './describe-report-mail.ts'

const mailOf = (language: 'ko' | 'en', rowCount: number, bytes?: number) => {
  const table = { columns: [], rows: [], rowCount } as unknown as NonNullable<ReportMail['report']['answer']['table']>
  const answer = { kind: 'data', language, text: '**12억**이에요.', chips: [], prompts: [], table } as never
  const file =
    bytes === undefined ? undefined : { name: '매출.xlsx', mediaType: 'application/zip', content: Buffer.alloc(bytes) }
  const mail: ReportMail = {
    subscription: { language, cron: '0 9 * * 1' },
    report: { title: '매출', answer },
    chart: undefined,
    file,
  }
  return describeReportMail(mail, { address: 'minsu@hanbit.example', link: 'https://chat.example.com/' })
}
const moreOf = (...given: Parameters<typeof mailOf>) => (mailOf(...given).variables as { more?: string }).more

test('a mail that has all says nothing of a rest', () => {
  expect(moreOf('ko', 30, 100)).toBeUndefined()
  expect(moreOf('ko', 1)).toBeUndefined()
})

test('a mail says where its rest is', () => {
  expect(moreOf('ko', 31, 100)).toBe('모두 31행이에요. 나머지는 첨부한 파일에 있어요.')
  expect(moreOf('en', 5_000, 100)).toBe('5,000 rows in all; the rest is in the attached file.')
})

test('a file that has not all says so', () => {
  expect(moreOf('ko', 12_345, 100)).toContain('모두 12,345행이에요. 첨부한 파일에는 처음 5,000행만 있어요.')
  expect(moreOf('en', 5_001, 100)).toContain('5,001 rows in all. The attached file has only the first 5,000.')
  const rows = Array.from({ length: 5_000 }, () => ({}))
  const cut = { rows, completeness: { kind: 'first', of: 12_345 } } as never
  expect(sayCut(cut, 'ko')).toBe('모두 12,345행 가운데 처음 5,000행이에요.')
  expect(sayCut({ rows, completeness: { kind: 'complete' } } as never, 'ko')).toBeUndefined()
})

test('a file of more than eight megabytes is not attached, and the mail says so', () => {
  const eight = 8 * 1024 * 1024
  expect(mailOf('ko', 10, eight).attachments).toHaveLength(1)
  expect(mailOf('ko', 10, eight + 1).attachments).toEqual([])
  expect(moreOf('ko', 10, eight + 1)).toContain('파일이 8MB를 넘어 붙이지 못했어요.')
  expect(moreOf('en', 10, eight + 1)).toContain('over 8 MB')
})
