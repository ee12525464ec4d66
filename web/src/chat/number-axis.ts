type Language = 'ko' | 'en'
type Unit = { from: number; suffix: string }

const units: Record<Language, Unit[]> = {
  ko: [
    { from: 1e12, suffix: '조' },
    { from: 1e8, suffix: '억' },
    { from: 1e4, suffix: '만' },
  ],
  en: [
    { from: 1e12, suffix: 'T' },
    { from: 1e9, suffix: 'B' },
    { from: 1e6, suffix: 'M' },
    { from: 1e3, suffix: 'K' },
  ],
}

const minus = '−'

/** At most `digits` decimals, thousands separated, no trailing zeros. */
function plain(value: number, digits: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: digits })
}

/** A number as an axis or a bar says it, in three digits: 3.02억, 12.3억, 7,500만 in Korean; 1.23B, 75M in English; percent with one decimal. */
export function shortNumber(value: number, type: string, language: Language): string {
  if (!Number.isFinite(value)) return ''
  const sign = value < 0 ? minus : ''
  const size = Math.abs(value)
  if (type === 'percent') return `${sign}${plain(size, 1)}%`
  const ordered = units[language]
  // 9,999.6만 rounds up to the next unit, so the unit is chosen after rounding.
  const at = ordered.findIndex((unit) => size >= unit.from * 0.99995)
  const unit = ordered[at]
  if (!unit) return sign + plain(size, size < 10 ? 2 : 1)
  const scaled = size / unit.from
  return `${sign}${plain(scaled, scaled < 10 ? 2 : scaled < 100 ? 1 : 0)}${unit.suffix}`
}

/** A cell's exact value as a number to draw; never used for anything that is read as digits. */
export function drawable(value: string | number | boolean | null): number | null {
  if (value === null || typeof value === 'boolean' || value === '') return null
  const number = Number(value)
  return Number.isFinite(number) ? number : null
}

const steps = [1, 2, 2.5, 5, 10]

/** Round places for an axis from zero (or below, when there are losses) up to the first one at or above `most`; about `count` steps. */
export function axisTicks(least: number, most: number, count: number): number[] {
  const low = Math.min(0, least)
  const high = Math.max(0, most)
  const rough = (high - low) / count
  if (!(rough > 0) || !Number.isFinite(rough)) return [0]
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * (steps.find((candidate) => candidate * power >= rough * 0.999) ?? 10)
  const first = Math.floor(low / step)
  const last = Math.ceil((high / step) * 0.999_999)
  return Array.from({ length: last - first + 1 }, (_, n) => (first + n) * step)
}
