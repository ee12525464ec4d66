import { expect, test } from 'vitest'
import type { Metrics } from '../steps/metrics.ts'
import type { ModelStore, NewModel } from './model-store.ts'

const made: NewModel = {
  ...{ trainer: 'built-in', codeVersion: 'code', datasetHash: 'data', parent: null, jobId: null, createdBy: 'hyerim' },
}
const metrics = { heldOut: { rows: 3, accuracy: 0.9 }, golden: { rows: 1, exact: 1 } } as unknown as Metrics
const code = (name: string) => ({ spec: { code: name } })

/** What every store of models does; each test gets an empty one. */
export function testModelStore(open: () => ModelStore): void {
  const add = (store: ModelStore, text: string) => store.add(made, Buffer.from(text))

  test('the same bytes are the same version, whoever adds them', async () => {
    const store = open()
    const one = await add(store, 'a')
    expect(await store.add({ ...made, trainer: 'foreign' }, Buffer.from('a'))).toEqual(one)
    expect((await store.readContent(one.modelId)).toString()).toBe('a')
    expect(one.sha256.startsWith(one.modelId)).toBe(true)
    await expect(store.read('0'.repeat(16))).rejects.toMatchObject(code('TRAINING_MODEL_NOT_FOUND'))
  })

  test('figures are those of the last evaluation', async () => {
    const store = open()
    const { modelId } = await add(store, 'a')
    await store.addEvaluation(modelId, null, { ...metrics, golden: { ...metrics.golden, exact: 0 } })
    await store.addEvaluation(modelId, null, metrics)
    expect((await store.read(modelId)).metrics).toEqual(metrics)
  })

  test('rollbacks go back through what served, to the built-in model at last', async () => {
    const store = open()
    const [a, b] = [(await add(store, 'a')).modelId, (await add(store, 'b')).modelId]
    expect(await store.readServing()).toMatchObject({ modelId: null, canaryId: null })
    await store.deploy({ modelId: a, by: 'hyerim' })
    await store.deploy({ modelId: b, by: 'hyerim' })
    await store.deploy({ modelId: b, by: 'hyerim' })
    expect((await store.rollback({ by: 'hyerim' })).modelId).toBe(a)
    expect((await store.rollback({ by: null, reason: 'worse' })).modelId).toBeNull()
    await expect(store.rollback({ by: null })).rejects.toMatchObject(code('TRAINING_NOTHING_TO_ROLL_BACK'))
    expect((await store.listDeployments(1))[0]).toMatchObject({
      ...{ kind: 'rollback', modelId: null, replaced: a, reason: 'worse', deployedBy: null },
    })
  })

  test('what is done with a deployment is done with it or not at all', async () => {
    const store = open()
    const { modelId } = await add(store, 'a')
    const failing = async () => Promise.reject(new Error('not on record'))
    await expect(store.deploy({ modelId, by: null }, failing)).rejects.toThrow('not on record')
    expect((await store.readServing()).modelId).toBeNull()
  })

  test('a canary reads its share until it is withdrawn, or a deployment ends it', async () => {
    const store = open()
    const { modelId } = await add(store, 'a')
    const jobId = '0f5a9e2c-64b1-4c7e-9d3a-2b8f1c6d7e50'
    const canary = { kind: 'canary', modelId, share: 0.25, by: null, jobId } as const
    expect(await store.startTrial(canary)).toMatchObject({ modelId: null, canaryId: modelId, canaryShare: 0.25 })
    expect(await store.readTrial()).toMatchObject({ kind: 'canary', modelId, jobId })
    const another = { jobId: 'b1d0c9f4-7a63-4e28-8c15-6f9e2d3a4b71', deploymentId: '999999', reason: 'no' }
    expect(await store.endTrial(another)).toMatchObject({ canaryId: modelId })
    expect(await store.endTrial({ jobId, reason: 'worse' })).toMatchObject({ canaryId: null, canaryShare: 0 })
    expect((await store.listDeployments(1))[0]).toMatchObject({ kind: 'withdrawal', modelId, jobId, reason: 'worse' })
    await store.startTrial(canary)
    expect(await store.deploy({ modelId, by: null })).toMatchObject({ modelId, canaryId: null })
    expect(await store.readTrial()).toBeUndefined()
  })

  test('a shadow takes the place of a canary, and what it read is counted with it', async () => {
    const store = open()
    const { modelId } = await add(store, 'a')
    await store.startTrial({ kind: 'canary', modelId, share: 0.25, by: null })
    expect(await store.startTrial({ kind: 'shadow', modelId, share: 0.5, by: 'hyerim' })).toMatchObject({
      ...{ modelId: null, canaryId: null, canaryShare: 0, shadowId: modelId, shadowShare: 0.5 },
    })
    const { deploymentId = '', shadow } = (await store.readTrial()) ?? {}
    expect(shadow).toBeNull()
    const counts = { readings: 10, dropped: 1, failed: 2, otherIntent: 3, otherQuery: 4, otherConfidence: 5 }
    await store.addShadowCounts(deploymentId, counts)
    await store.addShadowCounts(deploymentId, { ...counts, readings: 5 })
    expect((await store.readTrial())?.shadow).toEqual({
      ...{ readings: 15, dropped: 2, failed: 4, otherIntent: 6, otherQuery: 8, otherConfidence: 10 },
    })
    // Of one that was forgotten meanwhile nothing is kept.
    await store.addShadowCounts('999999', counts)
    expect(await store.endTrial({ deploymentId, reason: 'seen' })).toMatchObject({ shadowId: null, shadowShare: 0 })
  })

  test('a deployment is taken back only while it is the one in service', async () => {
    const store = open()
    const [a, b] = [(await add(store, 'a')).modelId, (await add(store, 'b')).modelId]
    expect(await store.readWatched()).toBeUndefined()
    await store.deploy({ modelId: a, by: null })
    const first = await store.readWatched()
    await store.deploy({ modelId: b, by: null })
    await store.deploy({ modelId: b, by: null })
    const second = await store.readWatched()
    if (!first || !second) throw new Error('Nothing is watched')
    expect([first.modelId, second.modelId, second.replaced]).toEqual([a, b, a])
    expect(await store.takeBack(first, 'worse')).toBe(false)
    expect(await store.takeBack(second, 'worse')).toBe(true)
    expect(await store.readServing()).toMatchObject({ modelId: a })
    expect(await store.readWatched()).toBeUndefined()
    expect(await store.takeBack(second, 'worse')).toBe(false)
  })

  test('changes of what serves are told by their revision', async () => {
    const store = open()
    const { modelId } = await add(store, 'a')
    const before = await store.readServing()
    expect(await store.readServing()).toEqual(before)
    expect((await store.deploy({ modelId, by: null })).revision).not.toBe(before.revision)
  })
}
