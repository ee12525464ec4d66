import { spawn } from 'node:child_process'
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type ClientHttp2Session, connect } from 'node:http2'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startPostgres } from '../demo/postgres.ts'
import { writeMessage } from '../src/notify/push/fcm/write-message.ts'
import type { DeviceContent } from '../src/notify/push/push-content.ts'
import { addManyDevices, openPush, silentLog } from '../src/notify/push/push-fixture.ts'
import { createFcmSender } from '../src/notify/push/push-sender.fcm.ts'
import type { PushSender } from '../src/notify/push/push-sender.ts'
import { migrateDatabase, openDatabase } from '../src/platform/database.ts'
import { comparedFigure, type Figure, judged, median, plainFigure } from './figure.ts'

const messages = 10_000
const rounds = 5
const streams = 100

const content: DeviceContent = {
  push: randomUUID(),
  notification: { title: '재고가 기준 아래로 내려갔어요', body: 'A-100 재고가 80개예요.' },
  data: { path: '/stock/A-100' },
  priority: 'high',
  expiresAt: new Date(Date.now() + 86_400_000),
}
const tokenOf = (index: number) => `${'x'.repeat(140)}${index}`

/**
 * Messages handed to a server that does nothing but answer: by our sender and by bare HTTP/2 streams with bodies written beforehand, in
 * turns; and ten thousand devices of one message through database and queue.
 */
export async function measurePush(): Promise<Figure[]> {
  const peer = spawn(process.execPath, [fileURLToPath(import.meta.resolve('./push-peer-process.ts'))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(peer.stdout, 'data')) as [Buffer]
  const url = line.toString().trim()
  const sender = createFcmSender({ account: accountOf(url), endpoint: url, metrics: noMetrics, limits: { streams } })
  const session = connect(url)
  await once(session, 'remoteSettings')
  try {
    const bodies = Array.from({ length: messages }, (_, index) => writeMessage(content, new Date())(tokenOf(index)))
    const ours: number[] = []
    const bare: number[] = []
    for (let round = -1; round < rounds; round++) {
      const [mine, theirs] = [await rateOf(sendBy(sender)), await rateOf(sendBare(session, bodies))]
      // The first round warms up.
      if (round < 0) continue
      ours.push(mine)
      bare.push(theirs)
    }
    const peerFigure = { name: 'bare HTTP/2 streams', value: median(bare) }
    const figure = comparedFigure('push messages', median(ours), '/s', peerFigure)
    const whole = await measureWhole(sender)
    return [
      judged(figure, '≥ 0.5', (figure.ratio ?? 0) >= 0.5),
      plainFigure('push through database and queue', whole, '/s'),
    ]
  } finally {
    session.destroy()
    await sender.close()
    peer.kill()
  }
}

const noMetrics = { sessionEnded: () => undefined, retried: () => undefined }

function accountOf(url: string) {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { projectId: 'bench', keyId: 'key', privateKey: pem, email: 'bench@bench.example', tokenUrl: `${url}/token` }
}

/** Messages a second. */
async function rateOf(send: (index: number) => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  let next = 0
  const sendSome = async () => {
    while (next < messages) await send(next++)
  }
  await Promise.all(Array.from({ length: streams }, sendSome))
  return messages / ((performance.now() - startedAt) / 1000)
}

const sendBy = (sender: PushSender) => (index: number) => sender.send({ device: 'd', token: tokenOf(index), content })

const sendBare = (session: ClientHttp2Session, bodies: string[]) => (index: number) => {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const stream = session.request({
    ':method': 'POST',
    ':path': '/v1/projects/bench/messages:send',
    authorization: 'Bearer ya29.bench',
    'content-type': 'application/json',
  })
  let text = ''
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    text += chunk
  })
  stream.on('end', () => resolve(text))
  stream.on('error', reject)
  stream.end(bodies[index])
  return promise
}

/** From the request of one message until all of ten thousand devices are noted to have it. */
async function measureWhole(sender: PushSender): Promise<number> {
  const dataDir = await mkdtemp(join(tmpdir(), 'erp-chatbot-bench-'))
  const postgres = await startPostgres({ dataDir })
  const database = openDatabase({ url: postgres.url('postgres'), log: silentLog })
  try {
    await migrateDatabase(database, 'migrations')
    const push = await openPush(database)
    const { id: userId } = push.addPerson()
    await addManyDevices(database, push, { userId, count: messages })
    const stop = await push.send({ ...sender, close: async () => undefined })
    const startedAt = performance.now()
    const requested = await push.request({ target: { users: [userId] } })
    while ((await push.stateOf(requested.push)) !== 'sent') await new Promise((done) => setTimeout(done, 50))
    const seconds = (performance.now() - startedAt) / 1000
    await stop()
    await push.close()
    return messages / seconds
  } finally {
    await database.close()
    await postgres.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}
