/** A data key, open and as it is stored. */
export type OpenedKey = { plain: Buffer; wrapped: Buffer }

/** A data key in memory. Once it is dropped and nobody works with it any more, its bytes are overwritten. */
export class HeldKey {
  #opening: Promise<OpenedKey>
  #users = 0
  #isDropped = false

  constructor(opening: Promise<OpenedKey>) {
    this.#opening = opening
  }

  /** Works with the key, at once after it is open. The key must not be kept. */
  async use<T>(work: (key: OpenedKey) => T): Promise<T> {
    this.#users += 1
    try {
      return work(await this.#opening)
    } finally {
      this.#users -= 1
      this.#wipeUnused()
    }
  }

  /** Ends the key: who uses it already may finish. */
  drop(): void {
    this.#isDropped = true
    this.#wipeUnused()
  }

  #wipeUnused(): void {
    if (!this.#isDropped || this.#users > 0) return
    this.#opening.then(
      ({ plain }) => plain.fill(0),
      () => undefined,
    )
  }
}
