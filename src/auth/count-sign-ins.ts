import { Counter } from 'prom-client'
import { AppError } from '#platform/errors'
import type { Metrics } from '#platform/metrics'
import type { SignIn } from './sign-in.ts'

/** The same sign-in, counted by how it ended: ok; refused, by the provider or by us; unavailable, when a server was away. */
export function countSignIns(signIn: SignIn, { registry }: Metrics): SignIn {
  const outcomes = ['ok', 'refused', 'unavailable'] as const
  const counter = new Counter({
    name: 'auth_sign_ins_total',
    help: 'Sign-ins and renewals of sessions, by how they ended',
    labelNames: ['step', 'outcome'],
    registers: [registry],
  })
  for (const step of ['sign-in', 'refresh']) for (const outcome of outcomes) counter.inc({ step, outcome }, 0)
  const failure = (code: string) => (code === 'SIGN_IN_UNAVAILABLE' ? 'unavailable' : 'refused')
  return {
    ...signIn,
    async start(input, ip) {
      const started = await signIn.start(input, ip)
      // One that started is counted when it ends.
      if (started.kind === 'failed') counter.inc({ step: 'sign-in', outcome: failure(started.code) })
      return started
    },
    async finish(input, ip) {
      const finished = await signIn.finish(input, ip)
      counter.inc({ step: 'sign-in', outcome: finished.kind === 'failed' ? failure(finished.code) : 'ok' })
      return finished
    },
    async refresh(refreshToken, ip) {
      try {
        const tokens = await signIn.refresh(refreshToken, ip)
        counter.inc({ step: 'refresh', outcome: 'ok' })
        return tokens
      } catch (error) {
        const isRefusal = error instanceof AppError && error.spec.kind === 'unauthenticated'
        counter.inc({ step: 'refresh', outcome: isRefusal ? 'refused' : 'unavailable' })
        throw error
      }
    },
  }
}
