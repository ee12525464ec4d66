import type { ConnectionReportBody, RunBody, SyncStatus } from '#sync'
import { alignRows } from './align-rows.ts'
import { plain, shortTime } from './terminal-text.ts'

type Language = 'ko' | 'en'

const words = {
  entity: { ko: '데이터', en: 'data' },
  records: { ko: '건수', en: 'records' },
  asOf: { ko: '기준', en: 'as of' },
  state: { ko: '상태', en: 'state' },
  good: { ko: '정상', en: 'good' },
  empty: { ko: '아직 없음', en: 'not yet' },
  read: { ko: '읽음', en: 'read' },
  added: { ko: '추가', en: 'added' },
  changed: { ko: '변경', en: 'changed' },
  removed: { ko: '삭제', en: 'removed' },
  differences: { ko: '차이', en: 'differences' },
  next: { ko: '다음 전체 동기화', en: 'next full sync' },
  run: { ko: '전체 동기화', en: 'full sync' },
  source: { ko: '변경 수신', en: 'changes' },
  lag: { ko: '지연', en: 'lag' },
} as const satisfies Record<string, Record<Language, string>>

/** The copy by entity, sources of changes and runs, for a terminal. */
export function printStatus(status: SyncStatus, language: Language): string {
  const say = (word: keyof typeof words) => words[word][language]
  const rows = status.entities.map(({ label, records, asOf, isFilled, distrusted }) => [
    label[language],
    records.toLocaleString('en-US'),
    asOf ? shortTime(asOf) : '–',
    distrusted ? plain(distrusted.reason) : say(isFilled ? 'good' : 'empty'),
  ])
  const head = [say('entity'), say('records'), say('asOf'), say('state')]
  const sources = status.sources.map(({ source, state, lagSeconds, problems }) => {
    const lag = lagSeconds === undefined ? '' : `, ${say('lag')} ${lagSeconds.toFixed(1)} s`
    return [`${say('source')}: ${plain(source)} ${state}${lag}`, ...problems.map((one) => `  ! ${plain(one)}`)].join(
      '\n',
    )
  })
  const run = status.activeRun ?? status.lastRun
  return [
    ...alignRows([head, ...rows], [false, true, false, false]),
    ...(sources.length > 0 ? ['', ...sources] : []),
    '',
    ...(run ? [`${say('run')}: ${run.state}, ${shortTime(run.finishedAt ?? run.startedAt)} (${run.run})`] : []),
    ...(status.nextRunAt ? [`${say('next')}: ${shortTime(status.nextRunAt)}`] : []),
  ].join('\n')
}

/** What a run did, entity by entity. */
export function printRun(run: RunBody, language: Language): string {
  const say = (word: keyof typeof words) => words[word][language]
  const counts = ['read', 'added', 'changed', 'removed'] as const
  const rows = run.entities.map((one) => [
    one.entity,
    ...counts.map((name) => one[name].toLocaleString('en-US')),
    String(one.differences.length),
    one.error ? `${one.state}: ${one.error[language]} (${one.error.code})` : one.state,
  ])
  const head = [say('entity'), ...counts.map(say), say('differences'), say('state')]
  const lines = alignRows([head, ...rows], [false, true, true, true, true, true, false])
  return [...lines, '', `${say('run')}: ${run.state} (${run.run})`].join('\n')
}

/** What a test of the connection found, and what to do. */
export function printConnection({ steps }: ConnectionReportBody, language: Language): string {
  return steps
    .map((step) => {
      const what = step.entity ? `${step.step} ${step.entity}` : step.step
      return `${step.ok ? '✓' : '✗'} ${step.server} ${what}: ${plain(step[language])} (${step.code}, ${step.tookMs} ms)`
    })
    .join('\n')
}
