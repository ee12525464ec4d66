import type { Entity } from '#catalog'
import { type Aggregate, aggregateName, type GroupKey, keyName, type SortKey } from '../erp-connector.ts'
import { fieldType, isNumeric } from '../fields.ts'
import { addParts, readParts } from '../group.ts'
import { partCell } from '../group-records.ts'
import type { Row } from '../query-answer.ts'
import { compareCells } from '../sort-rows.ts'

type Grouping = { keys: GroupKey[]; aggregates: Aggregate[] }

/** Sorts rows in place where the ERP did not. `isNumber` tells by name what compares as a number. */
export function sortRows(rows: Row[], orderBy: SortKey[], isNumber: (name: string) => boolean): Row[] {
  return rows.sort((a, b) => {
    for (const { by, descending } of orderBy) {
      const difference = compareCells(a[by] ?? null, b[by] ?? null, { numeric: isNumber(by), descending })
      if (difference !== 0) return difference
    }
    return 0
  })
}

/** Which names of an entity's group rows are numbers: all but keys that are texts or dates. */
export function numbersOf(entity: Entity, keys: GroupKey[]): (name: string) => boolean {
  const texts = keys.filter((key) => !key.part && !isNumeric(fieldType(entity, key.field))).map(keyName)
  return (name) => !texts.includes(name)
}

/**
 * One row for each group where the ERP had several: of instants for a day, of words for one code, of an empty text and none.
 * Sums and counts add up exactly. Throws ERP_BAD_REPLY for distinct counts, which do not.
 */
export function mergeGroups(rows: Row[], { keys, aggregates }: Grouping): Row[] {
  const names = keys.map(keyName)
  const groups = new Map<string, { first: Row; parts: ReturnType<typeof readParts> | undefined }>()
  for (const row of rows) {
    const id = JSON.stringify(names.map((name) => row[name]))
    const group = groups.get(id)
    if (!group) groups.set(id, { first: row, parts: undefined })
    else {
      group.parts ??= readParts(group.first, aggregates)
      addParts(group.parts, readParts(row, aggregates), aggregates)
    }
  }
  return [...groups.values()].map(({ first, parts }) =>
    parts
      ? { ...first, ...Object.fromEntries(aggregates.map((one) => [aggregateName(one), partCell(one, parts)])) }
      : first,
  )
}
