import type { Delivery, MessageQueue } from '#platform/queue'
import { batchTopic } from './push-queue.ts'
import type { PushStore } from './push-store.ts'
import type { FindPeople } from './push-target.ts'

type Deps = { store: Pick<PushStore, 'spread'>; queue: Pick<MessageQueue, 'publish'>; findPeople: FindPeople }
type PushDelivery = Pick<Delivery<{ push: string }>, 'message' | 'runOnce'>

/** Finds whom a message is for when its time has come, and hands its devices on in batches: all of it, or nothing. */
export function createPushSpreader({ store, queue, findPeople }: Deps): (delivery: PushDelivery) => Promise<void> {
  return async ({ message, runOnce }) => {
    const { push } = message.body
    await runOnce(async (transaction) => {
      const batches = await store.spread(push, findPeople, transaction)
      for (let batch = 0; batch < batches; batch++)
        await queue.publish(batchTopic, { push, batch }, { within: transaction, idempotencyKey: `${push}/${batch}` })
    })
  }
}
