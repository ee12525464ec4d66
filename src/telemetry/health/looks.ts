import { once } from 'node:events'
import { connect } from 'node:net'
import type { Look } from './watch-dependencies.ts'

/** Whether a page is to be had: any answer below 500. */
export function lookAtUrl(url: string): Look {
  return async (signal) => {
    const reply = await fetch(url, { signal, redirect: 'manual' })
    await reply.body?.cancel()
    if (reply.status >= 500) throw Object.assign(new Error('failed'), { code: `HTTP_${reply.status}` })
  }
}

/** Whether somebody takes a connection. */
export function lookAtPort(host: string, port: number): Look {
  return async (signal) => {
    const socket = connect({ host, port, signal })
    try {
      await once(socket, 'connect', { signal })
    } finally {
      socket.destroy()
    }
  }
}
