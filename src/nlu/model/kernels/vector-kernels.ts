import { assembleModule, type Code, type KernelSource, type Locals, op, repeat, when } from './assemble.ts'

/** Rows of vectors are as long as a multiple of this many numbers, so that no kernel handles a rest. */
export const blockWidth = 32

const lanes = [0, 1, 2, 3, 4, 5, 6, 7]
const blockBytes = blockWidth * 4
const sums = Object.fromEntries(lanes.map((lane) => [`sum${lane}`, 'v128' as const]))

const add = (target: Code, step: Code): Code => [...target, ...step, ...op.add]

/** Runs the body for `cursor` from 0 to `end` in steps; both are locals. Nothing runs when `end` is 0. */
function count(local: Locals, [cursor, end, step]: [string, string, number], body: Code): Code {
  const advance = [...add(local.get(cursor), op.constant(step)), ...local.tee(cursor), ...local.get(end), ...op.isLess]
  return [...op.constant(0), ...local.set(cursor), ...when(local.get(end), repeat([...body, ...advance]))]
}

/** `row` = the address of the row that `ids` names at byte `item`. */
const findRow = ({ get, set }: Locals): Code => [
  ...add(get('ids'), get('item')),
  ...op.loadInteger,
  ...get('rowBytes'),
  ...op.multiply,
  ...get('table'),
  ...op.add,
  ...set('row'),
]

const splatValue = ({ get, set }: Locals): Code => [
  ...add(get('values'), get('item')),
  ...op.loadFloat,
  ...op.splat,
  ...set('weight'),
]

/** out = Σ values[k] · table[ids[k]]. `itemBytes` and `rowBytes` are 4 times the number of items and a row's length. */
const gatherRows: KernelSource = {
  name: 'gatherRows',
  parameters: { ids: 'i32', values: 'i32', itemBytes: 'i32', table: 'i32', rowBytes: 'i32', out: 'i32' },
  locals: { item: 'i32', column: 'i32', row: 'i32', weight: 'v128', ...sums },
  body: (local) => {
    const { get, set } = local
    const clear = lanes.flatMap((lane) => [...op.zeroVector, ...set(`sum${lane}`)])
    const addRow = lanes.flatMap((lane) => [
      ...get('row'),
      ...op.loadVector(lane * 16),
      ...get('weight'),
      ...op.multiplyVector,
      ...get(`sum${lane}`),
      ...op.addVector,
      ...set(`sum${lane}`),
    ])
    const atColumn = [...add(get('row'), get('column')), ...set('row')]
    const each = [...findRow(local), ...atColumn, ...splatValue(local), ...addRow]
    const store = lanes.flatMap((lane) => [
      ...add(get('out'), get('column')),
      ...get(`sum${lane}`),
      ...op.storeVector(lane * 16),
    ])
    return count(
      local,
      ['column', 'rowBytes', blockBytes],
      [...clear, ...count(local, ['item', 'itemBytes', 4], each), ...store],
    )
  },
}

/** table[ids[k]] += values[k] · vector. */
const addToRows: KernelSource = {
  name: 'addToRows',
  parameters: { ids: 'i32', values: 'i32', itemBytes: 'i32', table: 'i32', rowBytes: 'i32', vector: 'i32' },
  locals: { item: 'i32', column: 'i32', row: 'i32', from: 'i32', weight: 'v128' },
  body: (local) => {
    const { get, set } = local
    const addBlock = lanes.flatMap((lane) => [
      ...get('row'),
      ...get('row'),
      ...op.loadVector(lane * 16),
      ...get('from'),
      ...op.loadVector(lane * 16),
      ...get('weight'),
      ...op.multiplyVector,
      ...op.addVector,
      ...op.storeVector(lane * 16),
    ])
    const next = [...add(get('row'), op.constant(blockBytes)), ...set('row')]
    const at = [...add(get('vector'), get('column')), ...set('from')]
    const columns = count(local, ['column', 'rowBytes', blockBytes], [...at, ...addBlock, ...next])
    return count(local, ['item', 'itemBytes', 4], [...findRow(local), ...splatValue(local), ...columns])
  },
}

/** out[k] = table[ids[k]] · vector. */
const dotRows: KernelSource = {
  name: 'dotRows',
  parameters: { ids: 'i32', itemBytes: 'i32', table: 'i32', rowBytes: 'i32', vector: 'i32', out: 'i32' },
  locals: { item: 'i32', column: 'i32', row: 'i32', from: 'i32', ...sums },
  body: (local) => {
    const { get, set } = local
    const clear = [0, 1, 2, 3].flatMap((lane) => [...op.zeroVector, ...set(`sum${lane}`)])
    const block = lanes.flatMap((lane) => [
      ...get('row'),
      ...op.loadVector(lane * 16),
      ...get('from'),
      ...op.loadVector(lane * 16),
      ...op.multiplyVector,
      ...get(`sum${lane % 4}`),
      ...op.addVector,
      ...set(`sum${lane % 4}`),
    ])
    const next = [...add(get('row'), op.constant(blockBytes)), ...set('row')]
    const at = [...add(get('vector'), get('column')), ...set('from')]
    const whole = [
      ...get('sum0'),
      ...get('sum1'),
      ...op.addVector,
      ...get('sum2'),
      ...get('sum3'),
      ...op.addVector,
      ...op.addVector,
      ...set('sum0'),
    ]
    const lane = (index: number) => [...get('sum0'), ...op.lane(index)]
    const store = [
      ...add(get('out'), get('item')),
      ...lane(0),
      ...lane(1),
      ...op.addFloat,
      ...lane(2),
      ...lane(3),
      ...op.addFloat,
      ...op.addFloat,
      ...op.storeFloat,
    ]
    const columns = count(local, ['column', 'rowBytes', blockBytes], [...at, ...block, ...next])
    return count(local, ['item', 'itemBytes', 4], [...clear, ...findRow(local), ...columns, ...whole, ...store])
  },
}

/** One step of Adam on `bytes / 4` numbers, then gradient = 0: m and v decay, weight -= rate · m / (√v + ε). */
const stepAdam: KernelSource = {
  name: 'stepAdam',
  parameters: {
    weights: 'i32',
    gradient: 'i32',
    means: 'i32',
    squares: 'i32',
    bytes: 'i32',
    rate: 'f32',
    keepMean: 'f32',
    keepSquare: 'f32',
    scale: 'f32',
  },
  locals: { at: 'i32', slope: 'v128', mean: 'v128', square: 'v128' },
  body: (local) => {
    const { get, set, tee } = local
    const load = (name: string) => [...add(get(name), get('at')), ...op.loadVector()]
    const one: Code = [0x43, 0, 0, 0x80, 0x3f]
    const rest = (keep: string) => [...one, ...get(keep), 0x93, ...op.splat]
    const blend = (keep: string, old: string, fresh: Code) => [
      ...load(old),
      ...get(keep),
      ...op.splat,
      ...op.multiplyVector,
      ...fresh,
      ...rest(keep),
      ...op.multiplyVector,
      ...op.addVector,
    ]
    const save = (name: string, value: Code) => [...add(get(name), get('at')), ...value, ...op.storeVector()]
    const tiny: Code = [0x43, 0x77, 0xcc, 0x2b, 0x32] // 1e-8
    const body = [
      ...load('gradient'),
      ...get('scale'),
      ...op.splat,
      ...op.multiplyVector,
      ...set('slope'),
      ...save('means', [...blend('keepMean', 'means', get('slope')), ...tee('mean')]),
      ...save('squares', [
        ...blend('keepSquare', 'squares', [...get('slope'), ...get('slope'), ...op.multiplyVector]),
        ...tee('square'),
      ]),
      ...save('weights', [
        ...load('weights'),
        ...get('mean'),
        ...get('rate'),
        ...op.splat,
        ...op.multiplyVector,
        ...get('square'),
        ...op.rootVector,
        ...tiny,
        ...op.splat,
        ...op.addVector,
        ...op.divideVector,
        ...op.subtractVector,
      ]),
      ...save('gradient', op.zeroVector),
    ]
    return count(local, ['at', 'bytes', 16], body)
  },
}

type Pointer = number

/** The kernels. Pointers are bytes into the memory; see each source for what it computes. */
export type Kernels = {
  gatherRows(ids: Pointer, values: Pointer, itemBytes: number, table: Pointer, rowBytes: number, out: Pointer): void
  addToRows(ids: Pointer, values: Pointer, itemBytes: number, table: Pointer, rowBytes: number, vector: Pointer): void
  dotRows(ids: Pointer, itemBytes: number, table: Pointer, rowBytes: number, vector: Pointer, out: Pointer): void
  stepAdam(
    weights: Pointer,
    gradient: Pointer,
    means: Pointer,
    squares: Pointer,
    bytes: number,
    rate: number,
    keepMean: number,
    keepSquare: number,
    scale: number,
  ): void
}

let compiled: WebAssembly.Module | undefined

/** Kernels on a memory of their own. */
export function createKernels(memory: WebAssembly.Memory): Kernels {
  compiled ??= new WebAssembly.Module(assembleModule([gatherRows, addToRows, dotRows, stepAdam]))
  return new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as Kernels
}
