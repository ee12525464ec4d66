import { createHash } from 'node:crypto'

/** Where a row is from: the files of the program, a person's label, or what people did. */
export type Origin = 'built-in' | 'reviewed' | 'collected'

/** A labelled sentence, as shape: without names, times and numbers. Rows of a group mean nearly the same and are never split. */
export type DataRow = { text: string; intent: string; origin: Origin; split: 'train' | 'test'; group: number }

export type DataCounts = { train: number; test: number; groups: number } & Record<Origin, number>

/** One row a line. */
export function writeRows(rows: readonly DataRow[]): string {
  return rows.map((row) => JSON.stringify(row)).join('\n')
}

export function parseRows(text: string): DataRow[] {
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as DataRow]))
}

/** The SHA-256 of the rows in their order. */
export function hashRows(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

export function countRows(rows: readonly DataRow[]): DataCounts {
  const count = (isMeant: (row: DataRow) => boolean) => rows.filter(isMeant).length
  return {
    train: count(({ split }) => split === 'train'),
    test: count(({ split }) => split === 'test'),
    groups: new Set(rows.map(({ group }) => group)).size,
    'built-in': count(({ origin }) => origin === 'built-in'),
    reviewed: count(({ origin }) => origin === 'reviewed'),
    collected: count(({ origin }) => origin === 'collected'),
  }
}
