import type { Queue } from '../message-queue.ts'

/** Where topics are published: a direct exchange, the topic's name as routing key. Other programs may bind queues of their own to it. */
export const exchange = 'erp-chatbot'
const deadExchange = 'erp-chatbot.dead'
export const deadQueueName = 'erp-chatbot.dead'

const quorum = { 'x-queue-type': 'quorum' as const }
/** Redeliveries without a verdict, because consumers died of the message: then the server gives up on it. */
const deliveryLimit = 20

export function queueNameOf(queue: string): string {
  return `erp-chatbot.${queue}`
}

/** What must be there before messages flow. The arguments of a queue that exists cannot change, so they depend on nothing. */
export function topologyOf(queues: readonly Pick<Queue, 'name' | 'topic'>[]) {
  const durable = true
  return {
    exchanges: [
      { exchange, type: 'direct', durable },
      { exchange: deadExchange, type: 'fanout', durable },
    ],
    queues: [{ queue: deadQueueName, durable, arguments: quorum }, ...queues.map(({ name }) => queueOf(name))],
    queueBindings: [
      { queue: deadQueueName, exchange: deadExchange, routingKey: '' },
      ...queues.map(({ name, topic }) => ({ queue: queueNameOf(name), exchange, routingKey: topic.name })),
    ],
  }
}

function queueOf(name: string) {
  return {
    queue: queueNameOf(name),
    durable: true,
    arguments: {
      ...quorum,
      'x-delivery-limit': deliveryLimit,
      'x-dead-letter-exchange': deadExchange,
      // The message leaves its queue only when the dead letter queue has it.
      'x-dead-letter-strategy': 'at-least-once',
      'x-overflow': 'reject-publish' as const,
    },
  }
}
