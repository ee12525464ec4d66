import { z } from 'zod'
import { longestTtlSeconds } from './push-content.ts'
import { longestCondition, topicPattern } from './topic-condition.ts'

/** The shapes of push messages and devices on the wire. Instants are ISO. */
const instant = z.iso.datetime()
const language = z.enum(['ko', 'en'])
/** Shown on one line: no control characters. */
const line = z.string().regex(/^[^\p{Cc}]*$/u)
const shortLine = line.min(1).max(100)
const topic = z.string().regex(topicPattern)
const platform = z.enum(['android', 'ios', 'web'])
const states = ['scheduled', 'requested', 'sending', 'sent', 'failed', 'cancelled'] as const
const deliveryStates = ['pending', 'sent', 'unregistered', 'failed', 'expired', 'undelivered', 'cancelled'] as const

/** Registration tokens of Firebase are of these; anything else is none. */
const token = z
  .string()
  .min(8)
  .max(4_096)
  .regex(/^[\w:.~+/=-]+$/)

export const registerDeviceSchema = z.strictObject({
  token,
  platform,
  name: shortLine.optional(),
  language: language.default('ko'),
})
export const registeredDeviceSchema = z.object({ device: z.uuid(), isNew: z.boolean() })
export const deviceListSchema = z.object({
  devices: z.array(
    z.object({
      device: z.uuid(),
      platform,
      name: z.string().optional(),
      language,
      registeredAt: instant,
      seenAt: instant,
      topics: z.array(z.string()),
    }),
  ),
})
export const deviceQuerySchema = z.object({
  /** A person's id, or a part of their name or address. */
  person: line.trim().min(1).max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  after: z.string().max(200).optional(),
})
/** Without their ids, which are their owners' alone. */
export const registeredDevicesSchema = z.object({
  devices: z.array(
    z.object({
      /** Whose it is; absent of who is no more. */
      person: z.string().optional(),
      platform,
      name: z.string().optional(),
      language,
      registeredAt: instant,
      seenAt: instant,
      topics: z.array(z.string()),
    }),
  ),
  next: z.string().optional(),
})
export const deviceParams = z.object({ device: z.uuid() })
export const deviceTopicParams = z.object({ device: z.uuid(), topic })
export const doneSchema = z.object({ done: z.boolean() })

const ids = z.array(z.uuid()).max(1_000)
const roles = z.array(z.string().regex(/^[a-z-]{1,40}$/)).max(50)
const departments = z.array(shortLine).max(100)
const membersSchema = z.strictObject({
  users: ids.default([]),
  roles: roles.default([]),
  departments: departments.default([]),
  devices: ids.default([]),
})
export const topicMembersSchema = membersSchema
export const topicParams = z.object({ topic })
export const topicListSchema = z.object({ topics: z.array(z.object({ topic: z.string(), devices: z.number().int() })) })
export const topicChangeSchema = z.object({ topic: z.string(), devices: z.number().int() })

const words = z.strictObject({ title: line.max(20_000), body: z.string().max(20_000) })
/** Firebase keeps some keys for itself, and we one. */
const dataKey = z
  .string()
  .regex(/^(?!(?:from|message_type|pushId)$|google\.|gcm\.)[A-Za-z][\w.-]{0,99}$/, 'must not be reserved')

export const requestPushSchema = z.strictObject({
  notification: z.strictObject({ ko: words.optional(), en: words.optional() }).optional(),
  data: z.record(dataKey, z.string().max(20_000)).optional(),
  target: membersSchema.extend({
    topics: z.array(topic).max(50).default([]),
    condition: z.string().min(1).max(longestCondition).optional(),
  }),
  sendAt: instant.optional(),
  priority: z.enum(['high', 'normal']).default('high'),
  ttlSeconds: z.number().int().min(0).max(longestTtlSeconds).default(86_400),
  collapseKey: z
    .string()
    .regex(/^[\w.-]{1,64}$/)
    .optional(),
  idempotencyKey: z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/)
    .optional(),
})
export const requestedPushSchema = z.object({ push: z.uuid(), isNew: z.boolean() })

/** A web app of Firebase's, which browsers register with; all of it is public. Null: push messages for browsers are not set up. */
export const webPushSchema = z.object({
  app: z
    .object({
      apiKey: z.string(),
      appId: z.string(),
      senderId: z.string(),
      projectId: z.string(),
      vapidKey: z.string(),
    })
    .nullable(),
})

export const pushParams = z.object({ push: z.uuid() })
export const pushSchema = z.object({
  push: z.uuid(),
  kind: z.enum(['notification', 'data', 'combined']),
  state: z.enum(states),
  error: z.string().optional(),
  requestedBy: z.string(),
  requestedAt: instant,
  dueAt: instant,
  settledAt: instant.optional(),
  /** Devices by state. */
  devices: z.partialRecord(z.enum(deliveryStates), z.number().int()),
})
const sentWords = z.object({ title: z.string(), body: z.string() })
export const pushDetailSchema = pushSchema.extend({
  notification: z.object({ ko: sentWords.optional(), en: sentWords.optional() }).optional(),
  data: z.record(z.string(), z.string()).optional(),
  priority: z.enum(['high', 'normal']),
  ttlSeconds: z.number(),
  collapseKey: z.string().optional(),
  target: z.object({
    users: z.array(z.string()),
    roles: z.array(z.string()),
    departments: z.array(z.string()),
    devices: z.array(z.string()),
    topics: z.array(z.string()),
    condition: z.string().optional(),
  }),
})
export const pushListSchema = z.object({ messages: z.array(pushSchema), next: z.string().optional() })
export const pushListQuerySchema = z.object({
  state: z.enum(states).optional(),
  from: instant.optional(),
  to: instant.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  after: z.string().max(200).optional(),
})
export const deliveryListQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  after: z.uuid().optional(),
})
export const deliveryListSchema = z.object({
  devices: z.array(
    z.object({
      device: z.uuid(),
      state: z.enum(deliveryStates),
      attempts: z.number().int(),
      error: z.string().optional(),
      sentAt: instant.optional(),
      /** Of a device that is still registered. */
      platform: platform.optional(),
      name: z.string().optional(),
      person: z.string().optional(),
    }),
  ),
  /** The place after these, when there may be more. */
  next: z.uuid().optional(),
})
export const replayedSchema = z.object({ replayed: z.number().int() })
export const sinkQuerySchema = z.object({
  push: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  after: z.string().max(200).optional(),
})
export const sinkSchema = z.object({
  records: z.array(
    z.object({
      record: z.uuid(),
      push: z.uuid(),
      device: z.uuid(),
      recordedAt: instant,
      notification: sentWords.optional(),
      data: z.record(z.string(), z.string()),
    }),
  ),
  next: z.string().optional(),
})

export type PushBody = z.infer<typeof pushSchema>
export type PushDetailBody = z.infer<typeof pushDetailSchema>
export type PushListBody = z.infer<typeof pushListSchema>
export type DeliveryListBody = z.infer<typeof deliveryListSchema>
export type SinkBody = z.infer<typeof sinkSchema>
export type TopicListBody = z.infer<typeof topicListSchema>
export type RegisteredDevices = z.infer<typeof registeredDevicesSchema>
export type WebPushBody = z.infer<typeof webPushSchema>
