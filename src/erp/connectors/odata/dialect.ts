import type { ODataMapping } from '#catalog'
import type { DatePart } from '../../erp-connector.ts'

export type DialectName = ODataMapping['dialect']

/** How one kind of OData service differs from the standard, as data. What a service turns out not to do is found by asking. */
export type Dialect = {
  name: DialectName
  version: 2 | 4
  /** Where the API is below the ERP's address; undefined when only the operator knows. */
  servicePath?: string
  /** Its own token endpoint. */
  tokenPath: string
  /** Whether it may group by `$apply`. */
  apply: boolean
  /** Parts of dates that `$apply` can compute. */
  dateParts: readonly DatePart[]
  /** `link`: it says where the next page is. `offset`: it may not, so pages are asked for by `$skip`. */
  paging: 'link' | 'offset'
  pageSize: number
  /** What bounds a page of records that is asked for alone; `preference`: `odata.maxpagesize` does, and `$top` is discouraged. */
  boundPages: '$top' | 'preference'
  /** Documents a page, where each comes with its lines: replies are larger and slower then. */
  documentPageSize: number
  /** Whether a whole reading is held against `$count`: where a service could leave records out without a word. */
  counted: boolean
  /** How it writes a day, where the mapping does not say otherwise. */
  dates: 'date' | 'instant' | 'datetime'
  /** The date that stands for none, where a missing one is stored as a date. */
  emptyDate?: string
  /** Whether an empty text stands for none. */
  emptyText: boolean
  /** Alternatives it tests: of any conditions, or of one property only. */
  alternatives: 'anywhere' | 'one property'
  /** Whether conditions and orders may name properties of a record that this one belongs to. */
  pathConditions: boolean
  fieldToField: boolean
  contains: 'contains' | 'substringof' | 'wildcard'
  /** Characters that mean something else inside a text; conditions with them are tested here. */
  reserved?: RegExp
  headers: Record<string, string>
  /** Calls at a time that it takes of one user. */
  maxConcurrent?: number
  /** The scope to ask the identity provider for; `origin` is the ERP's own. */
  scope?: (origin: string) => string
  /** Header or query option in which it takes the language of translated names. */
  language?: 'accept-language' | 'sap-language'
}

const accept = 'application/json;odata.metadata=minimal;IEEE754Compatible=true'
const v4Headers = { accept, 'odata-maxversion': '4.0' }

const common = {
  version: 4,
  tokenPath: '/oauth2/token',
  apply: true,
  dateParts: ['year', 'month'],
  paging: 'link',
  pageSize: 5_000,
  boundPages: '$top',
  documentPageSize: 1_000,
  counted: false,
  dates: 'date',
  emptyText: false,
  alternatives: 'anywhere',
  pathConditions: true,
  fieldToField: true,
  contains: 'contains',
  headers: v4Headers,
} satisfies Partial<Dialect>

const standard: Dialect = {
  ...common,
  name: 'standard',
  servicePath: '/odata/v4/',
  headers: { accept, 'odata-maxversion': '4.01' },
}

/**
 * API v2.0; only the operator knows tenant, environment and company of its address. Its filters become filters of AL, which
 * test one field at a time; a missing date is in year 1.
 */
const businessCentral: Dialect = {
  ...common,
  name: 'business-central',
  apply: false,
  dateParts: [],
  pageSize: 20_000,
  boundPages: 'preference',
  emptyDate: '0001-01-01',
  emptyText: true,
  alternatives: 'one property',
  pathConditions: false,
  fieldToField: false,
  // What has a meaning in a filter of AL, where `contains` ends up.
  reserved: /[*?@&|<>=.()"'%]/,
  headers: { ...v4Headers, 'data-access-intent': 'ReadOnly' },
  maxConcurrent: 5,
  scope: () => 'https://api.businesscentral.dynamics.com/.default',
  language: 'accept-language',
}

/** Data entities. Days are instants at noon UTC, a missing one is in 1900, and `*` in a text is a wildcard. */
const financeOperations: Dialect = {
  ...common,
  name: 'finance-operations',
  servicePath: '/data/',
  apply: false,
  dateParts: [],
  pageSize: 10_000,
  dates: 'instant',
  emptyDate: '1900-01-01',
  emptyText: true,
  pathConditions: false,
  fieldToField: false,
  contains: 'wildcard',
  reserved: /[*?]/,
  scope: (origin) => `${origin}/.default`,
  language: 'accept-language',
}

/** OData V4 of SAP Gateway: `$apply` only where a service is annotated so, and without functions of dates. */
const s4hana: Dialect = {
  ...common,
  name: 's4hana',
  servicePath: '/sap/opu/',
  tokenPath: '/sap/bc/sec/oauth2/token',
  dateParts: [],
  counted: true,
  emptyText: true,
  fieldToField: false,
  language: 'sap-language',
}

/** OData V2 of SAP Gateway: `d.results`, dates as milliseconds, and pages only when asked for. */
const s4hanaV2: Dialect = {
  ...s4hana,
  name: 's4hana-v2',
  version: 2,
  apply: false,
  paging: 'offset',
  dates: 'datetime',
  pathConditions: false,
  contains: 'substringof',
  headers: { accept: 'application/json', dataserviceversion: '2.0', maxdataserviceversion: '2.0' },
}

export const dialects: Record<DialectName, Dialect> = {
  standard,
  'business-central': businessCentral,
  'finance-operations': financeOperations,
  s4hana,
  's4hana-v2': s4hanaV2,
}
