// A trainer outside the service: takes training tasks from RabbitMQ and hands models back. Any language can do the same.
// QUEUE_URL=amqps://… SERVICE_URL=https://… API_KEY=… node trainer.mjs TRAINER [ARGUMENT…]
// TRAINER is any program that reads --train FILE ({"text", "intent"} a line) and writes its model to --save FILE.
import { spawnSync } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Connection } from 'rabbitmq-client'

const [program, ...args] = process.argv.slice(2)
const { QUEUE_URL, SERVICE_URL, API_KEY } = process.env
const connection = new Connection(QUEUE_URL)
const publisher = connection.createPublisher({ confirm: true })

async function call(method, path, body) {
  const headers = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' }
  const reply = await fetch(new URL(path, SERVICE_URL), { method, headers, body: body && JSON.stringify(body) })
  if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`)
  return (await reply.json()).body
}

async function train({ dataset, model }) {
  const folder = mkdtempSync('trainer-')
  const [data, made] = [join(folder, 'examples.jsonl'), join(folder, 'model')]
  try {
    writeFileSync(data, (await call('GET', dataset)).examples)
    const { status, stderr } = spawnSync(program, [...args, '--train', data, '--save', made], { encoding: 'utf8' })
    if (status !== 0) return { error: stderr.slice(-300) }
    const bytes = readFileSync(made)
    await call('PUT', model, { content: bytes.toString('base64') })
    return { sha256: createHash('sha256').update(bytes).digest('hex') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const queue = { queue: 'erp-chatbot.training-tasks', queueOptions: { passive: true }, qos: { prefetchCount: 1 } }
connection.createConsumer(queue, async ({ body: task }) => {
  const result = await train(task.body)
  const now = new Date().toISOString()
  const header = { messageId: randomUUID(), timestamp: now, source: 'trainer', destination: 'training-results' }
  const message = { header, body: { job: task.body.job, ...result }, metadata: task.metadata }
  await publisher.send({ exchange: 'erp-chatbot', routingKey: 'training-results', durable: true }, message)
})
