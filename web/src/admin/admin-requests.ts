import type { DecideRole, PeopleList, PersonBody, Policy, RoleName } from '../../../src/auth/people/api.ts'
import type { ConnectionBody, ConnectionReportBody, RunBody, SyncStatus } from '../../../src/sync/api.ts'
import type { ApiClient } from '../api/client.ts'

export type PeopleFilter = { search: string; role: RoleName | ''; state: 'active' | 'disabled' | '' }

/** The console's calls of people, roles and the sync, by name. All throw ApiError. */
export type AdminRequests = ReturnType<typeof createAdminRequests>

/** Binds the calls to a client. */
export function createAdminRequests(api: ApiClient) {
  const person = (userId: string) => `/api/v1/admin/people/${encodeURIComponent(userId)}`
  return {
    listPeople: (filter: PeopleFilter, after?: string) =>
      api.get<PeopleList>(`/api/v1/admin/people${queryOf({ ...filter, after })}`),
    openPerson: (userId: string) => api.get<PersonBody>(person(userId)),
    decideRole: (userId: string, role: RoleName, decision: DecideRole) =>
      api.put<PersonBody>(`${person(userId)}/roles/${role}`, decision),
    disablePerson: (userId: string, reason: string) => api.post<PersonBody>(`${person(userId)}/disable`, { reason }),
    enablePerson: (userId: string, reason: string) => api.post<PersonBody>(`${person(userId)}/enable`, { reason }),
    endSessions: (userId: string, reason: string) =>
      api.post<{ ended: number }>(`${person(userId)}/end-sessions`, { reason }),
    readPolicy: () => api.get<Policy>('/api/v1/admin/roles'),
    readSync: () => api.get<SyncStatus>('/api/v1/sync/status'),
    startSync: (force: boolean) => api.post<RunBody>('/api/v1/sync/runs', { force }),
    cancelSync: (run: string) => api.post<RunBody>(`/api/v1/sync/runs/${encodeURIComponent(run)}/cancel`, {}),
    readConnection: () => api.get<ConnectionBody>('/api/v1/erp/connection'),
    testConnection: () => api.post<ConnectionReportBody>('/api/v1/erp/connection/test', {}),
  }
}

/** What is set, as the query of an address. */
export function queryOf(values: Record<string, string | undefined>): string {
  const set = Object.entries(values).filter((entry): entry is [string, string] => Boolean(entry[1]))
  return set.length > 0 ? `?${new URLSearchParams(set)}` : ''
}
