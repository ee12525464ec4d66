import { userInfo } from 'node:os'
import { parseArgs } from 'node:util'
import { addMasterKey, chooseMasterKey, removeMasterKey } from '#platform/encryption'
import { encryptionErrors } from '#platform/encryption-errors'
import { AppError } from '#platform/errors'
import { createLogger } from '#platform/log'
import { countSealed, type RewrapReport, rewrapValues } from '#platform/rewrap'
import { requireTls13 } from '#platform/tls-version'
import { readKeyConfig } from '../config.ts'
import type { KeyConfig } from '../config-keys.ts'
import { type KeyTools, openKeyTools, sealedColumns } from '../wiring-keys.ts'
import { findEnvironment } from './find-environment.ts'
import { printRewrap, printSealed, printSigningKeys } from './print-keys.ts'

// `npm run -s keys -- list | rotate [--now] | status | rewrap | new-master [--standby] | use-master ID | drop-master ID`: looks
// after the signing keys, and after the master keys and what is sealed under them. Of the environment's DATABASE_URL and KEY_FILE
// or KMS_KEY_ID, and REDIS_URL where sessions are there, or else of the demo running in DATA_DIR. Exit code 1 with one sentence when it does not work, or when something
// is left to do.

const usage =
  'npm run -s keys -- [list|rotate [--now]|status|rewrap|new-master [--standby]|use-master ID|drop-master ID] [--json]'

type Outcome = { body: unknown; text: string; isWell?: boolean }
type Options = { now: boolean; standby: boolean; id: string }
type Action = (tools: KeyTools, config: KeyConfig, options: Options) => Promise<Outcome>

/** Written down before they are done; changes of signing keys write their own. */
const audited = new Set(['rewrap', 'new-master', 'use-master', 'drop-master'])

const actions: Record<string, Action> = {
  list: showSigningKeys,
  async rotate(tools, _, { now }) {
    await tools.signingKeys.rotate({ atOnce: now, operator: userInfo().username })
    return await showSigningKeys(tools)
  },
  status: showSealed,
  async rewrap(tools) {
    const reports: RewrapReport[] = []
    const stores = await tools.openStores()
    await rewrapValues({ ...tools, columns: sealedColumns, stores }, (report) => reports.push(report))
    const { body: left, text, isWell = true } = await showSealed(tools)
    return { body: { reports, left }, text: `${printRewrap(reports)}\n${text}`, isWell }
  },
  async 'new-master'(_, config, { standby }) {
    const id = await addMasterKey(requireKeyFile(config), { isStandby: standby })
    const what = standby ? 'was added and is not used yet' : 'is the current one'
    return { body: { masterKeyId: id, isCurrent: !standby }, text: `The master key ${id} ${what}.` }
  },
  async 'use-master'(_, config, { id }) {
    await chooseMasterKey(requireKeyFile(config), id)
    return { body: { masterKeyId: id, isCurrent: true }, text: `The master key ${id} is the current one.` }
  },
  async 'drop-master'(tools, config, { id }) {
    const counts = await countAll(tools)
    const count = counts.reduce((sum, one) => (one.masterKeyId === id ? sum + one.count : sum), 0)
    if (count > 0) throw new AppError(encryptionErrors.masterKeyInUse, { params: { id, count } })
    await removeMasterKey(requireKeyFile(config), id)
    return { body: { masterKeyId: id }, text: `The master key ${id} was removed. Backups from before still need it.` }
  },
}

async function showSigningKeys({ signingKeys }: KeyTools): Promise<Outcome> {
  const body = await signingKeys.list()
  return { body, text: printSigningKeys(body) }
}

/** Well when nothing hangs on an older master key. */
async function showSealed(tools: KeyTools): Promise<Outcome> {
  const currentId = await tools.keys.currentKeyId()
  const counts = await countAll(tools)
  const isWell = counts.every(({ masterKeyId }) => masterKeyId === currentId)
  return { body: { currentId, counts }, text: printSealed(currentId, counts), isWell }
}

async function countAll({ database, openStores }: KeyTools) {
  return await countSealed({ database, columns: sealedColumns, stores: await openStores() })
}

/** Who did what, before it is done: what cannot be written down is not done. */
async function writeDown({ audit }: KeyTools, name: string, { id, standby }: Options): Promise<void> {
  const details = {
    operator: userInfo().username,
    ...(id && { masterKeyId: id }),
    ...(standby && { standby }),
  }
  await audit.record({ actorId: null, action: `master-keys.${name}`, outcome: 'ok', ip: null, details })
}

function requireKeyFile({ keyFile }: KeyConfig): string {
  if (keyFile === undefined) throw new Error('KEY_FILE is not set; the master keys of KMS are changed in KMS.')
  return keyFile
}

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      now: { type: 'boolean', default: false },
      standby: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  })
  const [name = 'list', id = '', ...more] = positionals
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined
  const needsId = name === 'use-master' || name === 'drop-master'
  if (!action || more.length > 0 || needsId !== (id !== '')) throw new Error(`Usage: ${usage}`)
  return {
    name,
    action,
    json: values.json,
    options: { now: values.now, standby: values.standby, id },
  }
}

try {
  requireTls13()
  const { name, action, json, options } = readArguments()
  const config = readKeyConfig(findEnvironment())
  await using tools = openKeyTools(config, createLogger({ level: 'silent', role: 'cli' }))
  if (audited.has(name)) await writeDown(tools, name, options)
  const { body, text, isWell = true } = await action(tools, config, options)
  console.log(json ? JSON.stringify(body, null, 2) : text)
  if (!isWell) process.exitCode = 1
} catch (error) {
  const sentence =
    error instanceof AppError ? error.sentence('en') : String(error instanceof Error ? error.message : error)
  console.error(sentence)
  process.exitCode = 1
}
