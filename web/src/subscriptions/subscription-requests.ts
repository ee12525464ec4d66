import type { ChangeSubscription, SubscriptionBody, SubscriptionListBody } from '../../../src/subscriptions/api.ts'
import type { ApiClient } from '../api/client.ts'

/** Binds the calls about one's own subscriptions and alerts to a client. All throw ApiError. */
export function createSubscriptionRequests(api: ApiClient) {
  const place = (id: string) => `/api/v1/subscriptions/${encodeURIComponent(id)}`
  return {
    list: () => api.get<SubscriptionListBody>('/api/v1/subscriptions'),
    change: (id: string, change: ChangeSubscription) => api.patch<SubscriptionBody>(place(id), change),
    run: (id: string) => api.post<object>(`${place(id)}/run`, {}),
    remove: (id: string) => api.remove(place(id)),
  }
}
