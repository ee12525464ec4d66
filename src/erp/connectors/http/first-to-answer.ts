import { AppError } from '#platform/errors'
import { erpErrors } from '../../errors.ts'
import { ServerLost } from './retry-call.ts'
import type { Server, ServerGroup } from './server-group.ts'

/**
 * Asks the servers in order until one is not lost, and tells the group. Rows of two servers never mix: `ask` is all of one
 * fetch. Throws as `ask`, or ERP_UNAVAILABLE when every server is lost.
 */
export async function firstToAnswer<T>(
  group: ServerGroup,
  primary: Server | undefined,
  ask: (server: Server) => Promise<T>,
): Promise<T & { source: 'live' | 'failover' }> {
  let lost: ServerLost | undefined
  for (const server of group.inOrder()) {
    try {
      const result = await ask(server)
      group.reportUp(server)
      return { ...result, source: server === primary ? 'live' : 'failover' }
    } catch (error) {
      if (!(error instanceof ServerLost)) throw error
      group.reportLost(server)
      lost = error
    }
  }
  throw new AppError(erpErrors.unavailable, { cause: lost })
}
