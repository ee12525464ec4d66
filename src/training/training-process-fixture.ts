import type { MessageQueue } from '#platform/queue'
import { openTraining } from './index.ts'
import { workJobs } from './jobs/work-jobs.ts'
import { openParts } from './training-fixture.ts'

// A worker in a process of its own that stops dead when it has just done a part of a step, before anybody knows: for tests that kill it.
type Order = {
  databaseUrl: string
  keyFile: string
  command?: string[]
  leaseMs: number
  part?: [store: string, name: string]
}
const order = JSON.parse(process.argv[2] ?? '') as Order
const queue = { publish: async () => 'id' } as unknown as MessageQueue
const deps = openTraining(openParts(order), queue)
const [store, name] = order.part ?? []

function stopAfter(whole: object): object {
  return new Proxy(whole, {
    get: (target, key) => {
      const own = Reflect.get(target, key) as (...args: unknown[]) => Promise<unknown>
      if (key !== name) return own
      return async (...args: unknown[]) => {
        // A step's end is not to be known: everything else is done first.
        if (key !== 'finishStep' || args[1] === 'gate') {
          if (key !== 'finishStep') await own(...args)
          process.stdout.write('there\n')
          await new Promise(() => setInterval(() => undefined, 60_000))
        }
        return await own(...args)
      }
    },
  })
}

const stores = Object.entries(deps).map(([key, value]) => [key, key === store ? stopAfter(value as object) : value])
workJobs({ ...Object.fromEntries(stores), everyMs: 200, leaseMs: order.leaseMs, beforeLook: async () => undefined })
if (!order.part) process.stdout.write('there\n')
setInterval(() => undefined, 60_000)
