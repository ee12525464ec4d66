import { AppError } from '#platform/errors'
import { noteServer } from '../../answer-scope.ts'
import { erpErrors } from '../../errors.ts'
import { ServerLost } from './retry-call.ts'
import type { Server, ServerGroup } from './server-group.ts'

/**
 * Asks the servers in order until one is not lost, and tells the group. Rows of two servers never mix: `ask` is all of one
 * fetch, and an answer whose fetches were served by two is begun anew. Throws as `ask`; when every server is lost or left
 * alone, at once: ERP_TIMEOUT where that is why, else ERP_UNAVAILABLE.
 */
export async function firstToAnswer<T>(
  group: ServerGroup,
  primary: Server | undefined,
  ask: (server: Server) => Promise<T>,
): Promise<T & { source: 'live' | 'failover' }> {
  let lost: ServerLost | undefined
  for (const server of group.inOrder()) {
    let result: T
    try {
      result = await ask(server)
    } catch (error) {
      if (!(error instanceof ServerLost)) throw error
      group.reportLost(server, error)
      lost = error
      continue
    }
    group.reportUp(server)
    noteServer(server.name)
    return { ...result, source: server === primary ? 'live' : 'failover' }
  }
  throw new AppError(group.isTimeout() ? erpErrors.timeout : erpErrors.unavailable, {
    cause: lost ?? new Error('every server is left alone after it failed'),
  })
}
