import { labelCount } from './slot-labels.ts'

/**
 * Scores of steps between labels. `between[x * (S + 1) + y]`: from x (0 outside, 1 + s a span of slot s that has ended, S + 1 the
 * beginning of the text) to y (0 outside, 1 + s a span of slot s beginning). `within[4 s + k]`: begin→inside, begin→end,
 * inside→inside, inside→end. Steps that make no whole spans do not exist. A chain with S slots costs S² a token, not (4 S)².
 */
export type Steps = { slots: number; between: Float64Array; within: Float64Array }

export function emptySteps(slots: number): Steps {
  return { slots, between: new Float64Array((slots + 2) * (slots + 1)), within: new Float64Array(4 * slots) }
}

// Masses below this part of a column's whole are not carried on: they change no marginal that a 32-bit weight could hold.
const negligible = 1e-10
const lowestExponent = -60

/**
 * Sum over all legal label paths of a text (forward-backward; Rabiner 1989, Lafferty et al. 2001), in buffers that grow and are
 * used again. Not reentrant.
 */
export class Lattice {
  readonly slots: number
  readonly labels: number
  length = 0
  /** ln Z of the last `sum`. */
  logTotal = 0
  /** P(label at token), `[token × labels]`, after `sum`. */
  marginals = new Float64Array(0)
  private potentials = new Float64Array(0)
  private forward = new Float64Array(0)
  private backward = new Float64Array(0)
  private ended = new Float64Array(0)
  private scales = new Float64Array(0)
  private readonly into: Float64Array
  private readonly opened: Float64Array
  private readonly between: Float64Array
  private readonly within: Float64Array

  constructor(slots: number) {
    this.slots = slots
    this.labels = labelCount(slots)
    this.into = new Float64Array(slots + 1)
    this.opened = new Float64Array(slots + 1)
    this.between = new Float64Array((slots + 2) * (slots + 1))
    this.within = new Float64Array(4 * slots)
  }

  /** Takes over the scores of steps; to be called again whenever they change. */
  setSteps(steps: Steps): void {
    for (let i = 0; i < this.between.length; i += 1) this.between[i] = Math.exp(steps.between[i] as number)
    for (let i = 0; i < this.within.length; i += 1) this.within[i] = Math.exp(steps.within[i] as number)
  }

  setStep(group: 'between' | 'within', at: number, score: number): void {
    this[group][at] = Math.exp(score)
  }

  private reserve(length: number): void {
    this.length = length
    if (this.scales.length >= length) return
    const room = Math.max(32, length * 2)
    this.scales = new Float64Array(room)
    this.ended = new Float64Array(room * (this.slots + 1))
    this.marginals = new Float64Array(room * this.labels)
    this.potentials = new Float64Array(room * this.labels)
    this.forward = new Float64Array(room * this.labels)
    this.backward = new Float64Array(room * this.labels)
  }

  /** Fills marginals from emission scores `[token × labels]`; `expect`, when given, gets the expected counts of steps added. */
  sum(emissions: Float64Array, length: number, expect?: Steps): void {
    this.reserve(length)
    this.logTotal = 0
    for (let t = 0; t < length; t += 1) {
      this.exponentiate(emissions, t)
      this.enter(t)
      this.advance(t)
    }
    const total = this.endedTotal(length - 1)
    this.logTotal += Math.log(total)
    this.finish(length - 1, 1 / total)
    for (let t = length - 2; t >= 0; t -= 1) this.retreat(t, expect)
    if (expect) this.expectStart(expect)
    for (let i = 0; i < length * this.labels; i += 1)
      this.marginals[i] = (this.forward[i] as number) * (this.backward[i] as number)
  }

  /** P(a span of `slot` over tokens `from`…`to`, both inclusive), after `sum`. */
  spanProbability(from: number, to: number, slot: number): number {
    const { labels, forward, backward, potentials, within, scales, marginals } = this
    const at = (t: number, kind: number) => t * labels + 4 * slot + kind
    if (from === to) return marginals[at(from, 4)] as number
    let mass = forward[at(from, 1)] as number
    for (let t = from + 1; t <= to; t += 1) {
      const kind = t === to ? 3 : 2
      const step = within[4 * slot + (t === from + 1 ? 0 : 2) + (kind - 2)] as number
      mass *= (step * (potentials[at(t, kind)] as number)) / (scales[t] as number)
    }
    return Math.min(1, mass * (backward[at(to, 3)] as number))
  }

  private exponentiate(emissions: Float64Array, t: number): void {
    const base = t * this.labels
    let best = Number.NEGATIVE_INFINITY
    for (let l = 0; l < this.labels; l += 1)
      if ((emissions[base + l] as number) > best) best = emissions[base + l] as number
    for (let l = 0; l < this.labels; l += 1)
      this.potentials[base + l] = Math.exp(Math.max(lowestExponent, (emissions[base + l] as number) - best))
    this.logTotal += best
  }

  /** Mass that reaches the openings (outside, a span beginning) of token t. */
  private enter(t: number): void {
    const { into, between, ended } = this
    const width = this.slots + 1
    if (t === 0) {
      for (let y = 0; y < width; y += 1) into[y] = between[width * width + y] as number
      return
    }
    into.fill(0)
    const before = (t - 1) * width
    for (let x = 0; x < width; x += 1) {
      const mass = ended[before + x] as number
      if (mass < negligible) continue
      for (let y = 0, row = x * width; y < width; y += 1)
        into[y] = (into[y] as number) + mass * (between[row + y] as number)
    }
  }

  private advance(t: number): void {
    const { forward, potentials, into, within, ended, labels } = this
    const base = t * labels
    let total = (into[0] as number) * (potentials[base] as number)
    forward[base] = total
    for (let s = 0; s < this.slots; s += 1) {
      const b = base + 1 + 4 * s
      const opening = into[s + 1] as number
      const [begun, gone] = t > 0 ? [forward[b - labels] as number, forward[b - labels + 1] as number] : [0, 0]
      const goesOn = begun * (within[4 * s] as number) + gone * (within[4 * s + 2] as number)
      const closes = begun * (within[4 * s + 1] as number) + gone * (within[4 * s + 3] as number)
      total += forward[b] = opening * (potentials[b] as number)
      total += forward[b + 1] = goesOn * (potentials[b + 1] as number)
      total += forward[b + 2] = closes * (potentials[b + 2] as number)
      total += forward[b + 3] = opening * (potentials[b + 3] as number)
    }
    const scale = 1 / total
    for (let l = base; l < base + labels; l += 1) forward[l] = (forward[l] as number) * scale
    const width = this.slots + 1
    ended[t * width] = forward[base] as number
    for (let s = 0; s < this.slots; s += 1)
      ended[t * width + 1 + s] = (forward[base + 3 + 4 * s] as number) + (forward[base + 4 + 4 * s] as number)
    this.scales[t] = total
    this.logTotal += Math.log(total)
  }

  private endedTotal(t: number): number {
    const width = this.slots + 1
    let total = 0
    for (let x = 0; x < width; x += 1) total += this.ended[t * width + x] as number
    return total
  }

  private finish(t: number, mass: number): void {
    const base = t * this.labels
    this.backward[base] = mass
    for (let s = 0; s < this.slots; s += 1) {
      this.backward[base + 1 + 4 * s] = 0
      this.backward[base + 2 + 4 * s] = 0
      this.backward[base + 3 + 4 * s] = mass
      this.backward[base + 4 + 4 * s] = mass
    }
  }

  /** Mass from the openings of token t onwards, per opening. */
  private open(t: number): void {
    const { opened, potentials, backward } = this
    const base = t * this.labels
    const scale = 1 / (this.scales[t] as number)
    opened[0] = (potentials[base] as number) * (backward[base] as number) * scale
    for (let s = 0; s < this.slots; s += 1) {
      const b = base + 1 + 4 * s
      const begun = (potentials[b] as number) * (backward[b] as number)
      opened[s + 1] = (begun + (potentials[b + 3] as number) * (backward[b + 3] as number)) * scale
    }
  }

  private retreat(t: number, expect: Steps | undefined): void {
    this.open(t + 1)
    const { backward, between, opened, ended } = this
    const width = this.slots + 1
    const base = t * this.labels
    for (let x = 0; x < width; x += 1) {
      const mass = ended[t * width + x] as number
      let onward = 0
      if (mass >= negligible)
        for (let y = 0, row = x * width; y < width; y += 1)
          onward += (between[row + y] as number) * (opened[y] as number)
      if (x === 0) backward[base] = onward
      else {
        backward[base + 4 * x - 1] = onward
        backward[base + 4 * x] = onward
      }
      if (!expect || mass < negligible) continue
      const counts = expect.between
      for (let y = 0, i = x * width; y < width; y += 1, i += 1)
        counts[i] = (counts[i] as number) + mass * (between[i] as number) * (opened[y] as number)
    }
    this.retreatWithin(t, expect)
  }

  private retreatWithin(t: number, expect: Steps | undefined): void {
    const { backward, forward, potentials, within, labels } = this
    const scale = 1 / (this.scales[t + 1] as number)
    for (let s = 0; s < this.slots; s += 1) {
      const b = t * labels + 1 + 4 * s
      const next = b + labels
      const goesOn = (potentials[next + 1] as number) * (backward[next + 1] as number) * scale
      const closes = (potentials[next + 2] as number) * (backward[next + 2] as number) * scale
      const k = 4 * s
      backward[b] = (within[k] as number) * goesOn + (within[k + 1] as number) * closes
      backward[b + 1] = (within[k + 2] as number) * goesOn + (within[k + 3] as number) * closes
      if (!expect) continue
      const [begun, gone] = [forward[b] as number, forward[b + 1] as number]
      const counts = expect.within
      counts[k] = (counts[k] as number) + begun * (within[k] as number) * goesOn
      counts[k + 1] = (counts[k + 1] as number) + begun * (within[k + 1] as number) * closes
      counts[k + 2] = (counts[k + 2] as number) + gone * (within[k + 2] as number) * goesOn
      counts[k + 3] = (counts[k + 3] as number) + gone * (within[k + 3] as number) * closes
    }
  }

  private expectStart(expect: Steps): void {
    this.open(0)
    const width = this.slots + 1
    for (let y = 0, i = width * width; y < width; y += 1, i += 1)
      expect.between[i] = (expect.between[i] as number) + (this.between[i] as number) * (this.opened[y] as number)
  }
}
