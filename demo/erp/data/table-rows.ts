/** Rows of one table, with values as PostgreSQL reads them, in the order of `columns`. */
export type TableRows = { table: string; columns: string[]; rows: (string | number | null)[][] }

/** Hundredths of a won, always whole: sums stay exact. */
export type Cents = number

/** `123456` → `1234.56`. */
export function moneyText(cents: Cents): string {
  return `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, '0')}`
}

/** Rounds hundredths to whole units of `step` won. */
export function roundToWon(cents: Cents, step: number): Cents {
  return Math.round(cents / (step * 100)) * step * 100
}
