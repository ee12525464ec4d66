import fc from 'fast-check'
import { expect, test } from 'vitest'
import { slipDistance } from '../text/jamo.ts'
import { buildJamoTrie } from './jamo-trie.ts'

/** Few letters, so that words come close to each other: easily confused ones, weak ones, digits. */
const word = fc.string({
  unit: fc.constantFrom('ㄱ', 'ㅋ', 'ㅏ', 'ㅑ', 'ㅡ', 'ㅇ', 'a', '1'),
  minLength: 1,
  maxLength: 8,
})

test('finds what comparing with every word finds, as many slips off', () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 40 }), word, fc.constantFrom(0, 0.5, 1, 1.5, 2), (words, target, limit) => {
      const found: [number, number][] = []
      buildJamoTrie(words).search(target, limit, (index, slips) => found.push([index, slips]))
      const wanted = words.flatMap((one, index): [number, number][] => {
        const slips = slipDistance(one, target, limit)
        return Number.isFinite(slips) ? [[index, slips]] : []
      })
      expect(found.sort((a, b) => a[0] - b[0])).toEqual(wanted)
    }),
    { numRuns: 500 },
  )
})

test('a word with a letter more or less, one changed, two swapped', () => {
  const words = ['ㄱㅏㄴㅏ', 'ㄱㅏㄴㅏㄷ', 'ㄱㅏㄴ', 'ㄱㅏㄷㅏ', 'ㅏㄱㄴㅏ', 'ㄷㅗㅁㅣ']
  const found: number[] = []
  buildJamoTrie(words).search('ㄱㅏㄴㅏ', 1, (index) => found.push(index))
  expect(found.sort()).toEqual([0, 1, 2, 3, 4])
})

test('nothing is near a text of no letters, or of a hundred', () => {
  const found: number[] = []
  const trie = buildJamoTrie(['a', 'a'.repeat(100)])
  for (const text of ['', 'a'.repeat(100)]) trie.search(text, 2, (index) => found.push(index))
  expect(found).toEqual([])
})
