import type { Language } from '#catalog'
import { type Report, scheduleWords } from '#chat'
import type { QueryAnswer } from '#erp'
import type { Attachment, EmailRequest } from '#notify'
import type { ChartImage } from './chart/draw-chart.ts'
import type { Subscription } from './subscription.ts'

/** Rows that a mail shows; the workbook has up to `mostFileRows`. */
const mostRows = 30
export const mostFileRows = 5_000
/** What is left of ten megabytes for the picture and the file. */
const mostFileBytes = 8 * 1024 * 1024

type File = Awaited<ReturnType<Report['writeWorkbook']>>
export type ReportMail = {
  subscription: Pick<Subscription, 'language' | 'cron'>
  report: Pick<Report, 'title' | 'answer'>
  chart: ChartImage | undefined
  file: File | undefined
}

/** A report as a mail: its table cut to thirty rows, its picture and its file where that is not over eight megabytes. */
export function describeReportMail(
  { subscription, report, chart, file }: ReportMail,
  { address, link }: { address: string; link: string },
) {
  const { language, cron = '' } = subscription
  const { table, coverage = '', sourceText = '' } = report.answer
  const text = plainText(report.answer.text)
  const isFileTooLarge = file !== undefined && file.content.length > mostFileBytes
  const rows = table?.rows.slice(0, mostRows).map((row) => row.map((cell) => cutLine(cell.text))) ?? []
  const total = table?.total?.map((cell) => cutLine(cell?.text ?? ''))
  const attachments: Attachment[] = [
    ...(chart ? [{ name: 'chart.png', type: 'image/png', content: chart.png, contentId: 'chart' }] : []),
    ...(file && !isFileTooLarge ? [{ name: file.name, type: file.mediaType, content: file.content }] : []),
  ]
  const when = scheduleWords(cron, language)
  const more = sayRest(language, { count: table?.rowCount ?? 0, file: isFileTooLarge ? 'too-large' : file && 'there' })
  return {
    template: 'report',
    version: 2,
    language,
    variables: {
      title: cutLine(report.title, 150),
      period: cutLine(coverage),
      summary: cutLine(text, 1_500),
      columns: table?.columns.map(({ label }) => cutLine(label)) ?? [],
      sides: table?.columns.map(({ numeric }) => (numeric ? 'right' : 'left')) ?? [],
      rows: [...rows, ...(total ? [total] : [])],
      ...(more && { more }),
      ...(chart && { chart: cutLine(text, 500) }),
      source: cutLine(sourceText),
      schedule: language === 'ko' ? `${when}에 보내 드려요.` : `Sent ${when}.`,
      link,
    },
    recipients: [{ kind: 'to', address }],
    attachments,
    requestedBy: 'subscriptions',
  } satisfies EmailRequest
}

const digits = (count: number): string => count.toLocaleString('en-US')

/** What neither the mail nor its file has, and where it is; undefined when the mail has all. */
function sayRest(
  language: Language,
  { count, file }: { count: number; file: 'there' | 'too-large' | undefined },
): string | undefined {
  const ko = language === 'ko'
  const all = ko ? `모두 ${digits(count)}행이에요.` : `${digits(count)} rows in all.`
  if (file === 'too-large')
    return ko
      ? `${all} 파일이 8MB를 넘어 붙이지 못했어요. 챗봇에서 기간이나 조건을 좁혀 파일로 받아 주세요.`
      : `${all} The file is over 8 MB and could not be attached. Narrow the period or the conditions in the chat and download it there.`
  if (file === undefined || count <= mostRows) return undefined
  if (count > mostFileRows)
    return ko
      ? `${all} 첨부한 파일에는 처음 ${digits(mostFileRows)}행만 있어요. 나머지는 챗봇에서 기간이나 조건을 좁혀 확인해 주세요.`
      : `${all} The attached file has only the first ${digits(mostFileRows)}. For the rest, narrow the period or the conditions in the chat.`
  return ko
    ? `${all} 나머지는 첨부한 파일에 있어요.`
    : `${digits(count)} rows in all; the rest is in the attached file.`
}

/** For the workbook, when it has only the first rows of more than it may have. */
export function sayCut({ rows, completeness }: QueryAnswer, language: Language): string | undefined {
  if (completeness.kind === 'complete' || rows.length < mostFileRows) return undefined
  return language === 'ko'
    ? `모두 ${digits(completeness.of)}행 가운데 처음 ${digits(rows.length)}행이에요.`
    : `The first ${digits(rows.length)} of ${digits(completeness.of)} rows.`
}

/** On one line, and no longer than `most` letters: a break in a name would begin a row of its own. */
export function cutLine(text: string, most = 300): string {
  const letters = [...text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')]
  return (letters.length > most ? [...letters.slice(0, most - 1), '…'] : letters).join('')
}

/** Without the chat's only markup. */
export const plainText = (text: string): string => text.replaceAll('**', '')
