// Part of the OData simulator: `$metadata`, as far as types of properties go. Tests only.
import type { SimSet } from './simulator-answer-fixture.ts'
import type { Kind } from './simulator-filter-fixture.ts'

const types: Record<string, string> = {
  text: 'Edm.String',
  decimal: 'Edm.Decimal',
  date: 'Edm.Date',
  instant: 'Edm.DateTimeOffset',
  datetime: 'Edm.DateTime',
  boolean: 'Edm.Boolean',
}

/** Describes the sets of one service; `service` is its path below the root. */
export function describeSets(sets: Record<string, SimSet>, service: string): string {
  const own = Object.entries(sets).filter(([name]) => name.slice(0, name.lastIndexOf('/') + 1) === service)
  const described = own.map(([name, { shape }]) => {
    const set = name.slice(service.length)
    const properties = Object.entries(shape)
      .filter((entry): entry is [string, Kind] => typeof entry[1] === 'string')
      .map(([property, kind]) => `<Property Name="${property}" Type="${types[kind] ?? kind.replace('enum:', '')}"/>`)
    return {
      type: `<EntityType Name="${set}Type">${properties.join('')}</EntityType>`,
      set: `<EntitySet Name="${set}" EntityType="Simulated.${set}Type"/>`,
    }
  })
  const all = (part: 'type' | 'set') => described.map((one) => one[part]).join('')
  return `<?xml version="1.0"?><Schema Namespace="Simulated">${all('type')}<EntityContainer>${all('set')}</EntityContainer></Schema>`
}
