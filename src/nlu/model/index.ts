// The model that learns intents from labelled examples: everything other folders may use of it.
export { type Artifact, decodeArtifact, encodeArtifact, loadArtifact, saveArtifact } from './artifact.ts'
export { modelErrors } from './errors.ts'
export {
  areaUnderCurve,
  calibrationError,
  evaluateIntents,
  type IntentEvaluation,
} from './evaluate-intents.ts'
export { type Example, ExampleFault, outOfScopeIntent, readExamples } from './example.ts'
export { type Classification, IntentModel, type RankedIntent } from './intent-model.ts'
export { loadIntentModel, saveIntentModel } from './save-intent-model.ts'
export { hashExamples, type IntentModelOptions, trainIntentModel } from './train-intent-model.ts'
