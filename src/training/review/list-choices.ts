import type { Catalog } from '#catalog'
import type { ReviewChoices } from './api.ts'

/** The catalog as choices for whoever says what a question means. */
export function listChoices({ entities }: Catalog, labels: readonly string[]): ReviewChoices {
  return {
    labels: [...labels],
    entities: Object.values(entities).map(({ entity, label, period, measures, dimensions }) => ({
      ...{ entity, label },
      ...(period !== undefined && { period }),
      measures: Object.entries(measures).map(([name, measure]) => ({ name, label: measure.label })),
      dimensions: Object.entries(dimensions).map(([name, dimension]) => ({
        ...{ name, label: dimension.label, type: dimension.type },
        ...(dimension.type === 'code' && {
          values: Object.entries(dimension.values).map(([value, one]) => ({ value, label: one.label })),
        }),
      })),
    })),
  }
}
