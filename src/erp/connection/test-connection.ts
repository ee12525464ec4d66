import { type Catalog, isHeld } from '#catalog'
import { AppError } from '#platform/errors'
import { connectOptions, type TlsFiles } from '../connectors/http/tls-files.ts'
import type { ErpConnector } from '../erp-connector.ts'
import { erpErrors } from '../errors.ts'
import { reasonOf } from '../failure-reason.ts'
import { checkAddress, checkClock, checkTls, patienceMs } from './check-server.ts'
import { type ConnectionStep, type Found, takeStep } from './connection-step.ts'
import { findings } from './findings.ts'
import { testEntity } from './test-entity.ts'

export type ConnectionReport = { ok: boolean; tookMs: number; steps: ConnectionStep[] }

type Deps = {
  /** The ERP's addresses, primary first. */
  urls: readonly string[]
  catalog: Catalog
  tls: TlsFiles | undefined
  /** A connector of its own to one address, that asks once and reads one record a page. */
  open: (url: string, catalog: Catalog) => ErpConnector
  now: () => Date
}

/** Entities that are tested at the same time, so that a slow ERP is tested within the time of a call. */
const atATime = 3

/**
 * Tests the connection to every server of the ERP from the ground up, with connections of its own, and says of each step
 * what is wrong and what to do. Steps that need one that failed are left out. Does not throw for what it finds.
 */
export async function testConnection(deps: Deps, signal: AbortSignal): Promise<ConnectionReport> {
  const startedAt = performance.now()
  const steps: ConnectionStep[] = []
  for (const [index, url] of deps.urls.entries()) {
    const server = index === 0 ? 'primary' : index === 1 ? 'standby' : `standby${index}`
    steps.push(...(await testServer(deps, { server, url }, signal)))
  }
  return { ok: steps.every(({ ok }) => ok), tookMs: Math.round(performance.now() - startedAt), steps }
}

type Tested = { server: string; url: string }

async function testServer(deps: Deps, { server, url: text }: Tested, signal: AbortSignal): Promise<ConnectionStep[]> {
  const url = new URL(text)
  const { timeout: _, ...files } = connectOptions(patienceMs, deps.tls)
  const steps: ConnectionStep[] = []
  const take = async (step: ConnectionStep['step'], test: () => Promise<Found>) => {
    const taken = await takeStep({ server, step }, test)
    steps.push(taken)
    return taken.ok
  }
  if (!(await take('address', () => checkAddress(url)))) return steps
  if (!(await take('tls', () => checkTls(url, files)))) return steps
  await take('clock', () => checkClock(url, files, deps.now))
  const connector = deps.open(text, withoutEntities(deps.catalog))
  try {
    const { signIn, call } = connector.probes ?? {}
    if (signIn && !(await take('sign-in', () => trySigningIn(signIn)))) return steps
    if (call) await take('access', () => tryCalling(call))
    if (steps.at(-1)?.code === findings.accessRefused.code) return steps
  } finally {
    await connector.close()
  }
  return [...steps, ...(await testEntities(deps, { server, url: text }, signal))]
}

/** Whether the ERP lets this service in is not to hang on any one set. */
function withoutEntities(catalog: Catalog): Catalog {
  return { ...catalog, mapping: { ...catalog.mapping, entities: {} } }
}

async function testEntities(deps: Deps, { server, url }: Tested, signal: AbortSignal): Promise<ConnectionStep[]> {
  const { catalog, open } = deps
  const waiting = Object.keys(catalog.entities).filter((entity) => isHeld(catalog, entity))
  const steps = new Map<string, ConnectionStep>()
  const order = [...waiting]
  const work = async () => {
    for (let entity = waiting.shift(); entity !== undefined; entity = waiting.shift()) {
      const name = entity
      const test = () => testEntity((narrowed) => open(url, narrowed), catalog, name, signal)
      steps.set(name, await takeStep({ server, step: 'entity', entity: name }, test))
    }
  }
  await Promise.all(Array.from({ length: atATime }, work))
  return order.flatMap((entity) => steps.get(entity) ?? [])
}

async function trySigningIn(signIn: () => Promise<void>): Promise<Found> {
  try {
    await signIn()
    return { finding: 'tokenGiven', ok: true }
  } catch (error) {
    if (isRefusal(error)) return { finding: 'tokenRefused', ok: false }
    return { finding: 'tokenFailed', ok: false, params: { reason: reasonOf(error) } }
  }
}

async function tryCalling(call: () => Promise<void>): Promise<Found> {
  try {
    await call()
    return { finding: 'accepted', ok: true }
  } catch (error) {
    if (isRefusal(error)) return { finding: 'accessRefused', ok: false }
    return { finding: 'accessFailed', ok: false, params: { reason: reasonOf(error) } }
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof AppError && error.spec.code === erpErrors.refused.code
}
