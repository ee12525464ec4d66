import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { initWasm, Resvg } from '@resvg/resvg-wasm'
import type { Answer } from '#chat'
import { readSeries } from './read-series.ts'
import { chartWidth, writeSvg } from './write-svg.ts'

export type ChartImage = { png: Buffer; width: number; height: number }

/** Twice the pixels of its place, so that it is sharp on a phone. */
const density = 2
let opened: Promise<Uint8Array[]> | undefined

/** The program and the fonts are read at the first picture; a process that draws none does without. */
function open(): Promise<Uint8Array[]> {
  const read = (name: string) => readFileSync(fileURLToPath(import.meta.resolve(name)))
  opened ??= initWasm(read('@resvg/resvg-wasm/index_bg.wasm')).then(() => [
    read('@expo-google-fonts/nanum-gothic/400Regular/NanumGothic_400Regular.ttf'),
  ])
  return opened
}

/** The chart of an answer as a picture that every mail client shows; undefined when there is nothing to draw. */
export async function drawChart(answer: Pick<Answer, 'table' | 'chart'>): Promise<ChartImage | undefined> {
  const data = readSeries(answer)
  if (!data || !answer.chart) return undefined
  const { svg, height } = writeSvg(data, answer.chart.kind)
  const fontBuffers = await open()
  const drawing = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: density },
    font: { fontBuffers, defaultFontFamily: 'NanumGothic' },
  })
  const image = drawing.render()
  const png = Buffer.from(image.asPng())
  image.free()
  drawing.free()
  return { png, width: chartWidth, height }
}
