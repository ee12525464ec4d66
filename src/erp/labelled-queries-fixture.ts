import { readFileSync } from 'node:fs'
import type { BusinessQuery } from '#catalog'

type Labelled = { text?: string; expect?: { query?: BusinessQuery } }
type Line = Labelled & { turns?: (Labelled | string)[] }

/** The queries of a file of labelled questions and dialogues, JSON a line; those that ask for none are left out. */
export function readLabelledQueries(path: string): { text: string; query: BusinessQuery }[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Line)
    .flatMap((line) => line.turns ?? [line])
    .flatMap((turn) => {
      const query = typeof turn === 'string' ? undefined : turn.expect?.query
      return typeof turn === 'string' || !query ? [] : [{ text: turn.text ?? '', query }]
    })
}
