import type { Catalog } from '#catalog'
import { createReader } from './create-reader.ts'
import { readAppearance } from './grammar/appearance.ts'
import { exposeNames } from './intent/hidden-name.ts'
import { keepRequestModel } from './intent/open-request-model.ts'
import { addTopic } from './intent/read-topic.ts'
import { judgeRequest, type RequestKind } from './intent/request-kind.ts'
import type { RequestModel } from './intent/request-model.ts'
import type { NameIndex } from './names/name-index.ts'
import type { EntityScore } from './plan/choose-entity.ts'
import { forgiveNamedCounts } from './plan/named-counts.ts'
import { rankEntities } from './plan/rank-entities.ts'
import type { Reading } from './read-text.ts'
import type { UnderstandRequest } from './understanding.ts'

/** `names` and `model` are asked for at every sentence, so that both can be exchanged while serving; `text` may choose the model. */
export type DeciderDeps = { catalog: Catalog; names: () => NameIndex; model?: (text: string) => RequestModel }

/** Everything that one utterance is decided on. */
export type Turn = {
  catalog: Catalog
  model: RequestModel
  request: UnderstandRequest
  reading: Reading
  kind: RequestKind
  /** Asked to be told when something appears. */
  isOfNew: boolean
  ranked: EntityScore[]
  /** As it was read before a topic was put into it. */
  before: { reading: Reading; ranked: EntityScore[] }
}

/** Makes a function that reads a sentence and judges what it is about. Indexes the catalog's words once. */
export function createPreparer({
  catalog,
  names,
  model = keepRequestModel(),
}: DeciderDeps): (request: UnderstandRequest) => Turn {
  const reader = createReader(catalog, names)
  return (request) => {
    const current = model(request.text)
    const remaining = readAppearance(request.text)
    const read = forgiveNamedCounts(catalog, reader.read(remaining ?? request.text, request.today))
    const said = exposeNames(read, current.guessName)
    const kind = judgeRequest(current, said)
    const named = rankEntities(catalog, said)
    const reading = addTopic(catalog, said, kind.topic, named)
    return {
      ...{ catalog, model: current, request, reading, kind, isOfNew: remaining !== undefined },
      ranked: reading === said ? named : rankEntities(catalog, reading),
      before: { reading: said, ranked: named },
    }
  }
}
