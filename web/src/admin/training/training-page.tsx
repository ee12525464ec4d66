import { useEffect, useEffectEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Reading } from '../../parts/reading.tsx'
import { Page } from '../../parts/section.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import type { TrainingRequests } from '../training-requests.ts'
import { JobsSection } from './jobs-section.tsx'
import { ModelsSection } from './models-section.tsx'
import { ScheduleSection } from './schedule-section.tsx'
import { ServingSection } from './serving-section.tsx'

const activeMs = 2_000
const quietMs = 20_000

/** Training jobs step by step, when they begin, the models they made, and which of them serves. */
export function TrainingPage({ requests }: { requests: TrainingRequests }) {
  const { t } = useTranslation('admin')
  const jobs = useLoaded(requests.listJobs, 'jobs')
  const models = useLoaded(requests.listModels, 'models')
  const schedule = useLoaded(requests.readSchedule, 'schedule')
  const isActive = jobs.loaded.state === 'ready' && jobs.loaded.value.some(({ finishedAt }) => !finishedAt)
  const look = useEffectEvent(() => {
    if (document.hidden) return
    jobs.reload()
    models.reload()
  })
  useEffect(() => {
    const timer = setInterval(look, isActive ? activeMs : quietMs)
    return () => clearInterval(timer)
  }, [isActive])
  return (
    <Page title={t('pages.training')} lead={t('training.lead')}>
      <Reading of={models} rows={3}>
        {(value) => <ServingSection models={value} requests={requests} onChanged={models.reload} />}
      </Reading>
      <Reading of={jobs} rows={4}>
        {(value) => <JobsSection jobs={value} requests={requests} onChanged={jobs.reload} />}
      </Reading>
      <Reading of={schedule} rows={3}>
        {(value) => <ScheduleSection schedule={value} requests={requests} onChanged={schedule.show} />}
      </Reading>
      <Reading of={models} rows={4}>
        {(value) => <ModelsSection models={value} requests={requests} onChanged={models.reload} />}
      </Reading>
    </Page>
  )
}
