import type { AuditFilters, AuditPage, AuditVerification } from '../../../src/audit/api.ts'
import type { ApiKeyBody, CreateApiKey, NewApiKey } from '../../../src/auth/api-keys/api.ts'
import type { NetworkRulesBody, NetworkSubject } from '../../../src/auth/networks/api.ts'
import type { StatusBody } from '../../../src/telemetry/health/api.ts'
import type { ApiClient } from '../api/client.ts'
import { downloadFile } from '../api/download-file.ts'
import { queryOf } from './admin-requests.ts'

export type AuditExportFormat = 'csv' | 'jsonl'

/** The console's calls of the status, API keys, networks and the audit trail, by name. All throw ApiError. */
export type SystemRequests = ReturnType<typeof createSystemRequests>

/** Binds the calls to a client. */
export function createSystemRequests(api: ApiClient) {
  const key = (id: string) => `/api/v1/admin/api-keys/${encodeURIComponent(id)}`
  return {
    readStatus: () => api.get<StatusBody>('/api/v1/status'),
    listKeys: async () => (await api.get<{ keys: ApiKeyBody[] }>('/api/v1/admin/api-keys')).keys,
    createKey: (wish: CreateApiKey) => api.post<NewApiKey>('/api/v1/admin/api-keys', wish),
    rotateKey: (id: string, overlapHours: number) => api.post<NewApiKey>(`${key(id)}/rotate`, { overlapHours }),
    revokeKey: ({ id }: ApiKeyBody) => api.remove(key(id)),
    readNetworks: () => api.get<NetworkRulesBody>('/api/v1/admin/networks'),
    setNetworks: (subject: NetworkSubject, networks: string[], confirm: boolean) =>
      api.put<NetworkRulesBody>(`/api/v1/admin/networks/${subject}`, { networks, confirm }),
    searchAudit: (filters: AuditFilters, after?: string) =>
      api.get<AuditPage>(`/api/v1/audit${queryOf({ ...filters, after })}`),
    readVerification: () => api.get<AuditVerification>('/api/v1/audit/verification'),
    exportAudit: (filters: AuditFilters, format: AuditExportFormat) =>
      downloadFile(api, `/api/v1/audit/export${queryOf({ ...filters, format })}`, `audit.${format}`),
  }
}
