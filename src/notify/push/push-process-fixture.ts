import { openDatabase } from '#platform/database'
import { openPush, silentLog } from './push-fixture.ts'
import { createFcmSender } from './push-sender.fcm.ts'

// A worker of its own that sends what is requested to one person's devices: for those that kill it. Says when it begins.
const [, , databaseUrl = '', endpoint = '', keyFile = '', account = '', userId = ''] = process.argv
const database = openDatabase({ url: databaseUrl, log: silentLog })
const push = await openPush(database, { keyFile, leaseMs: 3_000 })
push.addPerson({ id: userId })
const metrics = { sessionEnded: () => undefined, retried: () => undefined }
const limits = { streams: 20 }
await push.send(createFcmSender({ account: JSON.parse(account), endpoint, metrics, limits }))
process.stdout.write('sending\n')
