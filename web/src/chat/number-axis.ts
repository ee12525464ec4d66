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

/** A number as an axis or a bar says it: 12.3억, 7,500만 in Korean; 1.2B, 75M in English; percent with one decimal. */
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
  return `${sign}${plain(scaled, scaled < 100 ? 1 : 0)}${unit.suffix}`
}

/** A cell's exact value as a number to draw; never used for anything that is read as digits. */
export function drawable(value: string | number | boolean | null): number | null {
  if (value === null || typeof value === 'boolean' || value === '') return null
  const number = Number(value)
  return Number.isFinite(number) ? number : null
}
