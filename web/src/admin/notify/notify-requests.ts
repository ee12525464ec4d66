import type {
  LetterCountsBody,
  LetterDetailBody,
  LetterListBody,
  LetterOutcome,
} from '../../../../src/dead-letters/api.ts'
import type { EmailDetailBody, EmailListBody, SuppressionListBody } from '../../../../src/notify/api.ts'
import type {
  DeliveryListBody,
  PushBody,
  PushDetailBody,
  PushListBody,
  RegisteredDevices,
  SinkBody,
  TopicListBody,
} from '../../../../src/notify/push/api.ts'
import type { NotifySummary } from '../../../../src/notify/summary/api.ts'
import type { SubscriptionCountsBody } from '../../../../src/subscriptions/api.ts'
import type { ApiClient } from '../../api/client.ts'
import { queryOf } from '../admin-requests.ts'

type Query = Record<string, string | undefined>

/** The console's calls of mail, push messages and dead letters, by name. All throw ApiError. */
export type NotifyRequests = ReturnType<typeof createNotifyRequests>

/** Binds the calls to a client. */
export function createNotifyRequests(api: ApiClient) {
  const base = '/api/v1/notify'
  const place = (kind: string, id: string) => `${base}/${kind}/${encodeURIComponent(id)}`
  const letter = (id: string) => `/api/v1/dead-letters/${encodeURIComponent(id)}`
  return {
    readSummary: () => api.get<NotifySummary>(`${base}/summary`),
    countSubscriptions: () => api.get<SubscriptionCountsBody>('/api/v1/admin/subscriptions'),
    listMail: (query: Query) => api.get<EmailListBody>(`${base}/emails${queryOf(query)}`),
    openMail: (id: string) => api.get<EmailDetailBody>(place('emails', id)),
    retryMail: (id: string) => api.post<object>(`${place('emails', id)}/retry`, {}),
    listSuppressions: (query: Query) => api.get<SuppressionListBody>(`${base}/suppressions${queryOf(query)}`),
    liftSuppression: (id: string, reason: string) => api.post<object>(`${place('suppressions', id)}/lift`, { reason }),
    listPush: (query: Query) => api.get<PushListBody>(`${base}/push${queryOf(query)}`),
    openPush: (id: string) => api.get<PushDetailBody>(place('push', id)),
    listOutcomes: (id: string, after?: string) =>
      api.get<DeliveryListBody>(`${place('push', id)}/devices${queryOf({ after })}`),
    cancelPush: (id: string) => api.post<PushBody>(`${place('push', id)}/cancel`, {}),
    replayPush: (id: string) => api.post<{ replayed: number }>(`${place('push', id)}/replay`, {}),
    listDevices: (query: Query) => api.get<RegisteredDevices>(`${base}/devices${queryOf(query)}`),
    listTopics: () => api.get<TopicListBody>(`${base}/topics`),
    listSink: (after?: string) => api.get<SinkBody>(`${base}/push-sink${queryOf({ after })}`),
    countLetters: () => api.get<LetterCountsBody>('/api/v1/dead-letters/queues'),
    listLetters: (query: Query) => api.get<LetterListBody>(`/api/v1/dead-letters${queryOf(query)}`),
    openLetter: (id: string) => api.get<LetterDetailBody>(letter(id)),
    replayLetter: (id: string) => api.post<LetterOutcome>(`${letter(id)}/replay`, {}),
    discardLetter: (id: string, reason: string) => api.post<LetterOutcome>(`${letter(id)}/discard`, { reason }),
    replayQueue: (queue: string) => api.post<LetterOutcome>('/api/v1/dead-letters/replay', { queue }),
    discardQueue: (queue: string, reason: string) =>
      api.post<LetterOutcome>('/api/v1/dead-letters/discard', { queue, reason }),
  }
}
