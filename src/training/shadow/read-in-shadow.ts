import type { RequestModel, Understand, UnderstandReply, UnderstandRequest } from '#nlu'
import type { Logger } from '#platform/log'
import type { ShadowCounts } from '../models/model-store.ts'
import type { ServedModels } from '../models/serve-models.ts'
import { addCounts, countDifference, noCounts } from './count-difference.ts'

type Deps = {
  /** What answers. */
  understand: Understand
  served: Pick<ServedModels, 'shadowOf'>
  /** Makes a reader by whatever model it is given, asked for at the first shadow. */
  openReader: (model: () => RequestModel) => Understand
  keepCounts: (deploymentId: string, counts: ShadowCounts) => Promise<void>
  /** Told of each count as it comes. */
  onCount?: (counts: ShadowCounts) => void
  log: Logger
  /** How long no question must have come for a text to be read unheard. */
  restMs?: number
  keepEveryMs?: number
}

type Waiting = { deploymentId: string; model: RequestModel; request: UnderstandRequest; told: UnderstandReply }

/** So many texts wait to be read unheard; of more there is no time. */
const mostWaiting = 64
/** Counts of so many deployments are kept while the database is away. */
const mostDeployments = 8

/** The same understanding, whose texts a model on trial reads too, once they are answered and none is being asked. */
export type ShadowedUnderstanding = { understand: Understand; close(): Promise<void> }

/**
 * Lets the shadow of the moment read its share of what is answered, on the quiet: an answer waits for nothing of it. What there is no time
 * for is dropped and counted. Of a reading only how it differed is kept. Texts still being typed are left out.
 */
export function readInShadow({
  understand,
  served,
  openReader,
  log,
  restMs = 2,
  ...deps
}: Deps): ShadowedUnderstanding {
  const waiting: Waiting[] = []
  const counts = new Map<string, ShadowCounts>()
  let timer: NodeJS.Timeout | undefined
  let askedAt = 0
  let current: RequestModel | undefined
  let read: Understand | undefined

  const note = (deploymentId: string, more: ShadowCounts) => {
    deps.onCount?.(more)
    if (counts.size < mostDeployments || counts.has(deploymentId))
      counts.set(deploymentId, addCounts(counts.get(deploymentId) ?? noCounts, more))
  }
  const readOne = async ({ deploymentId, model, request, told }: Waiting) => {
    current = model
    read ??= openReader(() => current as RequestModel)
    const more = await read(request).then(
      (unheard) => countDifference(told, unheard),
      () => ({ ...noCounts, failed: 1 }),
    )
    note(deploymentId, more)
  }
  const look = async () => {
    const next = performance.now() - askedAt < restMs ? undefined : waiting.shift()
    if (next) await readOne(next)
    timer = undefined
    schedule()
  }
  const schedule = () => {
    if (waiting.length > 0) timer ??= setTimeout(() => void look(), restMs).unref()
  }
  const keep = createKeeper(counts, deps.keepCounts, log)
  const keeping = setInterval(() => void keep(), deps.keepEveryMs ?? 2_000).unref()
  return {
    understand: async (request, signal) => {
      askedAt = performance.now()
      const told = await understand(request, signal)
      const shadow = request.partial ? undefined : served.shadowOf(request.text)
      if (!shadow) return told
      if (waiting.length < mostWaiting) waiting.push({ ...shadow, request, told })
      else note(shadow.deploymentId, { ...noCounts, dropped: 1 })
      schedule()
      return told
    },
    close: async () => {
      clearTimeout(timer)
      clearInterval(keeping)
      for (const { deploymentId } of waiting.splice(0)) note(deploymentId, { ...noCounts, dropped: 1 })
      await keep()
    },
  }
}

/** Adds what was counted to what is kept, one time after the other; what could not be kept is tried again with what comes. */
function createKeeper(counts: Map<string, ShadowCounts>, keepCounts: Deps['keepCounts'], log: Logger) {
  let running: Promise<void> = Promise.resolve()
  const keepAll = async () => {
    for (const [deploymentId, found] of [...counts]) {
      counts.delete(deploymentId)
      try {
        await keepCounts(deploymentId, found)
      } catch (error) {
        counts.set(deploymentId, addCounts(counts.get(deploymentId) ?? noCounts, found))
        log.warn({ err: error }, 'What a model on trial read could not be kept; it is tried again')
      }
    }
  }
  return () => {
    running = running.then(keepAll)
    return running
  }
}
