import { z } from 'zod'
import { defineQueue, defineTopic, type Queue } from '#platform/queue'
import { jobStates, steps } from './jobs/job.ts'

const job = z.uuid()

/** What is asked of the workers: to see to a job that is there (`job`), or to open one. */
const requestSchema = z.object({ job: job.optional(), trainer: z.string().max(64).optional() })

/** A step of a job was begun or finished. */
const progressSchema = z.object({ job, step: z.enum(steps), state: z.enum(['begun', 'finished']) })

/** A job has ended; `model` is the version that it made. */
const outcomeSchema = z.object({
  job,
  state: z.enum(jobStates),
  code: z.string(),
  reasons: z.array(z.string()),
  model: z.string().optional(),
})

/** A model wanted of another program: the data set is at `dataset`, the model goes to `model`, paths of our HTTP API. */
const taskSchema = z.object({
  job,
  dataset: z.string(),
  datasetHash: z.string(),
  model: z.string(),
  memoryMb: z.number().int(),
  devices: z.array(z.string()),
  deadline: z.iso.datetime(),
})

/** What the other program says when it is done: the SHA-256 of the model it has handed over, or why there is none. */
export const resultSchema = z.object({
  job,
  sha256: z
    .string()
    .regex(/^[\da-f]{64}$/)
    .optional(),
  error: z.string().max(500).optional(),
})

export const trainingRequests = defineTopic('training-requests', requestSchema)
export const trainingProgress = defineTopic('training-progress', progressSchema)
export const trainingOutcomes = defineTopic('training-outcomes', outcomeSchema)
export const trainingTasks = defineTopic('training-tasks', taskSchema)
export const trainingResults = defineTopic('training-results', resultSchema)

export const requestQueue = defineQueue(trainingRequests)
export const resultQueue = defineQueue(trainingResults)

/** Every queue of training. Tasks wait for programs of others; progress and outcomes are for whoever binds a queue to them. */
export const trainingQueues = [requestQueue, resultQueue, defineQueue(trainingTasks)] as Queue[]
