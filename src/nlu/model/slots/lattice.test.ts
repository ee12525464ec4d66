import { expect, test } from 'vitest'
import { createRandom } from '../random.ts'
import { PathFinder } from './best-path.ts'
import { emptySteps, Lattice, type Steps } from './lattice.ts'
import { labelCount, labelsOf, spansOf } from './slot-labels.ts'

const slots = 2
const labels = labelCount(slots)

function drawn(seed: number, length: number): { steps: Steps; emissions: Float64Array } {
  const random = createRandom(seed)
  const draw = (values: Float64Array) => values.map(() => random() * 4 - 2)
  const empty = emptySteps(slots)
  const steps = { slots, between: draw(empty.between), within: draw(empty.within) }
  return { steps, emissions: draw(new Float64Array(length * labels)) }
}

/** Every path of labels that reads back as the spans it was made of, with its score, added up one by one. */
function legalPaths({ steps, emissions }: ReturnType<typeof drawn>, length: number) {
  const paths: { path: number[]; score: number }[] = []
  const width = slots + 1
  const extend = (path: number[], score: number, at: { before: number; open: number }) => {
    const t = path.length
    if (t === length) {
      if (at.open === -1) paths.push({ path, score })
      return
    }
    const go = (label: number, step: number, next: { before: number; open: number }) =>
      extend([...path, label], score + step + (emissions[t * labels + label] as number), next)
    if (at.open === -1) {
      const between = (y: number) => steps.between[at.before * width + y] as number
      go(0, between(0), { before: 0, open: -1 })
      for (let s = 0; s < slots; s += 1) {
        go(4 * s + 1, between(s + 1), { before: 0, open: s })
        go(4 * s + 4, between(s + 1), { before: s + 1, open: -1 })
      }
      return
    }
    const first = path.at(-1) === 4 * at.open + 1 ? 0 : 2
    go(4 * at.open + 2, steps.within[4 * at.open + first] as number, at)
    go(4 * at.open + 3, steps.within[4 * at.open + first + 1] as number, { before: at.open + 1, open: -1 })
  }
  extend([], 0, { before: width, open: -1 })
  return paths
}

test.each([1, 2, 3, 4])('sums over %i tokens as counting every path does', (length) => {
  const given = drawn(length, length)
  const lattice = new Lattice(slots)
  lattice.setSteps(given.steps)
  const counts = emptySteps(slots)
  lattice.sum(given.emissions, length, counts)
  const paths = legalPaths(given, length)
  const total = paths.reduce((sum, { score }) => sum + Math.exp(score), 0)
  expect(lattice.logTotal).toBeCloseTo(Math.log(total), 9)
  for (let t = 0; t < length; t += 1) {
    let whole = 0
    for (let label = 0; label < labels; label += 1) {
      const mass = paths.reduce((sum, one) => sum + (one.path[t] === label ? Math.exp(one.score) : 0), 0)
      expect(lattice.marginals[t * labels + label]).toBeCloseTo(mass / total, 9)
      whole += lattice.marginals[t * labels + label] as number
    }
    expect(whole).toBeCloseTo(1, 9)
  }
  const steps = [...counts.between, ...counts.within].reduce((sum, count) => sum + count, 0)
  expect(steps).toBeCloseTo(length, 9)
  for (const span of [
    { from: 0, to: 0, slot: 1 },
    { from: 0, to: length - 1, slot: 0 },
  ]) {
    const has = (path: number[]) => spansOf(path).some((one) => JSON.stringify(one) === JSON.stringify(span))
    const mass = paths.reduce((sum, one) => sum + (has(one.path) ? Math.exp(one.score) : 0), 0)
    expect(lattice.spanProbability(span.from, span.to, span.slot)).toBeCloseTo(mass / total, 9)
  }
  const best = paths.reduce((a, b) => (b.score > a.score ? b : a))
  expect([...new PathFinder(given.steps).find(given.emissions, length)]).toEqual(best.path)
})

test('labels and spans are two ways to write the same', () => {
  const spans = [
    { from: 0, to: 2, slot: 1 },
    { from: 3, to: 3, slot: 0 },
    { from: 5, to: 6, slot: 0 },
  ]
  expect([...labelsOf(7, spans)]).toEqual([5, 6, 7, 4, 0, 1, 3])
  expect(spansOf(labelsOf(7, spans))).toEqual(spans)
  expect(
    spansOf(
      labelsOf(3, [
        { from: 0, to: 1, slot: 0 },
        { from: 1, to: 2, slot: 1 },
      ]),
    ),
  ).toHaveLength(1)
})
