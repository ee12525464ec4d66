/**
 * Who may call which route, said a second time and independently of the code: a route that is missing here, or that answers otherwise,
 * fails the test of access. `public`: anyone; `signed-in`: everyone who has signed in; else a permission of `access/roles.yaml`.
 */
export const routeAccess: Record<
  string,
  'public' | 'signed-in' | 'sync' | 'people' | 'api-keys' | 'networks' | 'audit' | 'notify'
> = {
  'GET /healthz': 'public',
  'GET /readyz': 'public',
  'GET /.well-known/jwks.json': 'public',
  'GET /api/v1/about': 'public',
  'GET /auth/login': 'public',
  'GET /auth/callback': 'public',
  'POST /auth/refresh': 'public',
  'POST /auth/logout': 'public',
  'POST /auth/backchannel-logout': 'public',
  'GET /api/v1/me': 'signed-in',
  'POST /api/v1/chat/messages': 'signed-in',
  'GET /api/v1/suggestions': 'signed-in',
  'GET /api/v1/conversations': 'signed-in',
  'GET /api/v1/conversations/{id}': 'signed-in',
  'DELETE /api/v1/conversations/{id}': 'signed-in',
  'GET /api/v1/conversations/{id}/turns/{turnId}/export': 'signed-in',
  'GET /api/v1/sync/status': 'sync',
  'GET /api/v1/sync/runs': 'sync',
  'POST /api/v1/sync/runs': 'sync',
  'GET /api/v1/sync/runs/{run}': 'sync',
  'POST /api/v1/sync/runs/{run}/cancel': 'sync',
  'GET /api/v1/erp/connection': 'sync',
  'POST /api/v1/erp/connection/test': 'sync',
  'GET /api/v1/admin/people': 'people',
  'GET /api/v1/admin/people/{userId}': 'people',
  'PUT /api/v1/admin/people/{userId}/roles/{role}': 'people',
  'DELETE /api/v1/admin/people/{userId}/roles/{role}': 'people',
  'POST /api/v1/admin/people/{userId}/disable': 'people',
  'POST /api/v1/admin/people/{userId}/enable': 'people',
  'POST /api/v1/admin/people/{userId}/end-sessions': 'people',
  'GET /api/v1/admin/roles': 'people',
  'GET /api/v1/admin/api-keys': 'api-keys',
  'POST /api/v1/admin/api-keys': 'api-keys',
  'POST /api/v1/admin/api-keys/{id}/rotate': 'api-keys',
  'DELETE /api/v1/admin/api-keys/{id}': 'api-keys',
  'GET /api/v1/admin/networks': 'networks',
  'PUT /api/v1/admin/networks/{subject}': 'networks',
  'GET /api/v1/subscriptions': 'signed-in',
  'POST /api/v1/subscriptions': 'signed-in',
  'GET /api/v1/subscriptions/{subscription}': 'signed-in',
  'PATCH /api/v1/subscriptions/{subscription}': 'signed-in',
  'DELETE /api/v1/subscriptions/{subscription}': 'signed-in',
  'POST /api/v1/subscriptions/{subscription}/run': 'signed-in',
  'GET /api/v1/admin/subscriptions': 'notify',
  'GET /api/v1/audit': 'audit',
  'GET /api/v1/audit/export': 'audit',
  'GET /api/v1/audit/verification': 'audit',
}

/** Routes that the API document leaves out: the WebSocket, which it has no words for, and what is no API. */
export const undocumented: Record<string, 'public' | 'signed-in'> = {
  'GET /api/v1/chat': 'signed-in',
  'GET /openapi.json': 'public',
  'GET /metrics': 'public',
}

/** Which of the demo's people have which permission. */
export const permitted: Record<string, string[]> = {
  sync: ['hyerim'],
  people: ['hyerim'],
  'api-keys': ['hyerim'],
  networks: ['hyerim'],
  audit: ['bonseok'],
  notify: ['hyerim'],
}
