import type { ChartData } from './read-series.ts'

/** Width of a picture in a mail, in CSS pixels. */
export const chartWidth = 560
const colors = ['#1f4f8f', '#c2691c', '#4f7a3a']
const ink = '#1f2328'
const pale = '#57606a'
const rule = '#d0d7de'
const font = 'NanumGothic, sans-serif'
const size = 13
const longestLabel = 14

type Drawing = { width: number; height: number; body: string[] }

/** The chart as SVG: horizontal bars with their values, or lines over time with an axis from zero. Everything from outside is escaped. */
export function writeSvg(data: ChartData, kind: 'bar' | 'line' | 'pie'): { svg: string; height: number } {
  // Shares are drawn as bars too: a pie in a mail can be neither pointed at nor told apart by colour alone.
  const { width, height, body } = kind === 'line' ? drawLines(data) : drawBars(data)
  const open = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${font}" font-size="${size}">`
  return {
    svg: [open, `<rect width="${width}" height="${height}" fill="#ffffff"/>`, ...body, '</svg>'].join(''),
    height,
  }
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
/** Without what XML cannot carry. */
const clean = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Noncharacter_Code_Point}]/gu, ' ')
    .replace(/[&<>"']/g, (sign) => escapes[sign] ?? '')
const shorten = (text: string, most = longestLabel): string => {
  const letters = [...text]
  return letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : text
}

type TextOptions = { fill?: string; anchor?: 'start' | 'middle' | 'end' }
const write = (x: number, y: number, text: string, { fill = ink, anchor = 'start' }: TextOptions = {}) =>
  `<text x="${round(x)}" y="${round(y)}" fill="${fill}" text-anchor="${anchor}" stroke="#ffffff" stroke-width="3" paint-order="stroke">${clean(text)}</text>`
const round = (value: number): string => value.toFixed(1)

/** A wide letter is about as wide as the type is high, a narrow one half of it. */
const widthOf = (text: string): number =>
  [...text].reduce((sum, letter) => sum + (letter.charCodeAt(0) > 0x2e7f ? size : size * 0.6), 0)

function drawLegend({ series }: ChartData, y: number): string[] {
  if (series.length < 2) return []
  let x = 0
  return series.flatMap(({ label }, index) => {
    const text = shorten(label, 24)
    const parts = [
      `<rect x="${round(x)}" y="${round(y - 10)}" width="10" height="10" fill="${colors[index]}"/>`,
      write(x + 16, y, text, { fill: pale }),
    ]
    x += 32 + widthOf(text)
    return parts
  })
}

function drawBars(data: ChartData): Drawing {
  const { labels, series } = data
  const thick = series.length > 1 ? 12 : 18
  const top = series.length > 1 ? 28 : 4
  const rowHeight = series.length * (thick + 2) + 10
  const names = labels.map((label) => shorten(label))
  const left = Math.min(200, Math.max(...names.map(widthOf)) + 12)
  const texts = series.flatMap(({ values }) => values.map(({ text }) => text))
  const right = Math.max(...texts.map(widthOf)) + 10
  const all = series.flatMap(({ values }) => values.map(({ value }) => value))
  const low = Math.min(0, ...all)
  const span = Math.max(0, ...all) - low || 1
  const scale = (chartWidth - left - right) / span
  const zero = left + -low * scale
  const body = [...drawLegend(data, 14)]
  for (const [row, name] of names.entries()) {
    const y = top + row * rowHeight
    body.push(write(left - 8, y + rowHeight / 2, name, { anchor: 'end' }))
    for (const [index, { values }] of series.entries()) {
      const { value = 0, text = '' } = values[row] ?? {}
      const length = Math.max(1, Math.abs(value) * scale)
      const barY = y + 5 + index * (thick + 2)
      const x = value < 0 ? zero - length : zero
      body.push(
        `<rect x="${round(x)}" y="${round(barY)}" width="${round(length)}" height="${thick}" fill="${colors[index]}"/>`,
        write(Math.max(zero, x + length) + 6, barY + thick - 4, text, { fill: pale }),
      )
    }
  }
  body.push(
    `<line x1="${round(zero)}" y1="${top}" x2="${round(zero)}" y2="${top + labels.length * rowHeight}" stroke="${rule}"/>`,
  )
  return { width: chartWidth, height: top + labels.length * rowHeight + 6, body }
}

function drawLines(data: ChartData): Drawing {
  const { labels, series } = data
  const [height, top, bottom, left, right] = [280, 36, 34, 8, 8]
  const all = series.flatMap(({ values }) => values.map(({ value }) => value))
  const low = Math.min(0, ...all)
  const span = Math.max(0, ...all) - low || 1
  const x = (index: number) => left + 24 + (index * (chartWidth - left - right - 48)) / Math.max(1, labels.length - 1)
  const y = (value: number) => height - bottom - ((value - low) * (height - top - bottom - 16)) / span
  const body = [
    ...drawLegend(data, 14),
    `<line x1="${left}" y1="${round(y(0))}" x2="${chartWidth - right}" y2="${round(y(0))}" stroke="${rule}"/>`,
  ]
  for (const [index, { values }] of series.entries()) body.push(...drawLine(values, { x, y, color: colors[index] }))
  for (const at of shownLabels(labels.length)) {
    body.push(write(x(at), height - 10, labels[at] ?? '', { fill: pale, anchor: anchorAt(at, labels.length) }))
  }
  return { width: chartWidth, height, body }
}

type Place = { x: (index: number) => number; y: (value: number) => number; color: string | undefined }

function drawLine(values: ChartData['series'][number]['values'], { x, y, color }: Place): string[] {
  const points = values.map(({ value }, at) => `${round(x(at))},${round(y(value))}`).join(' ')
  const marks = [...telling(values.map(({ value }) => value))].flatMap((at) => {
    const { value = 0, text = '' } = values[at] ?? {}
    return [
      `<circle cx="${round(x(at))}" cy="${round(y(value))}" r="3" fill="${color}"/>`,
      write(x(at), y(value) + (isDip(values, at) ? 18 : -9), text, { anchor: anchorAt(at, values.length) }),
    ]
  })
  return [`<polyline points="${points}" fill="none" stroke="${color}" stroke-width="2"/>`, ...marks]
}

/** Below its neighbours, where a label above would lie on the line. */
const isDip = (values: { value: number }[], at: number): boolean => {
  const own = values[at]?.value ?? 0
  return [values[at - 1], values[at + 1]].every((next) => next === undefined || next.value > own)
}

/** What stands at an end stays inside the picture. */
const anchorAt = (at: number, count: number) => (at === 0 ? 'start' : at === count - 1 ? 'end' : 'middle')

/** The highest, the lowest and the last point are named; more would lie over each other. */
function telling(values: number[]): Set<number> {
  if (values.length <= 6) return new Set(values.keys())
  return new Set([values.indexOf(Math.max(...values)), values.indexOf(Math.min(...values)), values.length - 1])
}

function shownLabels(count: number): Set<number> {
  const step = Math.max(1, Math.ceil((count - 1) / 5))
  const shown = new Set<number>()
  for (let at = 0; at < count; at += step) shown.add(at)
  if (count > 1 && count - 1 - Math.max(...shown) < step) shown.delete(Math.max(...shown))
  return shown.add(count - 1)
}
