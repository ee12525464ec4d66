import type { ConnectorDeclaration } from '../../connector-declaration.ts'

export const frappeDeclaration: ConnectorDeclaration = {
  connector: 'frappe',
  speaksTo: 'Frappe 15 and 16, such as ERPNext',
  auth: ['API key', 'OAuth 2.0 refresh token', 'OAuth 2.0 client credentials'],
  access: [
    ['apiKey', 'apiSecret'],
    ['clientId', 'clientSecret'],
  ],
  filters: {
    operators: ['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'contains'],
    orAcrossFields: 'once',
    fieldToField: false,
  },
  aggregates: {
    functions: ['count', 'sum', 'max', 'min'],
    having: false,
    // Version 16 only; version 15 gives days.
    dateParts: ['year', 'month'],
  },
  paging: { by: 'offset', pageSize: 5_000, snapshot: false },
  rateLimit: ['429 with Retry-After', 'X-RateLimit-Reset'],
  errors: ['exc_type', 'status', 'an error inside 200'],
  // Each document's `modified`; a deleted one is in no list.
  changes: { by: 'poll', field: 'modified', showsDeletes: false },
  testedAgainst: 'a simulator of the published behaviour of versions 15 and 16',
}
