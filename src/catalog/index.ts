export type { BusinessQuery, Condition, Grain, MeasurePrefix, Operator, Period } from './business-query.ts'
export {
  businessQuerySchema,
  grains,
  isWithinLimits,
  operators,
  splitDimension,
  splitMeasure,
} from './business-query.ts'
export type { CatalogFault } from './catalog-file.ts'
export { type ChangeRule, type ChangesMapping, followedEntities } from './changes-schema.ts'
export { completeQuery } from './complete-query.ts'
export { heldEntity, isHeld } from './held.ts'
export { checkCatalog, loadCatalog } from './load-catalog.ts'
export type { ErpMapping, FrappeMapping, ODataMapping, OdooMapping } from './mapping-schema.ts'
export type { PermittedQuery, RowFilter } from './permitted-query.ts'
export { permitQuery } from './permitted-query.ts'
export { shapeOf } from './query-shape.ts'
export type { Catalog, Dimension, Domain, Entity, Labels, Language, Measure } from './schema.ts'
