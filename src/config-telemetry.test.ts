import { expect, test } from 'vitest'
import { z } from 'zod'
import { findTelemetryProblems, telemetryVariables, toTelemetryConfig } from './config-telemetry.ts'

const schema = z.object(telemetryVariables)
const read = (environment: Record<string, string>) => schema.parse(environment)
const problemsOf = (environment: Record<string, string>) => findTelemetryProblems(read(environment)).join('\n')

test('without any of it, logs go to standard output and traces nowhere', () => {
  const { logs, traces } = toTelemetryConfig(read({}))
  expect(logs).toMatchObject({ stdout: 'logs', namespace: 'default', files: undefined, elasticsearch: undefined })
  expect(traces).toBeUndefined()
})

test('off loopback the log store and the collector are reached over https, with credentials of their own', () => {
  expect(problemsOf({ ELASTICSEARCH_URLS: 'http://127.0.0.1:9200,https://es.example:9200' })).toBe('')
  expect(problemsOf({ ELASTICSEARCH_URLS: 'https://a.example,http://b.example:9200' })).toBe(
    'ELASTICSEARCH_URLS: b.example:9200 must be reached over https',
  )
  expect(problemsOf({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel.example:4318' })).toContain('over https')
  expect(problemsOf({ ELASTICSEARCH_URLS: 'https://elastic:hush@es.example' })).toMatch(/variables of their own$/)
})

test.each([
  [{ ELASTICSEARCH_USER: 'elastic' }, /each needs the other/],
  [{ ELASTICSEARCH_USER: 'a', ELASTICSEARCH_PASSWORD: 'b', ELASTICSEARCH_API_KEY: 'c' }, /only one/],
  [{ LOG_STDOUT: 'off' }, /nothing is logged/],
  [{ LOG_STDOUT: 'off', LOG_DIR: '/var/log/erp-chatbot' }, /^$/],
])('%j is told', (environment, problem) => {
  expect(problemsOf(environment)).toMatch(problem)
})

test('headers of the collector are pairs, percent-encoded', () => {
  const { traces } = toTelemetryConfig(
    read({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20YTpi==,x-scope=a',
      OTEL_TRACES_SAMPLER_ARG: '0.1',
    }),
  )
  expect(traces).toMatchObject({ headers: { authorization: 'Basic YTpi==', 'x-scope': 'a' }, ratio: 0.1 })
  expect(schema.safeParse({ OTEL_EXPORTER_OTLP_HEADERS: 'nothing' }).success).toBe(false)
  expect(schema.safeParse({ OTEL_TRACES_SAMPLER_ARG: '2' }).success).toBe(false)
  expect(schema.safeParse({ LOG_NAMESPACE: 'A-b' }).success).toBe(false)
})
