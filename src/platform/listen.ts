import pg from 'pg'
import type { Logger } from './log.ts'

type Options = {
  url: string
  channel: string
  /** Called with the payload of each notification, and with '' whenever some may have been missed: after each connection. */
  onMessage: (payload: string) => void
  log: Logger
  retryMs?: number
}

/**
 * Listens to a channel of PostgreSQL's NOTIFY on a connection of its own, connecting again for as long as it takes. Notifications
 * can be missed: it makes a poll quicker, it does not replace one.
 */
export function listenTo({ url, channel, onMessage, log, retryMs = 1_000 }: Options): { close(): Promise<void> } {
  let isClosed = false
  let timer: NodeJS.Timeout | undefined
  let client: pg.Client | undefined
  let running = connect()

  async function connect(): Promise<void> {
    const own = new pg.Client({
      connectionString: url,
      application_name: 'erp-chatbot listener',
      connectionTimeoutMillis: 3_000,
      query_timeout: 5_000,
      keepAlive: true,
    })
    client = own
    own.on('notification', ({ payload }) => onMessage(payload ?? ''))
    own.on('error', (error) => log.warn({ err: error }, 'A listening database connection broke'))
    own.on('end', retry)
    try {
      await own.connect()
      await own.query(`listen ${own.escapeIdentifier(channel)}`)
      if (!isClosed) onMessage('')
    } catch (error) {
      log.warn({ err: error }, 'Changes in the database cannot be listened for at the moment')
      await own.end().catch(() => undefined)
      retry()
    }
  }

  function retry(): void {
    if (isClosed || timer) return
    timer = setTimeout(() => {
      timer = undefined
      running = connect()
    }, retryMs)
    timer.unref()
  }

  return {
    async close() {
      isClosed = true
      clearTimeout(timer)
      await client?.end().catch(() => undefined)
      await running
    },
  }
}
