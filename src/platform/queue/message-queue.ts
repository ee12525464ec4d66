import type { Kysely, Transaction } from 'kysely'
import type { z } from 'zod'
import type { Envelope } from '../envelope.ts'

/** What is published to; every queue of the topic gets a copy. */
export type Topic<T = unknown> = { name: string; body: z.ZodType<T> }

/** How often a message that failed is delivered again: `limit` more times, after a wait that doubles between the two bounds. */
type Retry = { limit: number; firstSeconds: number; longestSeconds: number }

/** Where messages wait for consumers. A handler that takes longer than `timeoutSeconds` has failed. */
export type Queue<T = unknown> = { name: string; topic: Topic<T>; retry: Retry; timeoutSeconds: number }

type PublishOptions = {
  /** Publishes when this transaction commits, and not at all when it rolls back. */
  within?: Kysely<unknown>
  /** Two messages of a topic with the same key are one. */
  idempotencyKey?: string
  /** Not delivered before. */
  deliverAt?: Date
}

/** A message in the hands of a consumer: acknowledged when its handler resolves, and not when it throws. */
export type Delivery<T> = {
  message: Envelope<T>
  /** 1 at first. */
  deliveryCount: number
  /** A failure now makes it a dead letter. */
  isLast: boolean
  /** Aborted at the queue's timeout, and when the consumer is closed and would wait no longer. */
  signal: AbortSignal
  /** Runs `work` in a transaction that marks the message as consumed; answers false, and runs nothing, when that is done already. */
  runOnce(work: (transaction: Transaction<unknown>) => Promise<void>): Promise<boolean>
}

export type Handler<T> = (delivery: Delivery<T>) => Promise<void>

/** Thrown by a handler: delivering the message again would not help, so it becomes a dead letter at once. */
export class Rejected extends Error {}

type ConsumeOptions = {
  /** At most this many messages at a time. */
  prefetch: number
  /** How long `close` waits for handlers before it aborts them. */
  drainMs?: number
}

/** `close` takes no more messages and waits for those in hand; what is not finished then is delivered again. */
export type Consumer = AsyncDisposable & { close(): Promise<void> }

export type DeadLetter = {
  id: string
  queue: string
  message: unknown
  reason: string
  deliveries: number
  diedAt: Date
}

/** `body`: those whose message has these values in it. `after`: the place of the last one that is known. */
type LetterFilter = {
  queue?: string | undefined
  body?: Record<string, string> | undefined
  limit: number
  after?: { at: Date; id: string } | undefined
}

/** Dead letters of one queue. */
export type LetterCount = { queue: string; count: number; oldestAt: Date }

/** Messages that nobody could deal with, kept until somebody decides. What changes them can be part of a transaction of the caller's. */
export type DeadLetters = {
  /** Oldest first, at most `limit`. */
  list(filter: LetterFilter): Promise<DeadLetter[]>
  read(id: string): Promise<DeadLetter | undefined>
  /** Of each queue that has some, by name. */
  counts(): Promise<LetterCount[]>
  /** Publishes them to their queue again, with their retries anew; answers how many there were. Those of a queue that is no more stay. */
  replay(ids: readonly string[], within?: Kysely<unknown>): Promise<number>
  discard(ids: readonly string[], within?: Kysely<unknown>): Promise<number>
}

export type QueueDepth = {
  queue: string
  /** Waiting for a consumer. */
  ready: number
  /** Scheduled, or waiting for their next try. */
  delayed: number
  dead: number
  /** Of the oldest message that is ready; an upper bound where the server does not tell. Absent when there is none. */
  oldestSeconds?: number
}

/**
 * Messages between processes, each in an envelope with the trace of who published it. Delivered at least once, in no promised order;
 * `runOnce` makes the effect happen once. Bodies carry ids, not what people wrote: they are stored as they are.
 */
export type MessageQueue = AsyncDisposable & {
  /** Answers the message's id once it is stored. Throws when `body` does not fit the topic. */
  publish<T>(topic: Topic<T>, body: T, options?: PublishOptions): Promise<string>
  consume<T>(queue: Queue<T>, options: ConsumeOptions, handler: Handler<T>): Promise<Consumer>
  deadLetters: DeadLetters
  depths(): Promise<QueueDepth[]>
  /** Throws when messages cannot be handed to consumers at the moment. */
  checkReady(): Promise<void>
  close(): Promise<void>
}

/** A topic with messages of one shape. */
export function defineTopic<T>(name: string, body: z.ZodType<T>): Topic<T> {
  return { name, body }
}

const usual = { retry: { limit: 8, firstSeconds: 2, longestSeconds: 600 }, timeoutSeconds: 60 }

/** A queue of a topic, by the topic's name unless told; retried eight times within about ten minutes unless told. */
export function defineQueue<T>(topic: Topic<T>, options: Partial<Omit<Queue<T>, 'topic'>> = {}): Queue<T> {
  return { name: topic.name, topic, ...usual, ...options }
}
