import { setImmediate as breathe } from 'node:timers/promises'
import type { Understand } from '#nlu'
import type { DataStore } from '../data/data-store.ts'
import type { Job } from '../jobs/job.ts'
import type { JobStore } from '../jobs/job-store.ts'
import type { ReviewEffect } from './api.ts'
import { measureReviewed, mostReviewed } from './measure-reviewed.ts'
import type { ReviewStore } from './review-store.ts'

type Deps = {
  reviews: Pick<ReviewStore, 'readReviewed' | 'countNew'>
  data: Pick<DataStore, 'listDatasets'>
  jobs: Pick<JobStore, 'list'>
  understand: Understand
}

/** Jobs looked through for the last that measured reviewed questions. */
const jobsLookedAt = 20

/** What an evaluation says of reviewed questions. */
export type ReviewedShare = { rows: number; right: number; rightInService: number }

/** What the reviews so far change: read anew by the model in service, and as the last job found. Throws as `understand` does. */
export async function measureEffect({ reviews, data, jobs, understand }: Deps): Promise<ReviewEffect> {
  const [questions, [dataset], recent] = await Promise.all([
    reviews.readReviewed(mostReviewed),
    data.listDatasets(1),
    jobs.list(jobsLookedAt),
  ])
  const read = await measureReviewed(questions, understand, breathe)
  const lastJob = recent.flatMap(describeJob)[0]
  return {
    ...{ rows: read.length, right: read.filter(({ isRight }) => isRight).length },
    waiting: await reviews.countNew(dataset?.createdAt),
    ...(lastJob && { lastJob }),
    readings: read.map(({ turnId, isRight }) => ({ turn: turnId, isRight })),
  }
}

function describeJob({ jobId, state, finishedAt, steps }: Job): NonNullable<ReviewEffect['lastJob']>[] {
  const result = steps.find(({ step }) => step === 'evaluate')?.result as
    | { reviewed?: ReviewedShare }
    | null
    | undefined
  if (!result?.reviewed) return []
  const { rows, right, rightInService } = result.reviewed
  const end = finishedAt ? { finishedAt: finishedAt.toISOString() } : {}
  return [{ job: jobId, state, ...end, rows, right, rightBefore: rightInService }]
}
