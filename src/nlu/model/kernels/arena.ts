import { blockWidth, createKernels, type Kernels } from './vector-kernels.ts'

const page = 65_536

/** The length a row must have for the kernels to hold `width` numbers: the rest stays 0. */
export const padded = (width: number): number => Math.ceil(width / blockWidth) * blockWidth

/** Numbers in the kernels' memory: `at` is where, `view` is the same numbers for JavaScript. */
export type Floats = { readonly at: number; readonly view: Float32Array }
export type Integers = { readonly at: number; readonly view: Int32Array }

/** Memory for kernels, given out once and never taken back; it goes as a whole. */
export class Arena {
  readonly kernels: Kernels
  readonly #memory: WebAssembly.Memory
  #used = 16

  /** `bytes` must suffice for all that is asked for; each array takes up to 16 bytes more than its numbers. */
  constructor(bytes: number) {
    const pages = Math.ceil((bytes + page) / page)
    this.#memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
    this.kernels = createKernels(this.#memory)
  }

  #take(length: number): number {
    const at = this.#used
    this.#used = (at + length * 4 + 15) & ~15
    if (this.#used > this.#memory.buffer.byteLength) throw new RangeError('the arena is too small')
    return at
  }

  floats(length: number): Floats {
    const at = this.#take(length)
    return { at, view: new Float32Array(this.#memory.buffer, at, length) }
  }

  integers(length: number): Integers {
    const at = this.#take(length)
    return { at, view: new Int32Array(this.#memory.buffer, at, length) }
  }
}
