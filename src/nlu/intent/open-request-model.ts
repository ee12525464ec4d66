import { createHash } from 'node:crypto'
import { globSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { IntentModel, loadIntentModel, saveIntentModel, trainIntentModel } from '../model/index.ts'
import { trainingFolder } from '../training/read-patterns.ts'
import { trainNameKinds } from './name-kinds.ts'
import { topicWordsOf, wordsOf } from './read-topic.ts'
import { readRequestExamples, readRequestWording } from './request-examples.ts'
import { createRequestModel, type RequestFacts, type RequestModel } from './request-model.ts'

const codeFolder = join(import.meta.dirname, '..')
/** Beside the packages, where tools keep what they can make again. */
const defaultCache = join(import.meta.dirname, '../../../node_modules/.cache/erp-chatbot')

/** The training files and the code that makes a model of them: whatever changes either makes another model. */
function fingerprint(folder: string): string {
  const data = globSync(['phrases.yaml', 'names.yaml', 'requests/*.yaml'], { cwd: folder }).map((name) =>
    join(folder, name),
  )
  const code = globSync(['{intent,training,model,text}/**/*.ts'], { cwd: codeFolder })
    .filter((name) => !name.endsWith('.test.ts'))
    .map((name) => join(codeFolder, name))
  const hash = createHash('sha256')
  for (const path of [...data.sort(), ...code.sort()]) hash.update(readFileSync(path)).update('\0')
  return hash.digest('hex').slice(0, 16)
}

/** Sentences of a label, as `readRequestWording` gives them. */
type Wording = { label: string; texts: string[] }

/** A trained model with what the reading of requests needs to know beside it: the words of the training files and of `taught`. */
export function giveFacts({ parts }: IntentModel, version: string, taught: readonly Wording[] = []): IntentModel {
  return addFacts(parts, version, [...readRequestWording(), ...taught])
}

function addFacts(parts: IntentModel['parts'], version: string, wording: readonly Wording[]): IntentModel {
  const asking = wording.filter(({ label }) => label === 'ask' || label.includes('.')).flatMap(({ texts }) => texts)
  const askWords = [...new Set(asking.flatMap(wordsOf))].sort()
  const facts: RequestFacts = { version, topicWords: topicWordsOf(wording), askWords }
  return new IntentModel({ ...parts, facts: { ...parts.facts, ...facts } })
}

/** Trains the model of requests on the training files; a few seconds. */
function trainRequests(folder: string, version: string): IntentModel {
  const { parts } = trainIntentModel(readRequestExamples(folder), { size: 'quick' })
  return addFacts(parts, version, readRequestWording(folder))
}

function loadKept(path: string): IntentModel | undefined {
  try {
    return loadIntentModel(path)
  } catch {
    return undefined
  }
}

const mostKept = 4

/** Removes all but the newest models of the same kind: every change of data or code leaves one behind. */
function forgetOthers(path: string): void {
  const folder = dirname(path)
  const [kind = ''] = basename(path).split('-')
  const byAge = globSync(`${kind}-*.model`, { cwd: folder })
    .map((name) => ({ name, at: statSync(join(folder, name)).mtimeMs }))
    .sort((a, b) => b.at - a.at)
  for (const { name } of byAge.slice(mostKept)) rmSync(join(folder, name), { force: true })
}

/** The model kept at `path`, else trained now and kept there. A place that cannot be written costs the training, nothing else. */
function keepModel(path: string, train: () => IntentModel): IntentModel {
  const kept = loadKept(path)
  if (kept) return kept
  const model = train()
  try {
    mkdirSync(dirname(path), { recursive: true })
    saveIntentModel(model, path)
    forgetOthers(path)
  } catch {
    // Read-only installations train at every start.
  }
  return model
}

/** The models that come with the program: of requests, and of what a word may be the name of. */
export type BuiltInModels = { version: string; requests: IntentModel; names: IntentModel }

/** The program's own models: kept in `cache` from the last start when made of these files by this code, else trained. */
export function openBuiltInModels({ folder = trainingFolder, cache = defaultCache } = {}): BuiltInModels {
  const version = fingerprint(folder)
  const requests = keepModel(join(cache, `requests-${version}.model`), () => trainRequests(folder, version))
  const names = keepModel(join(cache, `names-${version}.model`), () => trainNameKinds(folder))
  return { version, requests, names }
}

/** The product's own model of requests, as `openBuiltInModels` has it. */
export function openRequestModel(places: { folder?: string; cache?: string } = {}): RequestModel {
  const { requests, names } = openBuiltInModels(places)
  return createRequestModel(requests, names)
}

/** The code that makes features of texts: a model is good only under that which it was evaluated with. */
export function featureCodeVersion(): string {
  const hash = createHash('sha256')
  const files = globSync(['{model,text}/**/*.ts'], { cwd: codeFolder }).filter((name) => !name.endsWith('.test.ts'))
  for (const name of files.sort()) hash.update(readFileSync(join(codeFolder, name))).update('\0')
  return hash.digest('hex').slice(0, 16)
}

/** The product's own model, opened when the first sentence comes and kept. */
export function keepRequestModel(): () => RequestModel {
  let model: RequestModel | undefined
  return () => {
    model ??= openRequestModel()
    return model
  }
}
