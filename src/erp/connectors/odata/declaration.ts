import type { ConnectorDeclaration } from '../../connector-declaration.ts'

export const odataDeclaration: ConnectorDeclaration = {
  connector: 'odata',
  speaksTo: 'OData v4 services',
  auth: ['OAuth 2.0 client credentials', 'API key'],
  access: [['clientId', 'clientSecret', 'apiKey']],
  filters: {
    operators: ['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'contains'],
    orAcrossFields: 'anywhere',
    fieldToField: true,
  },
  aggregates: {
    functions: ['count', 'sum', 'max', 'min', 'distinct'],
    having: true,
    dateParts: ['year', 'month'],
  },
  paging: { by: 'link', pageSize: 5_000, snapshot: false },
  rateLimit: ['429 with Retry-After'],
  errors: ['status'],
  changes: { by: 'none' },
  testedAgainst: 'the demo ERP, a server of our own',
}
