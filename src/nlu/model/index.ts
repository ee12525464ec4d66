// The model that learns intents from labelled examples: everything other folders may use of it.
export { evaluateIntents, type IntentEvaluation } from './evaluate-intents.ts'
export { type Example, ExampleFault, outOfScopeIntent, readExamples } from './example.ts'
export { type Classification, IntentModel } from './intent-model.ts'
export { loadIntentModel, saveIntentModel } from './save-intent-model.ts'
export { type IntentModelOptions, trainIntentModel } from './train-intent-model.ts'
