import { expect, test } from 'vitest'
import { type AuditRow, cleanEntry, firstHash, hashRow } from './audit-entry.ts'
import { describeCall } from './describe-call.ts'

const sealed = { ref: 'r', ipMark: Buffer.from('m'), content: Buffer.from('c') }
const row: AuditRow = {
  id: 1,
  at: new Date('2026-11-23T05:32:00.123Z'),
  actorId: 'somi',
  action: 'GET /api/v1/me',
  outcome: 'ok',
  ip: null,
  sealed,
  traceId: 'a'.repeat(32),
  details: { b: 1, a: { d: 2, c: 3 } },
}

test('secrets and what people wrote are not kept', () => {
  const { details, personal } = cleanEntry({
    ...row,
    details: {
      token: 'hush',
      headers: { cookie: 'hush' },
      note: 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.abc',
      text: '내 연봉 알려줘',
      request: { question: '내 연봉 알려줘' },
      entity: 'leave',
      reason: '900101-1234567 010-1234-5678 somi@hanbit.example',
    },
    personal: { name: '안소미', phone: '010-1234-5678', note: 'Bearer abcdefghijkl' },
  })
  expect(JSON.stringify(details)).not.toMatch(/hush|eyJ|연봉|1234/)
  const reason = '[personal] [personal] [personal]'
  expect(personal).toEqual({ name: '안소미', phone: '010-1234-5678', note: 'Bearer [redacted]', reason })
  expect(details.entity).toBe('leave')
})

test('words in details are sealed, wherever they are: a name may be among them', () => {
  const { details, personal } = cleanEntry({
    ...row,
    details: {
      note: '김민수 부장',
      shape: { entity: 'sales', where: ['customer', 'Kim Minsu'] },
      byName: { 안소미: 2 },
      text: '내 연봉 알려줘',
      route: '/api/v1/people/:userId',
      at: '2026-11-23T05:32:00.123Z',
      ids: ['4f3c1b0a-7e0f-4d5e-9a63-0d2a6c1f7a11', 4, null, true],
    },
    personal: { reason: '퇴사' },
  })
  expect(details).toEqual({
    text: '[not kept]',
    route: '/api/v1/people/:userId',
    at: '2026-11-23T05:32:00.123Z',
    ids: ['4f3c1b0a-7e0f-4d5e-9a63-0d2a6c1f7a11', 4, null, true],
  })
  expect(personal).toEqual({
    note: '김민수 부장',
    shape: { entity: 'sales', where: ['customer', 'Kim Minsu'] },
    byName: { 안소미: 2 },
    reason: '퇴사',
  })
})

test('sizes are bounded', () => {
  const entry = cleanEntry({ ...row, action: 'x'.repeat(9_999), details: { entities: Array(9_999).fill('sales') } })
  expect(entry.action).toHaveLength(200)
  expect(entry.details).toEqual({ dropped: 'too-large' })
})

test('the hash covers every field and the hash before, but no order of keys', () => {
  const hash = hashRow(firstHash, row).toString('hex')
  expect(hashRow(firstHash, { ...row, details: { a: { c: 3, d: 2 }, b: 1 } }).toString('hex')).toBe(hash)
  const changes: Partial<AuditRow>[] = [
    { id: 2 },
    { at: new Date(0) },
    { actorId: null },
    { action: 'x' },
    { outcome: 'failed' },
    { ip: '127.0.0.1' },
    { sealed: null },
    { sealed: { ...sealed, ref: 'x' } },
    { sealed: { ...sealed, ipMark: null } },
    { sealed: { ...sealed, content: Buffer.from('d') } },
    { traceId: 'b' },
    { details: {} },
  ]
  for (const change of changes) expect(hashRow(firstHash, { ...row, ...change }).toString('hex')).not.toBe(hash)
  expect(hashRow(Buffer.alloc(32, 1), row).toString('hex')).not.toBe(hash)
})

test('a call becomes its method and pattern, with its end', () => {
  const call = {
    method: 'GET',
    route: '/api/v1/me',
    target: {},
    status: 200,
    errorCode: null,
    ip: '::1',
    actorId: 'somi',
    durationMs: 1.4,
    traceId: 'a',
  }
  expect(describeCall(call)).toEqual({
    actorId: 'somi',
    action: 'GET /api/v1/me',
    outcome: 'ok',
    ip: '::1',
    details: { status: 200, durationMs: 1 },
  })
  expect(describeCall({ ...call, route: null, status: 404, errorCode: 'NOT_FOUND' })).toMatchObject({
    action: 'GET (no such address)',
    outcome: 'refused',
    details: { errorCode: 'NOT_FOUND' },
  })
  const target = { id: '4f3c1b0a-7e0f-4d5e-9a63-0d2a6c1f7a11' }
  expect(describeCall({ ...call, target }).details).toMatchObject({ target })
  expect(describeCall({ ...call, status: 503 }).outcome).toBe('failed')
})
