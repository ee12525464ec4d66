import type { ImportedLabels, TrainingJob, TrainingModels, TrainingSchedule } from '#training'
import { alignRows } from './align-rows.ts'
import { plain, shortTime } from './terminal-text.ts'

type Language = 'ko' | 'en'

const words = {
  job: { ko: '학습 작업', en: 'job' },
  state: { ko: '상태', en: 'state' },
  step: { ko: '단계', en: 'step' },
  progress: { ko: '진행', en: 'progress' },
  started: { ko: '시작', en: 'started' },
  model: { ko: '모델', en: 'model' },
  serving: { ko: '서비스 중', en: 'in service' },
  canary: { ko: '일부 적용', en: 'canary' },
  shadow: { ko: '시험 중 (답에는 쓰지 않음)', en: 'in shadow' },
  read: { ko: '읽은 질문', en: 'read' },
  dropped: { ko: '건너뜀', en: 'dropped' },
  failed: { ko: '실패', en: 'failed' },
  otherIntent: { ko: '다른 의도', en: 'another intent' },
  otherQuery: { ko: '다른 조회', en: 'another query' },
  otherConfidence: { ko: '다른 확신도', en: 'another confidence' },
  golden: { ko: '기준 질문', en: 'golden' },
  heldOut: { ko: '검증 문장', en: 'held out' },
  made: { ko: '만든 때', en: 'made' },
  trainer: { ko: '학습 도구', en: 'trainer' },
  next: { ko: '다음 정기 학습', en: 'next training' },
  off: { ko: '정기 학습 꺼짐', en: 'no regular training' },
} as const satisfies Record<string, Record<Language, string>>

const sayIn = (language: Language) => (word: keyof typeof words) => words[word][language]

/** What serves, the last jobs, and when the next one is due, for a terminal. */
export function printTraining(
  { models, jobs, schedule }: { models: TrainingModels; jobs: TrainingJob[]; schedule: TrainingSchedule },
  language: Language,
): string {
  const say = sayIn(language)
  const rows = jobs.map((job) => [job.job, job.state, job.step, job.outcome?.code ?? '', shortTime(job.createdAt)])
  const table = alignRows([[say('job'), say('state'), say('step'), '', say('started')], ...rows])
  const next = schedule.nextRunAt ? `${say('next')}: ${shortTime(schedule.nextRunAt)}` : say('off')
  const shadows = shadowLines(models, language)
  return [
    printServing(models.serving, language),
    ...shadows,
    ...(jobs.length > 0 ? ['', ...table] : []),
    '',
    next,
  ].join('\n')
}

/** One job step by step, and why it ended as it did. */
export function printJob(job: TrainingJob, language: Language): string {
  const say = sayIn(language)
  const rows = job.steps.map((one) => [
    one.step,
    `${Math.round(one.progress * 100)} %`,
    one.finishedAt ? `${((Date.parse(one.finishedAt) - Date.parse(one.startedAt)) / 1000).toFixed(1)} s` : '…',
  ])
  const reasons = (job.outcome?.reasons ?? []).map((reason) => `  ! ${plain(reason)}`)
  const lines = alignRows([[say('step'), say('progress'), ''], ...rows], [false, true, true])
  return [...lines, '', `${say('job')}: ${job.state} ${job.outcome?.code ?? ''} (${job.job})`, ...reasons].join('\n')
}

/** Every version with its figures. */
export function printModels({ models, serving }: TrainingModels, language: Language): string {
  const say = sayIn(language)
  const percent = (share: number | null | undefined) =>
    typeof share === 'number' ? `${(100 * share).toFixed(1)} %` : '–'
  const rows = models.map((one) => [
    ...[one.model, one.model === serving.model ? '●' : one.model === serving.canary?.model ? '◐' : ''],
    ...[percent(one.metrics?.golden.exact), percent(one.metrics?.heldOut.accuracy), plain(one.trainer)],
    shortTime(one.createdAt),
  ])
  const head = [say('model'), '', say('golden'), say('heldOut'), say('trainer'), say('made')]
  return [...alignRows([head, ...rows], [false, false, true, true]), '', printServing(serving, language)].join('\n')
}

export function printServing({ model, canary, shadow }: TrainingModels['serving'], language: Language): string {
  const say = sayIn(language)
  const trial = (word: 'canary' | 'shadow', one: typeof canary) =>
    one ? `, ${say(word)}: ${one.model} (${Math.round(one.share * 100)} %)` : ''
  return `${say('serving')}: ${model}${trial('canary', canary)}${trial('shadow', shadow)}`
}

const mostShadows = 5

/** What the last models in shadow read otherwise than what answered. */
function shadowLines({ deployments }: TrainingModels, language: Language): string[] {
  const say = sayIn(language)
  const columns = ['readings', 'otherIntent', 'otherQuery', 'otherConfidence', 'failed', 'dropped'] as const
  const rows = deployments.flatMap(({ model, shadow }) =>
    shadow ? [[model, ...columns.map((column) => String(shadow[column]))]] : [],
  )
  if (rows.length === 0) return []
  const head = [say('shadow'), ...columns.map((column) => say(column === 'readings' ? 'read' : column))]
  return ['', ...alignRows([head, ...rows.slice(0, mostShadows)], [false, true, true, true, true, true, true])]
}

/** What came of a file of labelled sentences. */
export function printImported({ rows, added, known }: ImportedLabels, language: Language): string {
  return language === 'ko'
    ? `${rows}줄 가운데 ${added}줄을 새로 가져왔어요. ${known}줄은 이미 있어요.`
    : `${added} of ${rows} lines were added; ${known} were there already.`
}
