import { parseArgs } from 'node:util'
import { readExamples, saveIntentModel, trainIntentModel } from '#nlu'

// The product's own trainer: `node built-in-process.ts --train FILE.jsonl --save FILE`.
const { values } = parseArgs({ options: { train: { type: 'string' }, save: { type: 'string' } } })
const { train = '', save = '' } = values
const tell = (progress: number) => process.stdout.write(`${JSON.stringify({ progress })}\n`)
const examples = readExamples(train)
tell(0.1)
const model = trainIntentModel(examples, { size: 'quick' })
tell(0.95)
saveIntentModel(model, save)
tell(1)
