import type { ConnectorDeclaration } from '../../connector-declaration.ts'
import { dialects } from './dialect.ts'

const filters: ConnectorDeclaration['filters'] = {
  operators: ['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'contains'],
  orAcrossFields: 'anywhere',
  fieldToField: false,
}
const noAggregates: ConnectorDeclaration['aggregates'] = { functions: [], having: false, dateParts: [] }
const aggregates: ConnectorDeclaration['aggregates'] = {
  functions: ['count', 'sum', 'max', 'min', 'distinct'],
  having: true,
  dateParts: [],
}
const sap = {
  connector: 'odata',
  auth: ['user and password', 'OAuth 2.0 client credentials'],
  access: [
    ['user', 'password'],
    ['clientId', 'clientSecret'],
  ],
  filters,
  rateLimit: ['429 with Retry-After'],
  errors: ['status'],
  // Where an API has that property; a deleted record is in no list.
  changes: { by: 'poll', field: 'LastChangeDateTime', showsDeletes: false },
} as const satisfies Partial<ConnectorDeclaration>

/** What is declared of each dialect. */
export const odataDeclarations: readonly ConnectorDeclaration[] = [
  {
    connector: 'odata',
    dialect: 'standard',
    speaksTo: 'OData v4 services',
    auth: ['OAuth 2.0 client credentials', 'user and password', 'API key'],
    access: [
      ['clientId', 'clientSecret'],
      ['user', 'password'],
    ],
    filters: { ...filters, fieldToField: true },
    aggregates: { ...aggregates, dateParts: dialects.standard.dateParts },
    paging: { by: 'link', pageSize: dialects.standard.pageSize, snapshot: false },
    rateLimit: ['429 with Retry-After'],
    errors: ['status'],
    changes: { by: 'delta-link' },
    testedAgainst: 'the demo ERP, a server of our own',
  },
  {
    connector: 'odata',
    dialect: 'business-central',
    speaksTo: 'Dynamics 365 Business Central, by its API v2.0',
    auth: ['OAuth 2.0 client credentials'],
    access: [['tokenUrl', 'clientId', 'clientSecret', 'servicePath']],
    filters: { ...filters, orAcrossFields: 'no' },
    aggregates: noAggregates,
    paging: { by: 'link', pageSize: dialects['business-central'].pageSize, snapshot: false },
    rateLimit: ['429 with Retry-After', '503 after waiting in its queue'],
    errors: ['status'],
    changes: { by: 'poll', field: 'lastModifiedDateTime', showsDeletes: false },
    testedAgainst: 'a simulator of the published behaviour',
  },
  {
    connector: 'odata',
    dialect: 'finance-operations',
    speaksTo: 'Dynamics 365 Finance and Supply Chain, by data entities',
    auth: ['OAuth 2.0 client credentials'],
    access: [['tokenUrl', 'clientId', 'clientSecret']],
    filters,
    aggregates: noAggregates,
    paging: { by: 'link', pageSize: dialects['finance-operations'].pageSize, snapshot: false },
    rateLimit: ['429 with Retry-After'],
    errors: ['status'],
    changes: { by: 'none' },
    testedAgainst: 'a simulator of the published behaviour',
  },
  {
    ...sap,
    dialect: 's4hana',
    speaksTo: 'SAP S/4HANA, by OData V4',
    aggregates,
    paging: { by: 'link', pageSize: dialects.s4hana.pageSize, snapshot: false },
    testedAgainst: 'a simulator of the published behaviour; in part @sap-ux/fe-mockserver-core, a mock server of SAP',
  },
  {
    ...sap,
    dialect: 's4hana-v2',
    speaksTo: 'SAP S/4HANA, by OData V2',
    aggregates: noAggregates,
    paging: { by: 'offset', pageSize: dialects['s4hana-v2'].pageSize, snapshot: false },
    testedAgainst: 'a simulator of the published behaviour; in part @sap-ux/fe-mockserver-core, a mock server of SAP',
  },
]
