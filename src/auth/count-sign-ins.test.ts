import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { AppError } from '#platform/errors'
import { countSignIns } from './count-sign-ins.ts'
import { authErrors } from './errors.ts'
import type { SignIn } from './sign-in.ts'

const input = {
  browserMark: undefined,
  refreshToken: undefined,
  userAgent: undefined,
  returnPath: '/',
  query: new URLSearchParams(),
}

/** A sign-in whose every step ends as told. */
function endingAs(end: () => unknown): SignIn {
  const step = async () => end() as never
  return { start: step, finish: step, refresh: step, end: step, endByProvider: step }
}

async function count(end: () => unknown, step: 'start' | 'finish' | 'refresh'): Promise<string[]> {
  const registry = new Registry()
  const signIn = countSignIns(endingAs(end), { registry })
  const acted = step === 'refresh' ? signIn.refresh('token', 'ip') : signIn[step](input, 'ip')
  await acted.catch(() => undefined)
  return [...(await registry.metrics()).matchAll(/\{step="([\w-]+)",outcome="(\w+)"\} 1/g)].map(
    ([, a, b]) => `${a} ${b}`,
  )
}

const failed = (code: string) => () => ({ kind: 'failed', code })
const thrown = (spec: (typeof authErrors)[keyof typeof authErrors]) => () => {
  throw new AppError(spec)
}

test('counts each sign-in once, where it ends', async () => {
  expect(await count(() => ({ kind: 'started' }), 'start')).toEqual([])
  expect(await count(() => ({ kind: 'finished' }), 'finish')).toEqual(['sign-in ok'])
  expect(await count(failed('SIGN_IN_NO_ROLE'), 'finish')).toEqual(['sign-in refused'])
  expect(await count(failed('SIGN_IN_UNAVAILABLE'), 'start')).toEqual(['sign-in unavailable'])
})

test('tells a renewal that is refused from one that cannot be decided', async () => {
  expect(await count(() => ({}), 'refresh')).toEqual(['refresh ok'])
  expect(await count(thrown(authErrors.sessionEnded), 'refresh')).toEqual(['refresh refused'])
  expect(await count(thrown(authErrors.unavailable), 'refresh')).toEqual(['refresh unavailable'])
})
