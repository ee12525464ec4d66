import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import type { TestOffice } from '../../support/office.ts'

/** What surrounds the answers: envelope, trace, OpenAPI, probes, metrics, logs, audit. */
export function describeInterfaces(office: () => TestOffice): void {
  describe('interfaces', () => {
    test('an API reply is in the common message format, with the caller’s trace', async () => {
      const person = await office().signIn('sanghyun')
      const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
      const { body, headers } = await person.call('/api/v1/me', {
        headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
      })
      expect(body).toMatchObject({
        header: {
          messageId: expect.any(String),
          timestamp: expect.any(String),
          source: 'erp-chatbot',
          destination: 'client',
        },
        body: { name: '주상현', department: '경영지원팀' },
        metadata: { version: expect.any(String), trace: { traceId } },
      })
      expect(headers.get('x-trace-id')).toBe(traceId)
    })

    test('one trace id leads through the log, the ERP and the audit trail', async () => {
      const person = await office().signIn('sanghyun')
      const { turn } = await person.ask('이번 달 매출 얼마야?')
      const database = new pg.Client({ connectionString: office().databaseUrl })
      await database.connect()
      const audited = await database.query('select count(*)::int as n from audit_log where trace_id = $1', [
        turn.traceId,
      ])
      await database.end()
      expect(audited.rows[0].n).toBeGreaterThan(0)
      const http = office().parts.http ? 'http' : 'service'
      const log = readFileSync(join(office().logsDir, `${http}.log`), 'utf8')
      expect(log).toContain(turn.traceId)
      expect(log).not.toContain('이번 달 매출')
      expect(readFileSync(join(office().logsDir, 'erp-primary.log'), 'utf8')).toContain(turn.traceId)
    })

    test('the audit trail has a row for every call, refused ones too', async () => {
      const database = new pg.Client({ connectionString: office().databaseUrl })
      await database.connect()
      const count = async () => (await database.query('select count(*)::int as n from audit_log')).rows[0].n
      const before = await count()
      await fetch(new URL('/api/v1/me', office().url))
      await fetch(new URL('/api/v1/nothing', office().url))
      await expect.poll(count).toBe(before + 2)
      await database.end()
    })

    test('probes, metrics and the API document answer', async () => {
      const get = (path: string) => fetch(new URL(path, office().url))
      expect((await get('/healthz')).status).toBe(200)
      expect((await get('/readyz')).status).toBe(200)
      const metrics = await (await get('/metrics')).text()
      for (const name of [
        'http_request_duration_seconds',
        'nlu_request_duration_seconds',
        'erp_request',
        'chat_step_duration_seconds',
      ]) {
        expect(metrics).toContain(name)
      }
      const api = (await (await get('/openapi.json')).json()) as { openapi: string; paths: Record<string, unknown> }
      expect(api.openapi).toMatch(/^3\.1/)
      expect(Object.keys(api.paths)).toEqual(
        expect.arrayContaining(['/api/v1/me', '/api/v1/chat/messages', '/api/v1/conversations']),
      )
    })

    test('every documented route but the public ones refuses a stranger', async () => {
      const api = (await (await fetch(new URL('/openapi.json', office().url))).json()) as {
        paths: Record<string, Record<string, { security?: unknown[] }>>
      }
      const open: string[] = []
      for (const [path, methods] of Object.entries(api.paths)) {
        for (const method of Object.keys(methods)) {
          const url = new URL(path.replaceAll(/\{\w+\}/g, '4f3c1b0a-7e0f-4d5e-9a63-0d2a6c1f7a11'), office().url)
          const reply = await fetch(url, { method: method.toUpperCase(), redirect: 'manual' })
          await reply.body?.cancel()
          if (reply.status !== 401) open.push(`${method} ${path}`)
        }
      }
      expect(open.filter((route) => route.includes('/api/'))).toEqual(['get /api/v1/about'])
    })
  })
}
