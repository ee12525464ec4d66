import { type Catalog, followedEntities } from '#catalog'
import type { Logger } from '#platform/log'
import type { AppliedChange, Copy } from '../copy/copy.ts'
import { type ChangeBatch, type ChangeSource, ChangesLost } from './change-source.ts'
import type { FeedMetrics } from './feed-metrics.ts'

type Deps = {
  source: ChangeSource
  catalog: Catalog
  copy: Pick<Copy, 'apply' | 'distrust' | 'readPosition'>
  apply: (batch: ChangeBatch, signal: AbortSignal) => Promise<AppliedChange[]>
  metrics: FeedMetrics
  log: Logger
}

/**
 * Follows a source from where the copy is, until the signal aborts. Where changes are lost, the copy is distrusted first, which
 * is what a full sync waits for, and then the source begins anew: what breaks off in between is found lost again. Throws when
 * the source fails or a batch cannot be applied; the position stays where it was.
 */
export async function followChanges(deps: Deps, signal: AbortSignal): Promise<void> {
  const { source, copy, apply } = deps
  while (!signal.aborted) {
    const from = await copy.readPosition(source.name)
    try {
      await source.follow(from?.position, async (batch) => void (await apply(batch, signal)), signal)
      return
    } catch (error) {
      if (!(error instanceof ChangesLost) || signal.aborted) throw error
      await beginAnew(deps, error, signal)
    }
  }
}

async function beginAnew(deps: Deps, { message, isFirst }: ChangesLost, signal: AbortSignal): Promise<void> {
  const { source, catalog, copy, metrics, log } = deps
  const follows = followedEntities(catalog.mapping.changes)
  if (isFirst) log.info({ 'sync.source': source.name }, 'The ERP’s changes are followed from now on')
  else {
    metrics.lost(source.name)
    const fields = { 'sync.source': source.name, 'sync.reason': message }
    log.error(fields, 'Changes of the ERP were lost; what they reach is not answered from the copy until its full sync')
  }
  await copy.distrust(follows, message)
  const last = await copy.readPosition(source.name)
  if (!source.renew) throw new Error(`The source ${source.name} cannot begin anew`)
  const begin = await source.renew(last?.position, signal)
  await copy.apply([], { source: source.name, ...begin, follows })
}
