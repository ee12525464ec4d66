import { type Artifact, loadArtifact, saveArtifact, type Weights } from './artifact.ts'
import type { FeatureSettings } from './features/hash-features.ts'
import type { Member } from './intent/members.ts'
import { IntentModel, type IntentParts } from './intent-model.ts'

const kind = 'intent'

type Facts = Omit<IntentParts, 'features' | 'members' | 'certainty' | 'doubt'> & {
  features: FeatureSettings
  members: Pick<Member, 'kind' | 'temperature'>[]
}

/** The model as an artifact, ready for a file. */
function toArtifact({ parts }: IntentModel): Artifact {
  const { features, members, certainty, doubt, ...rest } = parts
  const facts: Facts = {
    ...rest,
    features: features.settings,
    members: members.map(({ kind, temperature }) => ({ kind, temperature })),
  }
  const { hashes, groups, weights } = features
  const arrays = members.flatMap((member, i) =>
    Object.entries(member.weights).map(([name, array]): [string, Weights] => [`${i}.${name}`, array]),
  )
  return { kind, facts, weights: { hashes, groups, weights, certainty, doubt, ...Object.fromEntries(arrays) } }
}

/** The model of an artifact: it predicts bit for bit what the saved one did. */
function fromArtifact({ facts, weights }: Artifact): IntentModel {
  const { features, members, ...rest } = facts as Facts
  const { hashes, groups, weights: idf, certainty, doubt, ...arrays } = weights
  return new IntentModel({
    ...rest,
    features: {
      settings: features,
      hashes: hashes as Uint32Array,
      groups: groups as Uint8Array,
      weights: idf as Float32Array,
    },
    certainty: certainty as Float64Array,
    doubt: doubt as Float64Array,
    members: members.map((member, i) => ({
      ...member,
      weights: Object.fromEntries(
        Object.entries(arrays).flatMap(([name, array]): [string, Weights][] =>
          name.startsWith(`${i}.`) ? [[name.slice(`${i}.`.length), array]] : [],
        ),
      ),
    })),
  })
}

/** Writes the model to a file, whole or not at all. Returns its size in bytes. */
export function saveIntentModel(model: IntentModel, path: string): number {
  return saveArtifact(toArtifact(model), path)
}

/** Reads a model. Throws an AppError when the file is missing, of another version, or not what was saved. */
export function loadIntentModel(path: string): IntentModel {
  return fromArtifact(loadArtifact(path, kind))
}
