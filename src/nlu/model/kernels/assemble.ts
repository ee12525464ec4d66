// A WebAssembly module from JavaScript values: just the instructions that the kernels use, in the binary format of the
// WebAssembly core specification 2.0 (chapter 5, with 128-bit vectors).

type ValueType = 'i32' | 'f32' | 'v128'

/** Encoded instructions. */
export type Code = readonly number[]

/** A function to assemble: its parameters and other locals by name, in order, and its instructions. No result. */
export type KernelSource = {
  readonly name: string
  readonly parameters: Readonly<Record<string, ValueType>>
  readonly locals: Readonly<Record<string, ValueType>>
  readonly body: (local: Locals) => Code
}

/** Reading, writing, and writing while keeping the value on the stack, by the local's name. */
export type Locals = { get(name: string): Code; set(name: string): Code; tee(name: string): Code }

const typeCodes: Record<ValueType, number> = { i32: 0x7f, f32: 0x7d, v128: 0x7b }

function unsigned(value: number): number[] {
  const low = value & 0x7f
  return value < 0x80 ? [low] : [low | 0x80, ...unsigned(value >>> 7)]
}

function signed(value: number): number[] {
  const low = value & 0x7f
  const rest = value >> 7
  const isLast = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)
  return isLast ? [low] : [low | 0x80, ...signed(rest)]
}

const vector = (code: number): Code => [0xfd, ...unsigned(code)]

/** The instructions, each as its bytes. Offsets are bytes from the address on the stack. */
export const op = {
  constant: (value: number): Code => [0x41, ...signed(value)],
  add: [0x6a] as Code,
  multiply: [0x6c] as Code,
  isLess: [0x49] as Code,
  loadInteger: [0x28, 2, 0] as Code,
  loadFloat: [0x2a, 2, 0] as Code,
  storeFloat: [0x38, 2, 0] as Code,
  addFloat: [0x92] as Code,
  loadVector: (offset = 0): Code => [...vector(0), 2, ...unsigned(offset)],
  storeVector: (offset = 0): Code => [...vector(11), 2, ...unsigned(offset)],
  zeroVector: [...vector(12), ...new Array<number>(16).fill(0)] as Code,
  splat: vector(0x13),
  lane: (lane: number): Code => [...vector(0x1f), lane],
  addVector: vector(0xe4),
  subtractVector: vector(0xe5),
  multiplyVector: vector(0xe6),
  divideVector: vector(0xe7),
  rootVector: vector(0xe3),
} as const

/** Repeats the body as long as the condition that ends it is true. The body runs at least once. */
export const repeat = (body: Code): Code => [0x03, 0x40, ...body, 0x0d, 0x00, 0x0b]

/** Runs the body when the condition is true. */
export const when = (condition: Code, body: Code): Code => [...condition, 0x04, 0x40, ...body, 0x0b]

const section = (id: number, body: Code): Code => [id, ...unsigned(body.length), ...body]
const list = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()]
const text = (value: string): Code => list([...Buffer.from(value)].map((byte) => [byte]))

function assembleBody({ parameters, locals, body }: KernelSource): Code {
  const names = [...Object.keys(parameters), ...Object.keys(locals)]
  const at = (name: string): number[] => {
    const index = names.indexOf(name)
    if (index < 0) throw new RangeError(`there is no local '${name}'`)
    return unsigned(index)
  }
  const code = body({
    get: (name) => [0x20, ...at(name)],
    set: (name) => [0x21, ...at(name)],
    tee: (name) => [0x22, ...at(name)],
  })
  const declared = list(Object.values(locals).map((type) => [1, typeCodes[type]]))
  const whole = [...declared, ...code, 0x0b]
  return [...unsigned(whole.length), ...whole]
}

/** The bytes of a module that imports its memory as `env.memory` and exports each kernel under its name. */
export function assembleModule(kernels: readonly KernelSource[]): Uint8Array<ArrayBuffer> {
  const types = kernels.map(({ parameters }) => [
    0x60,
    ...list(Object.values(parameters).map((type) => [typeCodes[type]])),
    0,
  ])
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list(types)),
    ...section(2, list([[...text('env'), ...text('memory'), 2, 0, 0]])),
    ...section(3, list(kernels.map((_, i) => unsigned(i)))),
    ...section(7, list(kernels.map(({ name }, i) => [...text(name), 0, ...unsigned(i)]))),
    ...section(10, list(kernels.map(assembleBody))),
  ])
}
