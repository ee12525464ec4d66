import { splitMeasure } from '#catalog'
import { isSameReading, type Understanding } from '#nlu'
import type { Verdict } from './review-store.ts'

const talk = ['greeting', 'thanks', 'help']

/**
 * Whether a reading is what a person said the question means: the whole query where they gave it, else the topic, else that it is a
 * question, small talk, or nothing the ERP knows.
 */
export function isReadAs({ label, query }: Verdict, got: Understanding): boolean {
  if (query)
    return got.query !== undefined && isSameReading({ intent: 'query', query }, { intent: 'query', query: got.query })
  if (label.includes('.')) {
    const [entity, measure] = label.split('.')
    const [first] = got.query?.measures ?? []
    return (
      got.query?.entity === entity &&
      (measure === '' || (first !== undefined && splitMeasure(first).measure === measure))
    )
  }
  if (label === 'ask') return got.intent !== 'out_of_scope' && !talk.includes(got.intent)
  if (talk.includes(label)) return got.intent === label
  return got.intent === 'out_of_scope' && (label !== 'write' || got.reason === 'write')
}
