import { expect, test } from 'vitest'
import { en } from './en.ts'
import { ko } from './ko.ts'

type Tree = { [key: string]: string | Tree }

/** Every leaf as `path → text`. */
function leaves(tree: Tree, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[`${path}${key}`, value]] : leaves(value, `${path}${key}.`),
  )
}

const places = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1]).sort()

test('both languages have the same keys', () => {
  expect(leaves(en).map(([key]) => key)).toEqual(leaves(ko).map(([key]) => key))
})

test('every sentence has text and the same blanks to fill', () => {
  const english = new Map(leaves(en))
  for (const [key, text] of leaves(ko)) {
    expect(text.trim(), key).not.toBe('')
    expect(places(english.get(key) ?? ''), key).toEqual(places(text))
  }
})
