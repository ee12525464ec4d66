import { expect, test } from 'vitest'
import { keepRecent } from './keep-recent.ts'

function countMade(most: number) {
  const made: string[] = []
  const read = keepRecent(most, (text) => {
    made.push(text)
    return { text }
  })
  return { made, read }
}

test('what was made of a text is given out again', () => {
  const { made, read } = countMade(3)
  expect(read('a')).toBe(read('a'))
  expect(read('b')).toEqual({ text: 'b' })
  expect(made).toEqual(['a', 'b'])
})

test('the last texts are remembered, and no more than twice as many', () => {
  const { made, read } = countMade(3)
  for (const text of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) read(text)
  made.length = 0
  for (const text of ['g', 'f', 'e', 'd']) read(text)
  expect(made).toEqual([])
  read('a')
  expect(made).toEqual(['a'])
})

test('what is asked for again and again stays, however much comes between', () => {
  const { made, read } = countMade(2)
  for (const text of ['a', 'b', 'a', 'c', 'a', 'd', 'a', 'e', 'a']) read(text)
  expect(made.filter((text) => text === 'a')).toEqual(['a'])
})
