import type { Logger } from '#platform/log'
import type { TableChange } from './change-source.ts'

const mostRemembered = 1_000

/** Tells the operator of each thing that is new once. */
export function createNews(log: Logger) {
  const told = new Set<string>()
  const columns = new Map<string, string>()
  const isNew = (text: string): boolean => {
    if (told.has(text)) return false
    if (told.size >= mostRemembered) told.clear()
    told.add(text)
    return true
  }
  return {
    alarm(entity: string, reason: string): void {
      const text = 'Changes of an entity could not be followed; it is not answered from the copy until its full sync'
      if (isNew(`${entity} ${reason}`)) log.error({ 'sync.entity': entity, 'sync.reason': reason }, text)
    },
    unknown(table: string): void {
      if (isNew(`table ${table}`))
        log.info({ 'sync.table': table }, 'Changes of a table that the mapping does not name')
    },
    /** Columns that weren't there before. The rows of a table in a batch have the same ones, nearly always: the last is looked at. */
    columns(changes: readonly TableChange[]): void {
      for (const [table, row] of new Map(changes.map(({ table, after }) => [table, after]))) {
        if (!row) continue
        const names = Object.keys(row)
        const before = columns.get(table)
        columns.set(table, names.join(' '))
        const known = new Set(before?.split(' '))
        const added = before === undefined ? [] : names.filter((name) => !known.has(name))
        if (added.length > 0)
          log.warn(
            { 'sync.table': table, 'sync.columns': added },
            'A table of the ERP has new columns; they are ignored',
          )
      }
    },
  }
}
