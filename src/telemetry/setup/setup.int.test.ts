import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ElasticsearchSimulator, startElasticsearchSimulator } from '../elasticsearch/elasticsearch-fixture.ts'
import { keepDays, type LogStream, logStreams } from '../streams.ts'
import { openSetupClient } from './apply-setup.ts'
import { readDesiredSetup } from './desired-setup.ts'
import { importObjects } from './import-objects.ts'

const deploy = join(import.meta.dirname, '../../../deploy')
const desired = () => structuredClone(readDesiredSetup(join(deploy, 'elasticsearch'), 'default'))
let store: ElasticsearchSimulator
beforeEach(async () => {
  store = await startElasticsearchSimulator()
})
afterEach(() => store.close())

const states = async () => {
  await using client = await openSetupClient({ urls: [store.url] })
  return (await client.plan(desired())).map(({ part, state }) => `${part.kind} ${part.name} ${state}`)
}

test('everything is missing, is made, and is the same from then on', async () => {
  expect((await states()).every((line) => line.endsWith('missing'))).toBe(true)
  expect(store.policies.size).toBe(0)
  await using client = await openSetupClient({ urls: [store.url] })
  await client.apply(await client.plan(desired()))
  expect((await states()).every((line) => line.endsWith('same'))).toBe(true)
  expect([...store.stored.keys()]).toEqual(logStreams.map((stream) => `logs-erp_chatbot.${stream}-default`))
  const before = store.requests.length
  await client.apply(await client.plan(desired()))
  expect(store.requests.slice(before).filter((request) => !request.startsWith('GET'))).toEqual([])
})

test('what somebody changed is shown and put right, and the data stream goes on with the new template', async () => {
  await using client = await openSetupClient({ urls: [store.url] })
  await client.apply(await client.plan(desired()))
  const changed = desired()
  const policy = changed.find(({ name }) => name === 'erp_chatbot-audit')?.body.policy as {
    phases: { delete: { min_age: string } }
  }
  policy.phases.delete.min_age = '30d'
  store.policies.set('erp_chatbot-audit', policy)
  const template = changed.find(({ name, kind }) => name === 'erp_chatbot-app' && kind === 'template')
  store.templates.set('erp_chatbot-app', { ...template?.body, priority: 1 })
  const planned = await client.plan(desired())
  expect(planned.filter(({ state }) => state !== 'same').map(({ differences }) => differences)).toEqual([
    [{ place: 'policy.phases.delete.min_age', present: '30d', desired: '365d' }],
    [{ place: 'priority', present: 1, desired: 300 }],
  ])
  await client.apply(planned)
  expect((await states()).every((line) => line.endsWith('same'))).toBe(true)
  expect(store.requests).toContain('POST /logs-erp_chatbot.app-default/_rollover')
})

describe('the files in deploy', () => {
  const bodyOf = (kind: string, name: string) =>
    desired().find((part) => part.kind === kind && part.name === name)?.body

  test.each(logStreams.map((stream): [LogStream, number] => [stream, keepDays[stream]]))(
    'keep %s for %d days',
    (stream, days) => {
      const template = bodyOf('template', `erp_chatbot-${stream}`) as {
        index_patterns: string[]
        template: { settings: { index: { lifecycle: { name: string } } } }
      }
      expect(template.index_patterns).toEqual([`logs-erp_chatbot.${stream}-*`])
      const { policy } = bodyOf('policy', template.template.settings.index.lifecycle.name) as {
        policy: { phases: { delete: { min_age: string } } }
      }
      expect(policy.phases.delete.min_age).toBe(`${days}d`)
    },
  )

  type SavedObject = {
    type: string
    id: string
    attributes: Record<string, string>
    references: { id: string; type: string; name: string }[]
  }
  const objects = readFileSync(join(deploy, 'kibana/erp-chatbot.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as SavedObject)

  test('of Kibana refer to each other and to nothing else', () => {
    const known = new Set(objects.map(({ type, id }) => `${type} ${id}`))
    expect(known.size).toBe(objects.length)
    const missing = objects
      .flatMap(({ references }) => references)
      .filter(({ type, id }) => !known.has(`${type} ${id}`))
    expect(missing).toEqual([])
    for (const { type, attributes, references } of objects.filter((object) => object.type === 'dashboard')) {
      const panels = JSON.parse(attributes.panelsJSON ?? '') as { panelRefName: string; panelIndex: string }[]
      expect(
        panels.map((panel) => `${panel.panelIndex}:${panel.panelRefName}`),
        type,
      ).toEqual(references.map(({ name }) => name))
    }
  })

  test('of Kibana ask for fields that the templates know', () => {
    for (const object of objects) {
      const view = object.references.find(({ type }) => type === 'index-pattern')?.id
      if (view === undefined) continue
      const { template } = bodyOf('template', view) as { template: { mappings: { properties: Properties } } }
      const known = fieldsOf(template.mappings.properties)
      const asked = [...JSON.stringify(object.attributes).matchAll(/field\\+":\\+"([\w.@]+)/g)].map(
        ([, field]) => field,
      )
      const columns = (object.attributes.columns ?? []) as unknown as string[]
      const inQuery = [
        ...JSON.stringify(object.attributes.kibanaSavedObjectMeta).matchAll(/([a-z_]+\.[\w.]+)\s*(?::|>=)/g),
      ].map(([, field]) => field)
      const unknown = [...asked, ...columns, ...inQuery].filter((field) => !known.has(field ?? ''))
      expect(unknown, object.id).toEqual([])
    }
  })
})

type Properties = Record<string, { properties?: Properties }>
function fieldsOf(properties: Properties, prefix = ''): Set<string> {
  return new Set(
    Object.entries(properties).flatMap(([name, { properties: inner }]) =>
      inner ? [...fieldsOf(inner, `${prefix}${name}.`)] : [`${prefix}${name}`],
    ),
  )
}

test('saved objects go to Kibana as it wants them, and what it does not take is an error', async () => {
  let reply: unknown = { success: true, successCount: 2 }
  const seen: { url: string; xsrf: unknown; authorization: unknown; body: string }[] = []
  const kibana = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { headers, url = '' } = request
    seen.push({
      url,
      xsrf: headers['kbn-xsrf'],
      authorization: headers.authorization,
      body: Buffer.concat(chunks).toString(),
    })
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(reply))
  })
  await once(kibana.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(kibana.address() as AddressInfo).port}/kibana`
  expect(await importObjects({ url, apiKey: 'a2V5' }, '{"a":1}\n{"b":2}\n')).toBe(2)
  expect(seen[0]).toMatchObject({
    url: '/kibana/api/saved_objects/_import?overwrite=true',
    xsrf: 'true',
    authorization: 'ApiKey a2V5',
  })
  expect(seen[0]?.body).toContain('filename="erp-chatbot.ndjson"')
  reply = {
    success: false,
    successCount: 0,
    errors: [{ id: 'x', type: 'dashboard', error: { type: 'missing_references' } }],
  }
  await expect(importObjects({ url }, '')).rejects.toThrow('dashboard x: missing_references')
  kibana.close()
})
