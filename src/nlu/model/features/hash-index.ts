const spread = 0x9e3779b1

/** Numbers 32-bit hashes 0, 1, 2 … in the order they are first seen: open addressing, no strings kept. */
export class HashIndex {
  #slots: Int32Array
  #hashes: Uint32Array
  #size = 0

  constructor(capacity = 1024) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(16, capacity * 2)))
    this.#slots = new Int32Array(slots).fill(-1)
    this.#hashes = new Uint32Array(slots / 2)
  }

  get size(): number {
    return this.#size
  }

  /** The hashes in order of their numbers. */
  get hashes(): Uint32Array {
    return this.#hashes.subarray(0, this.#size)
  }

  #slotOf(hash: number): number {
    const mask = this.#slots.length - 1
    let slot = (Math.imul(hash, spread) >>> 8) & mask
    while (true) {
      const id = this.#slots[slot] as number
      if (id < 0 || this.#hashes[id] === hash) return slot
      slot = (slot + 1) & mask
    }
  }

  /** The hash's number, or -1. */
  find(hash: number): number {
    return this.#slots[this.#slotOf(hash)] as number
  }

  /** The hash's number, given now when it is new. */
  add(hash: number): number {
    const slot = this.#slotOf(hash)
    const known = this.#slots[slot] as number
    if (known >= 0) return known
    if (this.#size === this.#hashes.length) {
      this.#grow()
      return this.add(hash)
    }
    this.#slots[slot] = this.#size
    this.#hashes[this.#size] = hash
    this.#size += 1
    return this.#size - 1
  }

  #grow(): void {
    const kept = this.#hashes
    this.#hashes = new Uint32Array(kept.length * 2)
    this.#hashes.set(kept)
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1)
    for (let id = 0; id < this.#size; id += 1) this.#slots[this.#slotOf(kept[id] as number)] = id
  }
}
