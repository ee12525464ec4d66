import type { ChangeRule } from './changes-schema.ts'
import type { ErpMapping } from './mapping-schema.ts'
import type { Entity } from './schema.ts'

type Report = (path: PropertyKey[], problem: string) => void

/** Faults of a mapping's `changes`: entities and fields that are not there, rules that say too little or too much. */
export function changesFaults(mapping: ErpMapping, entities: Map<string, Entity>, report: Report): void {
  const { changes } = mapping
  if (!changes) return
  if (changes.source === 'polling') {
    for (const [index, name] of changes.entities.entries()) {
      const problem = pollingFault(mapping, entities, name)
      if (problem !== undefined) report(['changes', 'entities', index], problem)
    }
    return
  }
  const isMapped = (name: string) => isMappedIn(mapping, entities, name)
  for (const [table, rules] of Object.entries(changes.tables)) {
    if (!/^[^.\s]+\.[^.\s]+$/.test(table)) report(['changes', 'tables', table], `'${table}' must be schema.table`)
    for (const [index, rule] of rules.entries()) {
      const reportHere: Report = (path, problem) => report(['changes', 'tables', table, index, ...path], problem)
      if (!isMapped(rule.entity)) reportHere(['entity'], `entity '${rule.entity}' is not mapped`)
      else ruleFaults(rule, { mapping, entities, rules }, reportHere)
    }
  }
}

function isMappedIn(mapping: ErpMapping, entities: Map<string, Entity>, name: string): boolean {
  return entities.has(name) && Object.hasOwn(mapping.entities, name)
}

/** What keeps an entity from being asked for by its time of modification, which a mapping of OData is to name. */
function pollingFault(mapping: ErpMapping, entities: Map<string, Entity>, name: string): string | undefined {
  if (!isMappedIn(mapping, entities, name)) return `entity '${name}' is not mapped`
  const isNamed = mapping.connector !== 'odata' || mapping.entities[name]?.modified !== undefined
  return isNamed ? undefined : `${name} has no 'modified'`
}

type Around = { mapping: ErpMapping; entities: Map<string, Entity>; rules: ChangeRule[] }

function ruleFaults(rule: ChangeRule, around: Around, report: Report): void {
  const ways = (['key', 'where', 'all'] as const).filter((way) => rule[way] !== undefined)
  if (ways.length !== 1) report([], 'needs one of key, where and all')
  const mapped = around.mapping.entities[rule.entity]
  if (rule.key && mapped && 'key' in mapped && mapped.key.length !== rule.key.length)
    report(['key'], `the key of ${rule.entity} has ${mapped.key.length} fields`)
  if (rule.fields && !rule.key) report(['fields'], `'fields' needs 'key'`)
  for (const field of Object.keys(rule.fields ?? {}))
    if (!mapped || !(field in mapped.fields))
      report(['fields', field], `'${field}' is not a mapped field of ${rule.entity}`)
  if (rule.through !== undefined) throughFaults(rule, rule.through, around, report)
}

function throughFaults(rule: ChangeRule, through: string, { mapping, rules }: Around, report: Report): void {
  if (!rule.where) report(['through'], `'through' needs 'where'`)
  if (!rules.some((other) => other.entity === through && other.key))
    report(['through'], `'${through}' has no rule with a key for this table`)
  for (const field of Object.values(rule.where ?? {}))
    if (!(field in (mapping.entities[through]?.fields ?? {})))
      report(['where'], `'${field}' is not a mapped field of ${through}`)
}
