import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { TrainingJob, TrainingModels, TrainingSchedule } from '#training'
import { callService, type Service } from './call-service.ts'
import { exportFile, importFile } from './label-files.ts'
import { printImported, printJob, printModels, printServing, printTraining } from './print-training.ts'
import { callerOptions, type Outcome, runAction } from './run-action.ts'

// `npm run -s training -- [status|run|models|deploy ID|shadow ID|end-trial|rollback|import FILE|export FILE] [--trainer NAME] [--share PERCENT] [--as LOGIN] [--password PASSWORD] [--language ko|en]
// [--json] [--url URL]`: looks after the training of a running service as a person who may. `run` waits until the job has ended, or
// waits itself for a canary. Exit code 1 with one sentence when that does not work, or when the job did not end well.

const usage =
  'npm run -s training -- [status|run|models|deploy ID|shadow ID|end-trial|rollback|import FILE|export FILE] [--trainer NAME] [--share PERCENT] [--as LOGIN] [--language ko|en] [--json]'
const actionSchema = z
  .enum(['status', 'run', 'models', 'deploy', 'shadow', 'end-trial', 'rollback', 'import', 'export'])
  .default('status')

/** Actions that are about a model or a file. */
const takesObject = new Set<string>(['deploy', 'shadow', 'import', 'export'])
const shareSchema = z.coerce.number().min(1).max(100)

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...callerOptions,
      trainer: { type: 'string' },
      share: { type: 'string', default: '20' },
    },
  })
  const [name, object = ''] = positionals
  const action = actionSchema.safeParse(name)
  const language = z.enum(['ko', 'en']).safeParse(values.language)
  const share = shareSchema.safeParse(values.share)
  const isWhole = action.success && positionals.length <= 2 && takesObject.has(action.data) === (object !== '')
  if (!isWhole || !language.success || !share.success) throw new Error(`Usage: ${usage}`)
  return { ...values, action: action.data, object, language: language.data, share: share.data / 100 }
}

type Arguments = ReturnType<typeof readArguments>
const base = '/api/v1/training'

async function act(service: Service, { action, language, object, trainer, share }: Arguments): Promise<Outcome> {
  const get = async <T>(path: string) => (await callService<T>(service, { method: 'GET', path: base + path })).body
  const post = async <T>(path: string, body?: object) =>
    (await callService<T>(service, { method: 'POST', path: base + path, ...(body && { body }) })).body
  switch (action) {
    case 'status': {
      const [models, { jobs }, schedule] = await Promise.all([
        get<TrainingModels>('/models'),
        get<{ jobs: TrainingJob[] }>('/jobs?limit=10'),
        get<TrainingSchedule>('/schedule'),
      ])
      const body = { models, jobs, schedule }
      return { body, text: printTraining(body, language), isWell: true }
    }
    case 'models': {
      const body = await get<TrainingModels>('/models')
      return { body, text: printModels(body, language), isWell: true }
    }
    case 'run': {
      let job = await post<TrainingJob>('/jobs', trainer === undefined ? {} : { trainer })
      while (!job.finishedAt && job.state !== 'waiting') {
        await sleep(1_000)
        job = await get<TrainingJob>(`/jobs/${job.job}`)
      }
      return { body: job, text: printJob(job, language), isWell: job.state === 'deployed' || job.state === 'waiting' }
    }
    case 'shadow': {
      const path = `/models/${encodeURIComponent(object)}/shadow`
      const body = await post<TrainingModels['serving']>(path, { share })
      return { body, text: printServing(body, language), isWell: true }
    }
    case 'deploy':
    case 'end-trial':
    case 'rollback': {
      const paths = { deploy: `/models/${encodeURIComponent(object)}/deploy`, 'end-trial': '/models/trial/end' }
      const path = action === 'rollback' ? '/models/rollback' : paths[action]
      const body = await post<TrainingModels['serving']>(path)
      return { body, text: printServing(body, language), isWell: true }
    }
    case 'import': {
      const body = await importFile(service, object)
      return { body, text: printImported(body, language), isWell: true }
    }
    case 'export':
      await exportFile(service, object)
      return { body: { file: object }, text: object, isWell: true }
  }
}

await runAction(readArguments, act)
