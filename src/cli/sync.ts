import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { ConnectionReportBody, RunBody, SyncStatus } from '#sync'
import { callService, type Service } from './call-service.ts'
import { printConnection, printRun, printStatus } from './print-sync.ts'
import { callerOptions, type Outcome, runAction } from './run-action.ts'

// `npm run -s sync -- [status|run|cancel|test] [--entities A,B] [--force] [--as LOGIN] [--password PASSWORD] [--language ko|en]
// [--json] [--url URL]`: looks after the copy of a running service as a person who may. `run` waits until the full sync has
// ended. Exit code 1 with one sentence when that does not work, or when what was found is not well.

const usage =
  'npm run -s sync -- [status|run|cancel|test] [--entities A,B] [--force] [--as LOGIN] [--language ko|en] [--json]'
const actionSchema = z.enum(['status', 'run', 'cancel', 'test']).default('status')

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...callerOptions,
      entities: { type: 'string' },
      force: { type: 'boolean', default: false },
    },
  })
  const action = actionSchema.safeParse(positionals[0])
  const language = z.enum(['ko', 'en']).safeParse(values.language)
  if (positionals.length > 1 || !action.success || !language.success) throw new Error(`Usage: ${usage}`)
  return { ...values, action: action.data, language: language.data }
}

type Arguments = ReturnType<typeof readArguments>

async function act(service: Service, { action, language, entities, force }: Arguments): Promise<Outcome> {
  if (action === 'test') {
    const { body } = await callService<ConnectionReportBody>(service, {
      method: 'POST',
      path: '/api/v1/erp/connection/test',
    })
    return { body, text: printConnection(body, language), isWell: body.ok }
  }
  if (action === 'run') {
    const chosen = entities ? { entities: entities.split(',').map((entity) => entity.trim()) } : {}
    const asked = { method: 'POST' as const, path: '/api/v1/sync/runs', body: { force, ...chosen } }
    const body = await waitForEnd(service, (await callService<RunBody>(service, asked)).body)
    return { body, text: printRun(body, language), isWell: body.state === 'finished' }
  }
  const { body: status } = await callService<SyncStatus>(service, { method: 'GET', path: '/api/v1/sync/status' })
  if (action === 'status') return { body: status, text: printStatus(status, language), isWell: true }
  if (!status.activeRun) throw new Error('No full sync is running.')
  const path = `/api/v1/sync/runs/${status.activeRun.run}/cancel`
  const { body } = await callService<RunBody>(service, { method: 'POST', path })
  return { body, text: printRun(body, language), isWell: true }
}

async function waitForEnd(service: Service, asked: RunBody): Promise<RunBody> {
  let run = asked
  while (!run.finishedAt) {
    await sleep(1_000)
    run = (await callService<RunBody>(service, { method: 'GET', path: `/api/v1/sync/runs/${run.run}` })).body
    if (process.stderr.isTTY) process.stderr.write(`\r${describeProgress(run)}`)
  }
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
  return run
}

function describeProgress({ entities }: RunBody): string {
  const current = entities.find(({ state }) => state === 'reading' || state === 'merging')
  const done = entities.filter(({ finishedAt }) => finishedAt).length
  return `${done}/${entities.length} ${current ? `${current.entity} ${current.read.toLocaleString('en-US')}` : ''}\u001b[K`
}

await runAction(readArguments, act)
