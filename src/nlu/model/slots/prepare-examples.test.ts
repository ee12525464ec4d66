import { expect, test } from 'vitest'
import type { Example } from '../example.ts'
import { prepareExamples } from './prepare-examples.ts'

const say = (word: string, isLabelled: boolean): Example => ({
  text: `${word} 좋아`,
  intent: 'x',
  spans: isLabelled ? [[0, word.length, 'place']] : [],
})

test('a text does not see its own label among known phrases, but sees those of others', () => {
  const featuresOf = (words: string[], isLabelled: boolean) =>
    prepareExamples(
      words.map((word) => say(word, isLabelled)),
      {},
    ).hashes
  expect(featuresOf(['수원', '목포'], true)).toEqual(featuresOf(['수원', '목포'], false))
  expect(featuresOf(['수원', '수원'], true).length).toBeGreaterThan(featuresOf(['수원', '수원'], false).length)
})

test('leaves out spans that begin or end inside a token, and texts without tokens', () => {
  const examples: Example[] = [
    {
      text: '서울 좋아',
      intent: 'x',
      spans: [
        [0, 1, 'place'],
        [3, 5, 'mood'],
      ],
    },
    { text: '   ', intent: 'x', spans: [] },
  ]
  const { lessons, slots } = prepareExamples(examples, {})
  expect(slots).toEqual(['mood', 'place'])
  expect(lessons.map(({ labels }) => [...labels])).toEqual([[0, 4]])
})
