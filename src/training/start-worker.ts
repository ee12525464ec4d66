import { type MessageQueue, Rejected } from '#platform/queue'
import type { TrainingDeps } from './jobs/job-context.ts'
import { type JobWork, workJobs } from './jobs/work-jobs.ts'
import { requestQueue, resultQueue } from './messages.ts'
import { openScheduled } from './schedule.ts'
import { noteResult } from './take-result.ts'
import { startWatch } from './watch-deployments.ts'

type Deps = TrainingDeps & { messages: MessageQueue; everyMs?: number; leaseMs?: number }

/** What is only to be looked at now and then, in milliseconds. */
const watchEveryMs = 15_000

/** Keeps training going in a worker: jobs as they are asked for or due, what other programs hand over, and deployments watched. */
export async function startTrainingWorker({
  messages,
  everyMs = 2_000,
  leaseMs = 20_000,
  ...deps
}: Deps): Promise<JobWork> {
  const { jobs, log, now } = deps
  const watch = startWatch({ ...deps, everyMs: watchEveryMs })
  const work = workJobs({
    ...{ ...deps, everyMs, leaseMs },
    beforeLook: async () => void (await openScheduled(jobs, now())),
  })
  const requests = await messages.consume(requestQueue, { prefetch: 4 }, async ({ message }) => {
    const { job, trainer } = message.body
    if (trainer !== undefined && trainer !== 'foreign' && !Object.hasOwn(deps.trainers, trainer))
      throw new Rejected('No trainer is called so')
    // Another program asks for a job: one for its message, however often that comes.
    if (job === undefined)
      await jobs.open({ jobId: message.header.messageId, trigger: 'manual', requestedBy: null, trainer })
    work.nudge()
  })
  const results = await messages.consume(resultQueue, { prefetch: 4 }, async ({ message }) => {
    await noteResult(deps, message.body)
    work.nudge()
  })
  const close = async () => {
    await Promise.all([requests.close(), results.close()])
    await work.close()
    await watch.close()
  }
  log.debug('Training is looked after')
  return { nudge: work.nudge, close, [Symbol.asyncDispose]: close }
}
