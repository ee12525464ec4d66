import type { ErpMapping } from '#catalog'
import type { DatePart } from './erp-connector.ts'
import type { Comparison } from './filter.ts'

/** What an operator may configure to sign in with; which of it a connector needs, it declares. */
export type AccessSettings = {
  urls: string[]
  clientId?: string | undefined
  clientSecret?: string | undefined
  refreshToken?: string | undefined
  /** Path of the OAuth token endpoint, below the first address. */
  tokenPath?: string | undefined
  /** The OAuth token endpoint in full, where it is not the ERP's own. */
  tokenUrl?: string | undefined
  /** What tokens are to be good for, where the provider asks. */
  tokenScope?: string | undefined
  user?: string | undefined
  password?: string | undefined
  apiKey?: string | undefined
  apiSecret?: string | undefined
  /** The header that a token goes in beside an API key. */
  tokenHeader?: string | undefined
  /** The database, where an address has several. */
  database?: string | undefined
  /** Where the API is below each address. */
  servicePath?: string | undefined
  /** The company, where the ERP has several and one is asked for by name. */
  company?: string | undefined
  /** SAP's client. */
  sapClient?: string | undefined
  /** The language of translated names, as the ERP calls it. */
  language?: string | undefined
}
export type AccessKey = Exclude<keyof AccessSettings, 'urls'>

/**
 * What a connector can do with its kind of ERP and how it knows trouble, as data: for choosing, for operators, and for the
 * table in docs/connectors.md. What a server turns out to do while it runs is `ErpCapabilities`.
 */
export type ConnectorDeclaration = {
  connector: ErpMapping['connector']
  /** Which of the connector's dialects, where it has several. */
  dialect?: string
  /** The kinds of ERP. */
  speaksTo: string
  auth: readonly ('OAuth 2.0 client credentials' | 'OAuth 2.0 refresh token' | 'API key' | 'user and password')[]
  /** Sets of settings of which one is needed. */
  access: readonly (readonly AccessKey[])[]
  /** Conditions the ERP tests itself; the rest of a filter is tested here, over complete records. */
  filters: {
    operators: readonly (Comparison | 'contains')[]
    orAcrossFields: 'anywhere' | 'once' | 'no'
    fieldToField: boolean
  }
  aggregates: {
    functions: readonly ('count' | 'sum' | 'max' | 'min' | 'distinct')[]
    having: boolean
    dateParts: readonly DatePart[]
  }
  paging: { by: 'link' | 'offset'; pageSize: number; snapshot: boolean }
  /** How the ERP says that it gets too many requests. */
  rateLimit: readonly string[]
  /** Where the ERP says what went wrong. */
  errors: readonly string[]
  /**
   * How changed records can be found without reading all. `poll`: asked for by `readModified`, of entities that have the field.
   * `delta-link`: the service says which it tracks, for those who ask with `Prefer: odata.track-changes`; nothing does yet.
   */
  changes: { by: 'poll'; field: string; showsDeletes: boolean } | { by: 'delta-link' } | { by: 'none' }
  /** What the tests run against. */
  testedAgainst: string
}

/** The sets of settings a connector could sign in with, each as far as it is missing; empty when one is complete. */
export function missingAccess({ access }: ConnectorDeclaration, settings: AccessSettings): AccessKey[][] {
  const missing = access.map((keys) => keys.filter((key) => settings[key] === undefined))
  return missing.some((keys) => keys.length === 0) ? [] : missing
}
