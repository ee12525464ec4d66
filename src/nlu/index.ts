export { type Calibration, calibrateConfidence } from './confidence/calibrate.ts'
export { writeConfidence } from './confidence/rate-decision.ts'
export { type ExpectedReading, isSameReading } from './confidence/same-reading.ts'
export { createExplainer } from './explain.ts'
export { movePeriod } from './grammar/move-period.ts'
export {
  type BuiltInModels,
  featureCodeVersion,
  giveFacts,
  openBuiltInModels,
  openRequestModel,
} from './intent/open-request-model.ts'
export { readRequestExamples, readRequestLabels } from './intent/request-examples.ts'
export { createRequestModel, type RequestModel } from './intent/request-model.ts'
export { createShaper, type Shape, type Shaper } from './intent/shape-sentence.ts'
export { areaUnderCurve, calibrationError } from './model/evaluate-intents.ts'
export {
  type Classification,
  type Example,
  ExampleFault,
  evaluateIntents,
  type IntentEvaluation,
  IntentModel,
  type IntentModelOptions,
  loadIntentModel,
  outOfScopeIntent,
  readExamples,
  saveIntentModel,
  trainIntentModel,
} from './model/index.ts'
export {
  joinParticles,
  loadSlotModel,
  type SlotModel,
  saveSlotModel,
  scoreSpans,
  trainSlotModel,
} from './model/slots/index.ts'
export { createPostgresNameStore } from './name-store.postgres.ts'
export type { NameStore, Names } from './name-store.ts'
export { createNameIndexer } from './names/create-name-indexer.ts'
export { buildNameIndex, type NameIndex } from './names/name-index.ts'
export { type GrammarSpan, type IsoRange, readSpans } from './read-spans.ts'
export { connectUnderstanding, type UnderstandingClient } from './rpc/connect-understanding.ts'
export { rpcErrors } from './rpc/errors.ts'
export { serveUnderstanding } from './rpc/serve-understanding.ts'
export { createUnderstanding } from './understand.ts'
export type {
  DialogueState,
  ExportFormat,
  Intent,
  ManageRequest,
  Mention,
  NameEntry,
  Understand,
  Understanding,
  UnderstandReply,
  UnderstandRequest,
  View,
} from './understanding.ts'
export { watchNames } from './watch-names.ts'
