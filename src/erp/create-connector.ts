import type { Catalog } from '#catalog'
import type { Logger } from '#platform/log'
import type { Metrics } from '#platform/metrics'
import {
  type AccessKey,
  type AccessSettings,
  type ConnectorDeclaration,
  missingAccess,
} from './connector-declaration.ts'
import { frappeDeclaration } from './connectors/frappe/declaration.ts'
import type { FrappeAccess } from './connectors/frappe/frappe-client.ts'
import { createFrappeConnector } from './connectors/frappe/frappe-connector.ts'
import type { CallLimits } from './connectors/http/call-limits.ts'
import type { TlsFiles } from './connectors/http/tls-files.ts'
import { createMappedValues } from './connectors/mapped-values.ts'
import { odataDeclarations } from './connectors/odata/declaration.ts'
import { createOdataConnector } from './connectors/odata/odata-connector.ts'
import { odooDeclaration } from './connectors/odoo/declaration.ts'
import { createOdooConnector } from './connectors/odoo/odoo-connector.ts'
import type { ErpConnector } from './erp-connector.ts'

type Deps = {
  access: AccessSettings
  catalog: Catalog
  log: Logger
  metrics: Metrics
  now?: () => Date
  limits?: Partial<CallLimits & { pageSize: number }>
  tls?: TlsFiles
}
type Kind = { declaration: ConnectorDeclaration; create(deps: Deps): ErpConnector }

/** Every connector there is, by what a mapping calls it. */
const kinds: Kind[] = [
  ...odataDeclarations.map((declaration) => ({ declaration, create: createOdata })),
  { declaration: frappeDeclaration, create: createFrappe },
  { declaration: odooDeclaration, create: createOdoo },
]

/** What is declared of every connector. */
export const connectorDeclarations: readonly ConnectorDeclaration[] = kinds.map(({ declaration }) => declaration)

/** The settings that the mapping's connector cannot do without are not there. Of `missing`, one set would do. */
export class AccessMissing extends Error {
  override readonly name = 'AccessMissing'
  readonly missing: AccessKey[][]

  constructor(connector: string, missing: AccessKey[][]) {
    super(`the ${connector} connector has no ${missing.map((keys) => keys.join(' and ')).join(', or no ')}`)
    this.missing = missing
  }
}

/** The connector that the catalog's mapping is for. Throws AccessMissing, or Error for an address that would not be safe. */
export function createConnector(deps: Deps): ErpConnector {
  const { mapping } = deps.catalog
  const { connector } = mapping
  const dialect = mapping.connector === 'odata' ? mapping.dialect : undefined
  const kind = kinds.find(({ declaration: own }) => own.connector === connector && own.dialect === dialect)
  if (!kind) throw new Error(`There is no connector '${connector}'`)
  const missing = missingAccess(kind.declaration, deps.access)
  if (missing.length > 0) throw new AccessMissing(connector, missing)
  return kind.create(deps)
}

function createOdata({ access: config, ...deps }: Deps): ErpConnector {
  return createMappedValues(createOdataConnector({ ...deps, config }), deps.catalog, deps.now)
}

/** An API key when there is a whole one, else tokens. */
function createFrappe({ access, ...deps }: Deps): ErpConnector {
  const connector = createFrappeConnector({ ...deps, config: { urls: access.urls, access: frappeAccess(access) } })
  return createMappedValues(connector, deps.catalog, deps.now)
}

function frappeAccess({ apiKey, apiSecret, clientId = '', clientSecret = '', ...more }: AccessSettings): FrappeAccess {
  if (apiKey !== undefined && apiSecret !== undefined) return { apiKey, apiSecret }
  const { refreshToken, tokenPath = '/api/method/frappe.integrations.oauth2.get_token' } = more
  return { clientId, clientSecret, tokenPath, ...(refreshToken === undefined ? {} : { refreshToken }) }
}

/** An API key; with client credentials too, a token for a proxy in front goes in a header of its own. */
function createOdoo({ access, ...deps }: Deps): ErpConnector {
  const { urls, apiKey = '', clientId, clientSecret, database, language } = access
  const { tokenPath = '/oauth2/token', tokenHeader: header = 'proxy-authorization' } = access
  const proxy = clientId && clientSecret ? { clientId, clientSecret, tokenPath, header } : undefined
  const config = { urls, apiKey, ...(proxy && { proxy }), ...(database && { database }), ...(language && { language }) }
  return createMappedValues(createOdooConnector({ ...deps, config }), deps.catalog, deps.now)
}
