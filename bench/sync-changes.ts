import type { Figure } from './figure.ts'
import { measureApply } from './sync-apply.ts'
import { measureLatency } from './sync-latency.ts'

/** `npm run bench -- sync-changes`: how fast a backlog of changes is applied, and how soon a change can be seen and named. */
export async function measureSyncChanges(): Promise<Figure[]> {
  return [...(await measureApply()), ...(await measureLatency())]
}
