import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { createMetrics } from '#platform/metrics'
import { connectElasticsearch } from './elasticsearch/connect.ts'
import { createElasticsearchOutput } from './elasticsearch/log-output.elasticsearch.ts'
import { createLogMetrics } from './log-metrics.ts'
import { openSetupClient } from './setup/apply-setup.ts'
import { readDesiredSetup } from './setup/desired-setup.ts'
import { dataStreamOf, logStreams, placeOf } from './streams.ts'

// On a real Elasticsearch 9 alone: ES_URL, and ELASTICSEARCH_API_KEY or ELASTICSEARCH_USER and ELASTICSEARCH_PASSWORD. It puts the product's
// policies and templates there, in place of what is there by these names, and data streams of a namespace of its own, which it removes.
const {
  ES_URL: url,
  ELASTICSEARCH_API_KEY: apiKey,
  ELASTICSEARCH_USER: user,
  ELASTICSEARCH_PASSWORD: password,
} = process.env
if (!url) console.warn('No ES_URL: logs are not tried on a real Elasticsearch')

describe.runIf(url)('on a real Elasticsearch', () => {
  const namespace = `test${randomBytes(4).toString('hex')}`
  const access = { urls: [url ?? ''], apiKey, user, password }
  const desired = readDesiredSetup(join(import.meta.dirname, '../../deploy/elasticsearch'), namespace)

  afterAll(async () => {
    const client = await connectElasticsearch(access)
    await client.indices.deleteDataStream({ name: logStreams.map((stream) => dataStreamOf(stream, namespace)) })
    await client.close()
  })

  test('what is set up is found to be the same', async () => {
    await using setup = await openSetupClient(access)
    await setup.apply(await setup.plan(desired))
    const planned = await setup.plan(desired)
    expect(planned.filter(({ state }) => state !== 'same')).toEqual([])
  })

  test('lines arrive in every stream, and the same id twice is one document', async () => {
    const client = await connectElasticsearch(access)
    const metrics = createLogMetrics(createMetrics(), () => undefined)
    const output = createElasticsearchOutput({ client, namespace, metrics: () => metrics, tell: () => undefined })
    for (const stream of logStreams) {
      const { dataset } = placeOf(stream, namespace)
      const document = { '@timestamp': new Date().toISOString(), message: 'A try', 'event.dataset': dataset }
      const documents = [1, 2].map((number) => ({ id: `try-${number}`, line: `${JSON.stringify(document)}\n` }))
      await output.deliver(stream, documents)
      await output.deliver(stream, documents)
    }
    const reader = await connectElasticsearch(access)
    for (const stream of logStreams) {
      const index = dataStreamOf(stream, namespace)
      await vi.waitFor(
        async () => {
          await reader.indices.refresh({ index })
          expect((await reader.count({ index })).count).toBe(2)
        },
        { timeout: 15_000 },
      )
    }
    await output.close()
    await reader.close()
  })
})
