import type { RunBody } from '../../../../src/sync/api.ts'

const underWay = ['waiting', 'reading', 'merging']

/** How far a full sync has come: entities that have ended, of how many, and the records read so far. */
export function runProgress({ entities }: RunBody): { done: number; total: number; read: number } {
  return {
    done: entities.filter(({ state }) => !underWay.includes(state)).length,
    total: entities.length,
    read: entities.reduce((sum, { read }) => sum + read, 0),
  }
}
