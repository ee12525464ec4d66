import { createHash } from 'node:crypto'
import { type BuiltInModels, createRequestModel, type IntentModel, type RequestModel } from '#nlu'
import type { Logger } from '#platform/log'
import { decodeModel } from './load-model.ts'
import type { ModelStore, ModelVersion, Serving } from './model-store.ts'

/** What of questions reads which model: the one in service, or for a share of the texts, always the same ones, the canary. */
export type ServedModels = AsyncDisposable & {
  choose(text: string): RequestModel
  /** What is to read a text unheard beside the one that answers it, and the deployment that this is of. */
  shadowOf(text: string): { deploymentId: string; model: RequestModel } | undefined
  /** The version in service; that of the built-in model when nothing else is deployed. */
  version(): string
  /** Replaces the built-in model, when its files were read again. */
  setBuiltIn(models: BuiltInModels): void
  close(): Promise<void>
}

type Deps = {
  store: Pick<ModelStore, 'readServing' | 'readTrial' | 'read' | 'readContent'>
  builtIn: BuiltInModels
  /** Of this program: a model that was evaluated under other code is not used. */
  codeVersion: string
  log: Logger
  everyMs?: number
  /** Calls back when what serves may have changed; what it misses is found by looking every `everyMs`. */
  listen?: (onSignal: () => void) => { close(): Promise<void> }
  /** Told how well a model was found to read, each time one is taken into service. */
  onLoad?: (modelId: string, metrics: ModelVersion['metrics']) => void
}

const mostKept = 3

/**
 * Follows what is to serve: at once where told, else within `everyMs` (2 s unless told). A model is loaded from its stored bytes, never
 * trained; the ones loaded last are kept, so that a rollback loads nothing. What cannot be loaded leaves the one before in service.
 */
export async function serveModels({ store, log, everyMs = 2_000, listen, ...deps }: Deps): Promise<ServedModels> {
  let { builtIn } = deps
  let own = createRequestModel(builtIn.requests, builtIn.names)
  let serving: Serving = { modelId: null, canaryId: null, canaryShare: 0, shadowId: null, shadowShare: 0, revision: '' }
  let shadowDeployment: string | undefined
  const loaded = new Map<string, { requests: IntentModel; model: RequestModel }>()
  const of = (modelId: string | null): RequestModel => (modelId === null ? own : (loaded.get(modelId)?.model ?? own))
  // What a word may be the name of is asked of the built-in model, whichever reads the request.
  const keep = (modelId: string, requests: IntentModel) =>
    loaded.set(modelId, { requests, model: { ...createRequestModel(requests, builtIn.names), version: modelId } })

  const load = async (modelId: string | null): Promise<void> => {
    if (modelId === null || loaded.has(modelId)) return
    const { codeVersion, metrics } = await store.read(modelId)
    if (codeVersion !== deps.codeVersion) {
      log.warn(
        { model: modelId },
        'A model was evaluated under other code; the built-in one serves until the next training',
      )
      return
    }
    keep(modelId, decodeModel(await store.readContent(modelId)))
    deps.onLoad?.(modelId, metrics)
  }
  const look = async (): Promise<void> => {
    const next = await store.readServing()
    if (next.revision === serving.revision) return
    const startedAt = performance.now()
    await load(next.modelId)
    await load(next.canaryId ?? next.shadowId)
    const trial = next.shadowId === null ? undefined : await store.readTrial()
    shadowDeployment = trial?.kind === 'shadow' && trial.modelId === next.shadowId ? trial.deploymentId : undefined
    const inUse = [next.modelId, next.canaryId, next.shadowId, serving.modelId]
    serving = next
    for (const id of loaded.keys()) {
      if (loaded.size <= mostKept) break
      if (!inUse.includes(id)) loaded.delete(id)
    }
    const tookMs = Math.round(performance.now() - startedAt)
    const { canaryId: canary, shadowId: shadow } = next
    log.info({ model: next.modelId ?? 'built-in', canary, shadow, tookMs }, 'Another model serves')
  }

  const follower = followChanges({ look, log, everyMs, listen })
  await follower.look()
  const close = () => follower.close()
  return {
    choose: (text) => {
      const { canaryId, canaryShare, modelId } = serving
      return canaryId !== null && isChosen(text, canaryShare) ? of(canaryId) : of(modelId)
    },
    shadowOf: (text) => {
      const { shadowId, shadowShare } = serving
      const model = shadowId === null ? undefined : loaded.get(shadowId)?.model
      if (!model || shadowDeployment === undefined || !isChosen(text, shadowShare)) return undefined
      return { deploymentId: shadowDeployment, model }
    },
    version: () => of(serving.modelId).version,
    setBuiltIn: (models) => {
      builtIn = models
      own = createRequestModel(models.requests, models.names)
      for (const [modelId, { requests }] of loaded) keep(modelId, requests)
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** By the text alone, so that the same question is read the same. */
function isChosen(text: string, share: number): boolean {
  return createHash('sha256').update(text).digest().readUInt32LE(0) / 2 ** 32 < share
}

type FollowDeps = { look: () => Promise<void>; everyMs: number; log: Logger; listen: Deps['listen'] | undefined }

/** Looks again and again, one look at a time, and at once when told to; a look that fails is logged and tried again. */
function followChanges({ look: lookOnce, log, everyMs, listen }: FollowDeps) {
  let isClosed = false
  let isSignalled = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  const look = (): Promise<void> => {
    isSignalled = false
    clearTimeout(timer)
    running ??= lookOnce()
      .catch((error: unknown) =>
        log.error({ err: error }, 'The model to serve could not be read; the old one stays in use'),
      )
      .finally(() => {
        running = undefined
        if (isClosed) return
        timer = setTimeout(() => void look(), isSignalled ? 0 : everyMs)
        timer.unref()
      })
    return running
  }
  const listener = listen?.(() => {
    isSignalled = true
    if (!running) void look()
  })
  return {
    look,
    async close() {
      isClosed = true
      clearTimeout(timer)
      await listener?.close()
      await running
    },
  }
}
