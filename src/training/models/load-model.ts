import { randomUUID } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type IntentModel, loadIntentModel, saveIntentModel } from '#nlu'
import { AppError } from '#platform/errors'
import { trainingErrors } from '../errors.ts'

/** Loading and saving go by files; these lie in the system's temporary folder for that moment only, readable by us alone. */
function withFile<T>(work: (path: string) => T): T {
  const path = join(tmpdir(), `erp-chatbot-${randomUUID()}.model`)
  try {
    return work(path)
  } finally {
    rmSync(path, { force: true })
  }
}

/** The model of an artifact's bytes. Throws TRAINING_MODEL_UNREADABLE when they are none. */
export function decodeModel(content: Buffer): IntentModel {
  return withFile((path) => {
    writeFileSync(path, content, { mode: 0o600 })
    try {
      return loadIntentModel(path)
    } catch (cause) {
      throw new AppError(trainingErrors.modelUnreadable, { cause })
    }
  })
}

export function encodeModel(model: IntentModel): Buffer {
  return withFile((path) => {
    saveIntentModel(model, path)
    return readFileSync(path)
  })
}
