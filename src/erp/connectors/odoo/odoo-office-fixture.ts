import { join } from 'node:path'
import { loadCatalog } from '#catalog'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { createErp } from '../../create-erp.ts'
import { createMappedValues } from '../mapped-values.ts'
import { createOdooConnector, type OdooConfig } from './odoo-connector.ts'
import { officeModels } from './odoo-office-models-fixture.ts'
import { type SimOptions, serveOdoo } from './odoo-simulator-fixture.ts'
import type { SimModels } from './odoo-simulator-model-fixture.ts'

/** A small office in the simulator of Odoo, with the models and fields that the mapping of Odoo names. Tests only. */
export const odooCatalog = loadCatalog(join(import.meta.dirname, '../../../../catalog'), 'odoo')
export const log = createLogger({ level: 'silent', role: 'test' })
const now = () => new Date('2026-11-23T03:00:00Z')

type Options = Omit<SimOptions, 'models'> & {
  models?: SimModels
  config?: Partial<OdooConfig>
  limits?: Parameters<typeof createOdooConnector>[0]['limits']
}

/** A simulator over the office, and a connector to it. */
export async function openOffice({ models = officeModels(), config, limits, ...options }: Options = {}) {
  const simulator = await serveOdoo({ models, ...options })
  const metrics = createMetrics()
  const own = createOdooConnector({
    config: { urls: [simulator.url], apiKey: 'key', ...config },
    catalog: odooCatalog,
    log,
    metrics,
    now,
    limits: { baseDelayMs: 1, attemptMs: 2_000, ...limits },
  })
  const connector = createMappedValues(own, odooCatalog, now)
  const erp = createErp({ connector, catalog: odooCatalog, log, now })
  return {
    models,
    simulator,
    connector,
    erp,
    close: async () => {
      await erp.close()
      await simulator.close()
    },
  }
}
