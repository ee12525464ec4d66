import { LogicalReplicationService, type Pgoutput } from 'pg-logical-replication'
import type { Logger } from '#platform/log'
import { createTransactionCollector, type Transaction } from './collect-transaction.ts'
import { formatLsn, parseLsn } from './position.ts'
import { RawPgoutputPlugin } from './raw-pgoutput.ts'

export type StreamLimits = {
  /** Rows that one call of `deliver` gets at most, unless a transaction alone has more. */
  batchRows: number
  /** Rows that wait for `deliver` at most, before no more are read. */
  waitingRows: number
  /** Rows of a transaction above which its tables are told to have changed as a whole. */
  transactionRows: number
  /** How often we tell the server how far we are, and ask where it is when nothing comes. */
  tickMs: number
  /**
   * How often at most the server's place is kept when nothing comes. Where our database is in the same server, keeping it moves the place.
   */
  idleMs: number
  /** Without a sign of the server for so long, while we listen, the connection is taken for dead. */
  silenceMs: number
}

export const defaultStreamLimits: StreamLimits = {
  batchRows: 4_000,
  waitingRows: 20_000,
  transactionRows: 200_000,
  tickMs: 2_000,
  idleMs: 1_000,
  silenceMs: 30_000,
}

type StreamOptions = {
  url: string
  slot: string
  publication: string
  /** LSN after which transactions are wanted. */
  from: bigint
  limits: StreamLimits
  /** Gets transactions in order, one call at a time; an empty list of changes says that up to there is nothing. */
  deliver: (transactions: Transaction[]) => Promise<void>
  /** Milliseconds of the server's clock, at the moment that it is told. */
  onServerTime: (ms: number) => void
  log: Logger
}

/** pg-logical-replication 2.5.0 takes PostgreSQL's epoch for a week earlier when it reads heartbeats (and there alone). */
const libraryWeekMs = 7 * 24 * 3_600_000

/**
 * Streams a slot's transactions until the signal aborts; then resolves. Throws what the server, the connection or `deliver`
 * throws. The server may forget a transaction only after `deliver` resolved for it.
 */
export async function streamChanges(options: StreamOptions, signal: AbortSignal): Promise<void> {
  const { limits, log } = options
  const ended = Promise.withResolvers<void>()
  // It may end before anybody waits for it.
  ended.promise.catch(() => undefined)
  const service = new LogicalReplicationService(
    {
      connectionString: options.url,
      application_name: 'erp-chatbot changes',
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    },
    // Without both, the library acknowledges what was only received.
    { acknowledge: { auto: false, timeoutSeconds: 0 }, flowControl: { enabled: true } },
  )
  const fail = (error: unknown) => ended.reject(error)
  const delivery = createDelivery(options, {
    acknowledge: (lsn, ping) =>
      // The library adds 1. A transaction may commit at the very byte after this one, and the server would skip it for good.
      void service.acknowledge(formatLsn(lsn - 1n), ping).catch(fail),
    fail,
  })
  const plugin = new RawPgoutputPlugin(options.publication, delivery.arrived)
  service.on('data', (_lsn: string, message: Pgoutput.Message) => delivery.handle(message))
  service.on('heartbeat', (lsn: string, time: number, shouldRespond: boolean) => {
    const atMs = time + libraryWeekMs
    options.onServerTime(atMs)
    delivery.heard(lsn, atMs, shouldRespond)
  })
  service.on('error', fail)
  const timer = setInterval(() => delivery.tick(), limits.tickMs)
  const stop = () => ended.resolve()
  signal.addEventListener('abort', stop, { once: true })
  try {
    service.subscribe(plugin, options.slot, formatLsn(options.from)).then(
      () => fail(new Error('The ERP’s database ended the stream of changes')),
      (error: unknown) => fail(error),
    )
    if (signal.aborted) stop()
    await ended.promise
  } finally {
    clearInterval(timer)
    signal.removeEventListener('abort', stop)
    delivery.stop()
    await endService(service, log)
    await delivery.idle()
  }
}

/** The polite end waits for the server, which may be gone. */
async function endService(service: LogicalReplicationService, log: Logger): Promise<void> {
  const { _connection: connection } = service as unknown as { _connection?: { stream?: { destroy(): void } } | null }
  const stream = connection?.stream
  const timer = setTimeout(() => stream?.destroy(), 1_000)
  try {
    await service.destroy()
  } catch (error) {
    log.debug({ err: error }, 'The stream of changes did not end politely')
  } finally {
    clearTimeout(timer)
    stream?.destroy()
  }
}

function later(a: bigint, b: bigint): bigint {
  if (a > b) return a
  return b
}

type Link = { acknowledge: (lsn: bigint, ping: boolean) => void; fail: (error: unknown) => void }

/** What was received and waits, what is being delivered, and what may be acknowledged. */
function createDelivery({ from, limits, deliver }: StreamOptions, link: Link) {
  const collector = createTransactionCollector(limits.transactionRows)
  const waiting: Transaction[] = []
  let waitingRows = 0
  let running: Promise<void> | undefined
  let isStopped = false
  let hasRoom: (() => void) | undefined
  let arrived = 0
  let handled = 0
  let delivered = from
  let heardAt = Date.now()
  let idleAt = 0

  const isPending = () => arrived !== handled || collector.isOpen() || waiting.length > 0 || running !== undefined

  function take(): Transaction[] {
    let rows = 0
    let count = 0
    while (count < waiting.length) {
      rows += waiting[count]?.changes.length ?? 0
      if (count > 0 && rows > limits.batchRows) break
      count += 1
    }
    const taken = waiting.splice(0, count)
    waitingRows -= taken.reduce((sum, { changes }) => sum + changes.length, 0)
    return taken
  }

  async function run(): Promise<void> {
    while (waiting.length > 0 && !isStopped) {
      const transactions = take()
      await deliver(transactions)
      delivered = later(transactions.at(-1)?.endLsn ?? delivered, delivered)
      if (!isStopped) link.acknowledge(delivered, false)
      if (waitingRows < limits.waitingRows) hasRoom?.()
    }
  }

  function push(transaction: Transaction): void {
    waiting.push(transaction)
    waitingRows += transaction.changes.length
    running ??= run()
      .catch((error: unknown) => {
        isStopped = true
        link.fail(error)
      })
      .finally(() => {
        running = undefined
      })
  }

  return {
    arrived: () => {
      arrived += 1
      heardAt = Date.now()
    },
    /** Resolves when more may be read: the library holds the socket until then. */
    handle(message: Pgoutput.Message): Promise<void> | undefined {
      handled += 1
      if (isStopped) return undefined
      const transaction = collector.take(message)
      if (transaction) push(transaction)
      if (waitingRows < limits.waitingRows) return undefined
      const { promise, resolve } = Promise.withResolvers<void>()
      hasRoom = resolve
      return promise
    },
    heard(lsn: string, atMs: number, shouldRespond: boolean): void {
      heardAt = Date.now()
      if (isStopped) return
      const endLsn = parseLsn(lsn)
      if (shouldRespond) link.acknowledge(delivered, false)
      // All before was told and delivered: nothing keeps the server from forgetting up to here.
      if (isPending() || heardAt - idleAt < limits.idleMs) return
      idleAt = heardAt
      push({ changes: [], endLsn: later(endLsn, delivered), atMs })
    },
    tick(): void {
      if (isStopped) return
      const isBusy = isPending()
      if (!isBusy && Date.now() - heardAt > limits.silenceMs)
        link.fail(new Error('The ERP’s database has not been heard of for a while'))
      else link.acknowledge(delivered, !isBusy)
    },
    stop(): void {
      isStopped = true
      hasRoom?.()
    },
    idle: async () => await running,
  }
}
