import { setTimeout as wait } from 'node:timers/promises'
import {
  createNameIndexer,
  createUnderstanding,
  openBuiltInModels,
  type RequestModel,
  serveUnderstanding,
  watchNames,
} from '#nlu'
import { listenTo } from '#platform/listen'
import { followServedModel, shadowReadings } from '#training'
import type { App } from '../wiring.ts'
import type { RunningRole } from './running-role.ts'

/** On the very first start the worker is still fetching the names; a question without them would be read worse. */
const namesDeadlineMs = 15_000

/**
 * The nlu role: reads questions over gRPC, with the names of the ERP's master data kept fresh from the database. On SIGHUP it
 * reads its built-in model again. Names and models are exchanged between two questions; a built-in model that has to be trained holds
 * them up for seconds, a deployed one is only loaded.
 */
export async function startNlu({
  config,
  catalog,
  database,
  names,
  log,
  metrics,
  watchCertificates,
}: App): Promise<RunningRole> {
  let nameCount = 0
  const indexNames = createNameIndexer(catalog)
  let index = indexNames([])
  const watch = await watchNames({
    store: names,
    log,
    onChange: ({ entries }) => {
      nameCount = entries.length
      index = indexNames(entries)
    },
    listen: (onMessage) => listenTo({ url: config.database.url, channel: 'names_changed', onMessage, log }),
  })
  const giveUpAt = Date.now() + namesDeadlineMs
  while (nameCount === 0 && Date.now() < giveUpAt) await wait(50)
  if (nameCount === 0) log.warn('No names from the ERP yet; questions are read without them until there are')
  const models = await followServedModel({ database, log, metrics, builtIn: openBuiltInModels() })
  const openReader = (model: (text: string) => RequestModel) =>
    createUnderstanding({ catalog, names: () => index, model })
  const shadowed = shadowReadings({
    ...{ database, log, metrics, served: models, openReader, understand: openReader(models.choose) },
  })
  const { understand } = shadowed
  const modelVersion = models.version
  const tls = watchCertificates('nlu')
  const server = await serveUnderstanding(config.nlu.listen, { understand, log, metrics, modelVersion, tls })
  const reloadModel = () => {
    try {
      const builtIn = openBuiltInModels()
      models.setBuiltIn(builtIn)
      log.info({ model: builtIn.version }, 'The built-in model was read again')
    } catch (error) {
      log.error({ err: error }, 'The built-in model could not be read again; the old one stays in use')
    }
  }
  process.on('SIGHUP', reloadModel)
  return {
    url: server.address,
    readiness: {
      names: async () => {
        if (nameCount === 0) throw new Error('no names from the ERP yet')
      },
    },
    async [Symbol.asyncDispose]() {
      process.off('SIGHUP', reloadModel)
      await server.close()
      await shadowed.close()
      await models.close()
      await watch.close()
    },
  }
}
