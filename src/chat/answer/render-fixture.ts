import { type BusinessQuery, type Entity, type Language, loadCatalog, splitMeasure } from '#catalog'
import type { Column, QueryAnswer, Row } from '#erp'

/** Builds what rendering takes, for tests: the demo catalog, a Monday, and answers as the ERP side gives them. */
export const catalog = loadCatalog('catalog', 'demo-odata')
export const today = '2026-11-23'
export const now = new Date('2026-11-23T05:32:00Z') // 14:32 in Seoul

export function asked(query: BusinessQuery, language: Language = 'ko') {
  const entity = catalog.entities[query.entity]
  if (!entity) throw new Error(`no entity ${query.entity}`)
  return { catalog, language, today, query, entity }
}

function measureType(name: string, entity: Entity): Column['type'] {
  if (name === 'count') return 'count'
  const { prefix, measure } = splitMeasure(name)
  if (prefix === 'share') return 'percent'
  const field = entity.measures[measure] ?? entity.dimensions[measure]
  return field?.type ?? 'number'
}

function columnsOf(query: BusinessQuery): Column[] {
  const { entity } = asked(query)
  const dimension = (name: string): Column => {
    const field = name.split(':')[0] ?? name
    const type = entity.dimensions[field]?.type
    return type ? { name, role: 'dimension', type } : { name, role: 'measure', type: measureType(name, entity) }
  }
  if (query.measures.length === 0) {
    return (query.select ? [...new Set([entity.columns[0] ?? '', ...query.select])] : entity.columns).map(dimension)
  }
  return [
    ...(query.groupBy ?? []).map(dimension),
    ...query.measures.map((name): Column => ({ name, role: 'measure', type: measureType(name, entity) })),
  ]
}

export function answerOf(query: BusinessQuery, rows: Row[], more: Partial<QueryAnswer> = {}): QueryAnswer {
  return {
    columns: columnsOf(query),
    rows,
    totals: {},
    source: 'live',
    asOf: now.toISOString(),
    completeness: { kind: 'complete' },
    timing: { planMs: 0, erpMs: 1, workMs: 0, calls: 1 },
    ...more,
  }
}
