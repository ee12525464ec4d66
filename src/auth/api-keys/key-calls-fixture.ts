import { expect } from 'vitest'
import type { startKeyServers } from './key-server-fixture.ts'

export type KeyServers = Awaited<ReturnType<typeof startKeyServers>>

export const day = 86_400_000

/** What 우혜림, who looks after keys, does with them, and whoever holds one. */
export function createKeyCalls(office: () => KeyServers) {
  const inDays = (days: number) => new Date(office().clock.time + days * day).toISOString()
  const wish = (change: object = {}) => ({
    ...{ name: 'BI 대시보드', roles: ['employee'], scopes: ['ask'], expiresAt: inDays(90) },
    ...change,
  })
  const make = async (change: object = {}) => {
    const made = await office().one.call('POST', '/api/v1/admin/api-keys', { as: 'hyerim', body: wish(change) })
    expect([made.status, made.code]).toEqual([201, undefined])
    return made.body as { key: { id: string; prefix: string }; secret: string }
  }
  const refusal = async (change: object, as = 'hyerim') => {
    const { status, code } = await office().one.call('POST', '/api/v1/admin/api-keys', { as, body: wish(change) })
    return `${status} ${code}`
  }
  const who = async (key: string, at = office().one, from?: string) => {
    const { status, code } = await at.call('GET', '/api/v1/who', { as: key, ...(from && { from }) })
    return code ?? status
  }
  const rotate = async (id: string, body?: object) =>
    (await office().one.call('POST', `/api/v1/admin/api-keys/${id}/rotate`, { as: 'hyerim', ...(body && { body }) }))
      .body
  const revoke = async (id: string) =>
    await office().one.call('DELETE', `/api/v1/admin/api-keys/${id}`, { as: 'hyerim' })
  return { inDays, wish, make, refusal, who, rotate, revoke }
}
