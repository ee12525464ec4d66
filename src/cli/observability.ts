import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { requireTls13 } from '#platform/tls-version'
import { importObjects, openSetupClient, type PlannedPart, readDesiredSetup } from '#telemetry'
import { findOpenUrls } from '../config-links.ts'
import { readSecretFiles } from '../config-secrets.ts'

// `npm run observability -- diff|apply --to URL [--kibana URL] [--namespace NAME] [--ca FILE] [--yes]`: shows how Elasticsearch differs
// from deploy/elasticsearch, and with `apply` makes it the same, and imports deploy/kibana. Credentials are in the environment:
// ELASTICSEARCH_API_KEY, or ELASTICSEARCH_USER and ELASTICSEARCH_PASSWORD, each as X_FILE, too.

const usage =
  'npm run observability -- diff|apply --to URL [--kibana URL] [--namespace NAME] [--ca FILE] [--yes]   (credentials: ELASTICSEARCH_…)'
const deploy = join(import.meta.dirname, '../../deploy')
const marks = { missing: '+', different: '~', same: '=' } as const

type Asked = {
  mode: 'diff' | 'apply'
  to: string
  kibana: string | undefined
  namespace: string
  ca: string | undefined
  yes: boolean
}

function readArguments(): Asked {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      to: { type: 'string' },
      kibana: { type: 'string' },
      namespace: { type: 'string', default: 'default' },
      ca: { type: 'string' },
      yes: { type: 'boolean', default: false },
    },
  })
  const [mode] = positionals
  if ((mode !== 'diff' && mode !== 'apply') || values.to === undefined) throw new Error(usage)
  const problems = findOpenUrls({ '--to': values.to, '--kibana': values.kibana })
  if (problems.length > 0) throw new Error(problems.join('\n'))
  const { namespace, yes } = values
  return { mode, to: values.to, kibana: values.kibana, namespace, ca: values.ca, yes }
}

function readCredentials() {
  const { environment, problems } = readSecretFiles(process.env)
  if (problems.length > 0) throw new Error(problems.join('\n'))
  const { ELASTICSEARCH_API_KEY: apiKey, ELASTICSEARCH_USER: user, ELASTICSEARCH_PASSWORD: password } = environment
  return { apiKey: apiKey || undefined, user: user || undefined, password: password || undefined }
}

function show(planned: PlannedPart[]): void {
  for (const { part, state, differences } of planned) {
    console.log(`${marks[state]} ${part.kind.padEnd(8)} ${part.name}`)
    for (const { place, present, desired } of differences)
      console.log(`    ${place}: ${JSON.stringify(present) ?? 'absent'} → ${JSON.stringify(desired)}`)
  }
}

async function agree(): Promise<boolean> {
  if (!process.stdin.isTTY) return false
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await terminal.question('Make it so? [y/N] ')
  terminal.close()
  return /^y(es)?$/i.test(answer.trim())
}

async function run(): Promise<number> {
  requireTls13()
  const asked = readArguments()
  const credentials = readCredentials()
  const ca = asked.ca === undefined ? undefined : readFileSync(asked.ca, 'utf8')
  await using client = await openSetupClient({ urls: [asked.to], ...credentials, ca })
  const planned = await client.plan(readDesiredSetup(join(deploy, 'elasticsearch'), asked.namespace))
  show(planned)
  const objects = readFileSync(join(deploy, 'kibana/erp-chatbot.ndjson'), 'utf8')
  if (asked.kibana !== undefined) console.log(`> ${objects.trim().split('\n').length} saved objects for Kibana`)
  const isSame = planned.every(({ state }) => state === 'same')
  if (asked.mode === 'diff') return isSame ? 0 : 1
  if (isSame && asked.kibana === undefined) {
    console.log('Nothing to do.')
    return 0
  }
  if (!asked.yes && !(await agree())) {
    console.log('Nothing was changed; say --yes to go ahead.')
    return 1
  }
  await client.apply(planned)
  if (asked.kibana !== undefined)
    console.log(`${await importObjects({ url: asked.kibana, ...credentials }, objects)} saved objects imported`)
  console.log('Done.')
  return 0
}

try {
  process.exitCode = await run()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 2
}
