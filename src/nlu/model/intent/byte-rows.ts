import type { Encoded } from '../features/feature-space.ts'

/** Rows of numbers kept as bytes: `bytes[row * width + i] * scales[row]` is the number. */
export type ByteRows = { readonly bytes: Int8Array; readonly scales: Float32Array; readonly width: number }

/** Rounds each row to 8 bits by its largest magnitude: a quarter of the size, and no measured loss of accuracy. */
export function toByteRows(numbers: Float32Array, width: number): ByteRows {
  const bytes = new Int8Array(numbers.length)
  const scales = new Float32Array(width === 0 ? 0 : numbers.length / width)
  for (let row = 0; row < scales.length; row += 1) {
    const start = row * width
    let largest = 0
    for (let i = start; i < start + width; i += 1) largest = Math.max(largest, Math.abs(numbers[i] as number))
    if (largest === 0) continue
    scales[row] = largest / 127
    for (let i = start; i < start + width; i += 1) bytes[i] = Math.round(((numbers[i] as number) * 127) / largest)
  }
  return { bytes, scales, width }
}

/** Adds the rows that a text's features name, each as often as it weighs, to `sum`. */
export function addByteRows({ bytes, scales, width }: ByteRows, row: Encoded, sum: Float32Array): void {
  const { ids, values, length } = row
  for (let k = 0; k < length; k += 1) {
    const id = ids[k] as number
    const weight = (values[k] as number) * (scales[id] as number)
    const start = id * width
    for (let i = 0; i < width; i += 1) sum[i] = (sum[i] as number) + weight * (bytes[start + i] as number)
  }
}
