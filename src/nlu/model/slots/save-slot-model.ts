import { loadArtifact, saveArtifact } from '../artifact.ts'
import { fromSlotArtifact, toSlotArtifact } from './slot-artifact.ts'
import type { SlotModel } from './slot-model.ts'

/** Writes the model to a file, whole or not at all. Returns its size in bytes. */
export function saveSlotModel(model: SlotModel, path: string): number {
  return saveArtifact(toSlotArtifact(model), path)
}

/** Reads a model. Throws an AppError when the file is not what was saved, SlotArtifactFault when its weights do not fit. */
export function loadSlotModel(path: string): SlotModel {
  return fromSlotArtifact(loadArtifact(path, 'slots'))
}
