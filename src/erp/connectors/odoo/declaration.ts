import type { ConnectorDeclaration } from '../../connector-declaration.ts'

export const odooDeclaration: ConnectorDeclaration = {
  connector: 'odoo',
  speaksTo: 'Odoo 19, by its JSON-2 API',
  // The tokens are for a proxy in front; Odoo itself knows keys only.
  auth: ['API key', 'OAuth 2.0 client credentials'],
  access: [['apiKey']],
  filters: {
    operators: ['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'contains'],
    orAcrossFields: 'anywhere',
    fieldToField: false,
  },
  aggregates: {
    functions: ['count', 'sum', 'max', 'min', 'distinct'],
    having: true,
    dateParts: ['year', 'month'],
  },
  paging: { by: 'offset', pageSize: 2_000, snapshot: false },
  rateLimit: ['429 with Retry-After, of a proxy'],
  errors: ['status', 'name of the exception'],
  // A deleted record is in no list, and a view of the database has no such field.
  changes: { by: 'poll', field: 'write_date', showsDeletes: false },
  testedAgainst: 'a simulator of the published behaviour of version 19',
}
