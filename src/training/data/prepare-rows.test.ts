import { expect, test } from 'vitest'
import { groupAlike, similarityOf } from './near-duplicates.ts'
import { type LabelledShape, prepareRows } from './prepare-rows.ts'

const said = (text: string, intent: string, origin: LabelledShape['origin'] = 'collected') => ({ text, intent, origin })

test('texts that say nearly the same are of one group, others are not', async () => {
  const groups = await groupAlike([
    '물려 있는 돈 얼마야',
    '오늘 날씨 어때',
    '물려 있는 돈 얼마야?',
    '물려 있는 돈  얼마야',
  ])
  expect(groups[2]).toBe(groups[0])
  expect(groups[3]).toBe(groups[0])
  expect(groups[1]).not.toBe(groups[0])
  expect(similarityOf('매출 얼마야', '매출 얼마야')).toBe(1)
})

test('no group is on both sides, and nothing near a sentence of the program is measured by', async () => {
  const shapes = Array.from({ length: 400 }, (_, i) => said(`서로 다른 말 ${i % 100} 번째 ${'가나다라'[i % 4]}`, 'ask'))
  const builtIn = said('서로 다른 말 7 번째 문장', 'ask', 'built-in')
  const rows = await prepareRows([...shapes, builtIn])
  const sides = Map.groupBy(rows, ({ group }) => group)
  for (const all of sides.values()) expect(new Set(all.map(({ split }) => split)).size).toBe(1)
  const own = rows.find(({ origin }) => origin === 'built-in')
  expect(rows.filter(({ group, split }) => group === own?.group && split === 'test')).toEqual([])
  const many = await prepareRows(Array.from({ length: 300 }, (_, i) => said(`${i * 7919} ${i * 104729}`, 'ask')))
  const share = many.filter(({ split }) => split === 'test').length / many.length
  expect(share).toBeGreaterThan(0.1)
  expect(share).toBeLessThan(0.3)
})

test('a person’s label counts more than the program’s, and that more than what was guessed; a tie teaches nothing', async () => {
  const rows = await prepareRows([
    said('가', 'ask', 'built-in'),
    said('가', 'thanks', 'reviewed'),
    said('나', 'help', 'built-in'),
    said('나', 'thanks'),
    said('다', 'help'),
    said('다', 'thanks'),
  ])
  expect(rows.map(({ text, intent }) => [text, intent])).toEqual([
    ['가', 'thanks'],
    ['나', 'help'],
  ])
})

test('what was collected does not outweigh what the program brings, and order does not matter', async () => {
  const shapes = [
    ...Array.from({ length: 900 }, (_, i) => said(`${i * 7919} 말`, 'ask')),
    ...Array.from({ length: 300 }, (_, i) => said(`본래 ${i}`, 'ask', 'built-in')),
  ]
  const rows = await prepareRows(shapes)
  expect(rows.filter(({ origin }) => origin === 'collected')).toHaveLength(300)
  expect(await prepareRows(shapes.toReversed())).toEqual(rows)
})
