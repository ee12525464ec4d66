import { readRequestLabels } from '#nlu'
import type { RunStep } from '../jobs/job-context.ts'

/** How far back turns are looked at. */
const days = 35

/** Finds what people did that the model can learn from. Nothing that anybody wrote is copied: candidates name their turns. */
export const collect: RunStep = async ({ data }) => {
  const topics = readRequestLabels().filter((label) => label.includes('.'))
  return { kind: 'done', result: { causes: await data.findCandidates(days, topics) } }
}
