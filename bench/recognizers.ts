import { createRequire } from 'node:module'
import { type Figure, judged, plainFigure } from './figure.ts'
import {
  type Outcome,
  readCases,
  readSpecFile,
  type SpecCase,
  type SpecFile,
  specFiles,
  todayOf,
} from './recognizers-cases.ts'

const goal = 95

type Suite = Record<
  'recognizeNumber' | 'recognizePercentage' | 'recognizeDateTime',
  (
    text: string,
    culture: string,
    options?: number,
    today?: Date,
  ) => { text: string; resolution?: { value?: string; values?: { value?: string; start?: string; end?: string }[] } }[]
>

/** The specification's own reader for JavaScript, where somebody has installed it beside us; it is 37 MB and reads no Korean words. */
function findPeer(): Suite | undefined {
  try {
    return createRequire(import.meta.url)('@microsoft/recognizers-text-suite') as Suite
  } catch {
    return undefined
  }
}

/** Held to less than we are: the spans, and that one of its values is there. */
function isPeerRight(peer: Suite, file: SpecFile, one: SpecCase): boolean {
  const read = {
    NumberModel: () => peer.recognizeNumber(one.Input, 'ko-kr'),
    PercentModel: () => peer.recognizePercentage(one.Input, 'ko-kr'),
    DateParser: () => peer.recognizeDateTime(one.Input, 'ko-kr', 0, new Date(todayOf(one))),
    DatePeriodParser: () => peer.recognizeDateTime(one.Input, 'ko-kr', 0, new Date(todayOf(one))),
  }
  const found = read[file]()
  if (found.map(({ text }) => text).join('|') !== one.Results.map(({ Text }) => Text).join('|')) return false
  return one.Results.every(({ Resolution, Value }, i) => {
    const said = found[i]?.resolution
    if (Resolution) return said?.value === Resolution.value
    const wanted = Value?.PastResolution.date ?? Value?.PastResolution.startDate
    return said?.values?.some(({ value, start }) => value === wanted || start === wanted) ?? false
  })
}

const share = (part: number, whole: number): number => (whole === 0 ? Number.NaN : (100 * part) / whole)

function figureOf(file: SpecFile, outcomes: readonly Outcome[], peer: Suite | undefined): Figure {
  const all = outcomes.filter((one) => one.file === file)
  const eligible = all.filter(({ leftOut }) => leftOut === undefined)
  const right = eligible.filter(({ isRight }) => isRight).length
  const value = share(right, eligible.length)
  const figure = judged(
    plainFigure(`${file} ${right}/${eligible.length} of ${all.length}`, value, '%'),
    `≥ ${goal}`,
    value >= goal,
  )
  if (!peer) return figure
  const cases = readSpecFile(file)
  const theirs = eligible.filter(({ index }) => isPeerRight(peer, file, cases[index] as SpecCase)).length
  const peerValue = Number(share(theirs, eligible.length).toPrecision(3))
  const ratio = peerValue === 0 ? null : Number((value / peerValue).toPrecision(3))
  return { ...figure, peer: { name: 'recognizers-text-suite ko-kr', value: peerValue }, ratio }
}

/** How many cases of each reason are not held against us, and of those with a convention of ours how many follow it. */
function leftOutFigures(outcomes: readonly Outcome[]): Figure[] {
  const leftOut = outcomes.flatMap((one) => (one.leftOut ? [{ ...one, ...one.leftOut }] : []))
  const conventions = leftOut.filter(({ kind }) => kind === 'convention')
  const kept = conventions.filter(({ isKept }) => isKept).length
  const reasons = Map.groupBy(leftOut, ({ kind, reason }) => `left out, ${kind}: ${reason}`)
  return [
    judged(
      plainFigure(`convention followed ${kept}/${conventions.length}`, share(kept, conventions.length), '%'),
      '100',
      kept === conventions.length,
    ),
    ...[...reasons].map(([name, list]) => plainFigure(name, list.length, 'cases')),
  ]
}

/**
 * `npm run bench -- recognizers [--misses]`: how many cases of the Korean Recognizers-Text specification the grammars of understanding
 * read right, of those that a question to an ERP can contain; the reasons of the rest are in bench/data/recognizers-exclusions.json.
 */
export function measureRecognizers(): Figure[] {
  const outcomes = readCases()
  const peer = findPeer()
  if (process.argv.includes('--misses'))
    for (const { file, index, input, read } of outcomes.filter((one) => !one.isRight && !one.leftOut))
      console.log(`${file} ${index} ${JSON.stringify(input)} → ${read || 'nothing'}`)
  return [
    ...specFiles.map((file) => figureOf(file, outcomes, peer)),
    ...(peer ? [] : [plainFigure('peers installed that read Korean', 0, '')]),
    ...leftOutFigures(outcomes),
  ]
}
