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
    expect(await store.startCanary({ modelId, share: 0.25, by: null })).toMatchObject({
      ...{ modelId: null, canaryId: modelId, canaryShare: 0.25 },
    })
    expect(await store.withdrawCanary('another', 'no')).toMatchObject({ canaryId: modelId })
    expect(await store.withdrawCanary(modelId, 'worse')).toMatchObject({ canaryId: null, canaryShare: 0 })
    await store.startCanary({ modelId, share: 0.25, by: null })
    expect(await store.deploy({ modelId, by: null })).toMatchObject({ modelId, canaryId: null })
  })

  test('changes of what serves are told by their revision', async () => {
    const store = open()
    const { modelId } = await add(store, 'a')
    const before = await store.readServing()
    expect(await store.readServing()).toEqual(before)
    expect((await store.deploy({ modelId, by: null })).revision).not.toBe(before.revision)
  })
}
