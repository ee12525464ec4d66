import { z } from 'zod'
import { recordAct } from '#audit'
import { envelopeOf, errorBodySchema, wrapMessage } from '#platform/envelope'
import { AppError } from '#platform/errors'
import type { HttpServer } from '#platform/http-server'
import { changeScheduleSchema, jobListSchema, jobSchema, scheduleSchema, startJobSchema } from './api.ts'
import { describeJob } from './describe.ts'
import { trainingErrors } from './errors.ts'
import type { JobStore, WriteAlso } from './jobs/job-store.ts'
import { registerLabelRoutes } from './labels/routes.ts'
import { trainingRequests } from './messages.ts'
import { registerReviewRoutes } from './review/routes.ts'
import { config, type RouteDeps, toClient } from './route-deps.ts'
import { registerDataRoutes } from './routes-data.ts'
import { registerModelRoutes } from './routes-models.ts'
import { checkTimes, nextTime } from './schedule.ts'

const error = errorBodySchema
const jobParams = z.object({ job: z.uuid() })

/** The administration of training, for those whose role permits `training`. Whatever is started, a worker does. */
export function registerTrainingRoutes(server: HttpServer, deps: RouteDeps): void {
  registerJobs(server, deps)
  registerSchedule(server, deps)
  registerModelRoutes(server, deps)
  registerDataRoutes(server, deps)
  registerReviewRoutes(server, deps)
  registerLabelRoutes(server, deps)
}

function registerJobs(server: HttpServer, deps: RouteDeps): void {
  const { jobs, queue } = deps
  const oneJob = { 200: envelopeOf(jobSchema), 404: error }
  const limit = z.coerce.number().int().min(1).max(100).default(20)
  server.get(
    '/api/v1/training/jobs',
    { config, schema: { querystring: z.object({ limit }), response: { 200: envelopeOf(jobListSchema) } } },
    async ({ query }) => wrapMessage({ jobs: (await jobs.list(query.limit)).map(describeJob) }, toClient),
  )
  server.post(
    '/api/v1/training/jobs',
    { config, schema: { body: startJobSchema, response: { 202: envelopeOf(jobSchema) } } },
    async (request, reply) => {
      const { trainer } = request.body
      checkTrainer(deps, trainer)
      const requestedBy = deps.actorOf(request).userId
      const job = await jobs.open({ trigger: 'manual', requestedBy, trainer }, async (within, id) => {
        await queue.publish(trainingRequests, { job: id }, { within })
        const act = { action: 'training.run', details: { job: id, trainer: trainer ?? 'usual' } }
        await recordAct(deps, request, act)(within as Parameters<WriteAlso>[0])
      })
      if (!job) throw new Error('A new job has a new id')
      return reply.code(202).send(wrapMessage(describeJob(job), toClient))
    },
  )
  server.get(
    '/api/v1/training/jobs/:job',
    { config, schema: { params: jobParams, response: oneJob } },
    async ({ params }) => wrapMessage(describeJob(await jobs.read(params.job)), toClient),
  )
  server.post(
    '/api/v1/training/jobs/:job/cancel',
    { config, schema: { params: jobParams, response: { ...oneJob, 409: error } } },
    async (request) => {
      const { job } = request.params
      const also = recordAct(deps, request, { action: 'training.cancel', details: { job } })
      return wrapMessage(describeJob(await jobs.cancel(job, also)), toClient)
    },
  )
}

function registerSchedule(server: HttpServer, deps: RouteDeps): void {
  const { jobs, trainers, now } = deps
  const describe = (settings: Awaited<ReturnType<JobStore['readSettings']>>) => {
    const next = settings.isEnabled ? nextTime(settings, now()) : undefined
    return { ...settings, trainers: [...trainers, 'foreign'], ...(next && { nextRunAt: next.toISOString() }) }
  }
  const response = { 200: envelopeOf(scheduleSchema) }
  server.get('/api/v1/training/schedule', { config, schema: { response } }, async () =>
    wrapMessage(describe(await jobs.readSettings()), toClient),
  )
  server.put(
    '/api/v1/training/schedule',
    { config, schema: { body: changeScheduleSchema, response } },
    async (request) => {
      const changes = Object.fromEntries(Object.entries(request.body).filter(([, value]) => value !== undefined))
      checkTimes({ ...(await jobs.readSettings()), ...changes })
      checkTrainer(deps, request.body.trainer)
      const also = recordAct(deps, request, { action: 'training.schedule', details: changes })
      return wrapMessage(describe(await jobs.writeSettings(changes, also)), toClient)
    },
  )
}

function checkTrainer({ trainers }: RouteDeps, trainer: string | undefined): void {
  if (trainer !== undefined && trainer !== 'foreign' && !trainers.includes(trainer))
    throw new AppError(trainingErrors.unknownTrainer)
}
