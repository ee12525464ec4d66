import type { ClientHttp2Session } from 'node:http2'
import { setTimeout as wait } from 'node:timers/promises'
import {
  answersPing,
  CertificateInvalid,
  dropSession,
  endSession,
  openSession,
  type SessionOptions,
} from './open-session.ts'

/** One session for all requests; another one when it has ended. */
export type KeptSession = {
  /** The session to begin a stream on. Rejects when none can be opened at the moment. */
  get(): Promise<ClientHttp2Session>
  /** Has a request waited in vain on it: a session that does not answer a ping either is given up. */
  doubt(session: ClientHttp2Session): void
  close(): Promise<void>
}

type Options = SessionOptions & {
  /** Streams that the peer permits at a time, when it says so. */
  onLimit: (streams: number) => void
  onEnd: (reason: 'goaway' | 'lost') => void
  backoff: { firstMs: number; longestMs: number }
}

const pingMs = 2_000
const drainMs = 10_000

/**
 * Keeps one session open to the peer. After GOAWAY the streams it still serves go on, and new ones begin on the next session; after a
 * failure to connect the next try waits, longer each time.
 */
export function keepSession(options: Options): KeptSession {
  const { onLimit, onEnd, backoff } = options
  let current: ClientHttp2Session | undefined
  let opening: Promise<ClientHttp2Session> | undefined
  let failures = 0
  let isClosed = false
  const draining = new Set<ClientHttp2Session>()

  const leave = (session: ClientHttp2Session, reason: 'goaway' | 'lost') => {
    if (current !== session) return
    current = undefined
    if (!isClosed) onEnd(reason)
  }
  const open = async () => {
    if (failures > 0) {
      const longest = Math.min(backoff.longestMs, backoff.firstMs * 2 ** (failures - 1))
      await wait(longest * (0.5 + Math.random() / 2))
    }
    if (isClosed) throw new Error('No more sessions are opened')
    try {
      const session = await openSession(options)
      failures = 0
      draining.add(session)
      session.once('goaway', () => {
        leave(session, 'goaway')
        void endSession(session, drainMs)
      })
      session.once('close', () => {
        draining.delete(session)
        leave(session, 'lost')
      })
      session.on('remoteSettings', ({ maxConcurrentStreams }) => onLimit(maxConcurrentStreams ?? Infinity))
      onLimit(session.remoteSettings.maxConcurrentStreams ?? Infinity)
      current = session
      return session
    } catch (error) {
      // Somebody has to act on this one; asking again does not wait longer and longer for it.
      if (!(error instanceof CertificateInvalid)) failures += 1
      throw error
    }
  }
  return {
    get: async () => {
      if (current && !current.closed && !current.destroyed) return current
      opening ??= open().finally(() => {
        opening = undefined
      })
      return await opening
    },
    doubt: (session) => {
      if (session !== current) return
      void answersPing(session, pingMs).then((isAlive) => {
        if (!isAlive) dropSession(session)
      })
    },
    close: async () => {
      isClosed = true
      await opening?.catch(() => undefined)
      await Promise.all([...draining].map((session) => endSession(session, drainMs)))
    },
  }
}
