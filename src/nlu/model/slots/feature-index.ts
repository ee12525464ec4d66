/** Numbers 32-bit hashes in the order of their first coming: open addressing in two typed arrays. */
export class FeatureIndex {
  size = 0
  private keys: Int32Array
  private values: Int32Array
  private mask: number

  constructor(expected = 1024) {
    const room = 1 << Math.ceil(Math.log2(Math.max(8, expected * 2)))
    this.keys = new Int32Array(room)
    this.values = new Int32Array(room).fill(-1)
    this.mask = room - 1
  }

  private seat(hash: number): number {
    let at = (hash ^ (hash >>> 15)) & this.mask
    while (this.values[at] !== -1 && this.keys[at] !== hash) at = (at + 1) & this.mask
    return at
  }

  /** The number of a hash, or -1. */
  find(hash: number): number {
    return this.values[this.seat(hash)] as number
  }

  /** The number of a hash, given now if it had none. */
  add(hash: number): number {
    const at = this.seat(hash)
    const known = this.values[at] as number
    if (known !== -1) return known
    this.keys[at] = hash
    this.values[at] = this.size
    this.size += 1
    if (this.size * 2 > this.keys.length) this.grow()
    return this.size - 1
  }

  private grow(): void {
    const { keys, values } = this
    this.keys = new Int32Array(keys.length * 2)
    this.values = new Int32Array(keys.length * 2).fill(-1)
    this.mask = this.keys.length - 1
    for (let i = 0; i < keys.length; i += 1) {
      if (values[i] === -1) continue
      const at = this.seat(keys[i] as number)
      this.keys[at] = keys[i] as number
      this.values[at] = values[i] as number
    }
  }

  /** All hashes by number. */
  hashes(): Int32Array {
    const all = new Int32Array(this.size)
    for (let i = 0; i < this.keys.length; i += 1)
      if (this.values[i] !== -1) all[this.values[i] as number] = this.keys[i] as number
    return all
  }
}
