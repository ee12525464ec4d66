import { expect, test } from 'vitest'
import { loadCatalog } from '#catalog'
import { createReader } from '../create-reader.ts'
import { buildNameIndex } from '../names/name-index.ts'
import { rankEntities } from '../plan/rank-entities.ts'
import { addTopic, preferTopic, topicWordsOf } from './read-topic.ts'

const catalog = loadCatalog('catalog', 'demo-odata')
const index = buildNameIndex(catalog, [{ domain: 'customer', name: '한빛상사' }])
const reader = createReader(catalog, () => index)
const topic = {
  entity: 'sales',
  measure: 'amount',
  probability: 0.9,
  words: ['긁어모았어', '긁어모았나요', 'bought'],
}

function entitiesOf(text: string, about = topic): string[] {
  const reading = reader.read(text, '2026-11-23')
  const told = addTopic(catalog, reading, about, rankEntities(catalog, reading))
  return told === reading
    ? []
    : rankEntities(catalog, told).flatMap(({ entity, named }) => (named > 1 ? [entity.entity] : []))
}

test.each(['이번 달 얼마나 긁어모았어', '한빛상사에서 얼마 긁어모았나요', '우리 얼마 긁어모았니'])(
  '%s is about sales',
  (text) => {
    expect(entitiesOf(text)).toEqual(['sales'])
  },
)

test.each([
  ['a word that the topic does not know', '로또로 얼마나 긁어모았어', topic],
  ['no word of the topic', '이번 달 얼마나 됐어', topic],
  ['a catalog word that names another entity', '재고 얼마나 긁어모았어', topic],
  ['a model that is not sure', '이번 달 얼마나 긁어모았어', { ...topic, probability: 0.4 }],
  ['an entity that this catalog has not', '이번 달 얼마나 긁어모았어', { ...topic, entity: 'lottery' }],
])('%s keeps it out', (_, text, about) => {
  expect(entitiesOf(text, about)).toEqual([])
})

test('where nothing else could be answered the topic is believed over a verb of another entity', () => {
  const reading = reader.read('which customer bought the most', '2026-11-23')
  const told = preferTopic(catalog, reading, topic)
  expect(told && rankEntities(catalog, told)[0]?.entity.entity).toBe('sales')
  expect(preferTopic(catalog, reading, { ...topic, words: ['earned'] })).toBeUndefined()
})

test('words of a topic are those that general questions do not have', () => {
  const wording = [
    { label: 'ask', texts: ['{word} 얼마야', '얼마나 돼'] },
    { label: 'sales.amount', texts: ['얼마나 벌었어', '{time} 번 돈 얼마야'] },
    { label: 'greeting', texts: ['안녕'] },
  ]
  expect(topicWordsOf(wording)).toEqual({ 'sales.amount': ['돈', '번', '벌었어'] })
})
