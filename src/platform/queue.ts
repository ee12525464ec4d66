export { createPostgresQueue } from './queue/message-queue.postgres.ts'
export { createRabbitmqQueue } from './queue/message-queue.rabbitmq.ts'
export {
  type Consumer,
  type DeadLetter,
  type DeadLetters,
  type Delivery,
  defineQueue,
  defineTopic,
  type MessageQueue,
  type Queue,
  Rejected,
} from './queue/message-queue.ts'
