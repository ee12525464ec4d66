import { expect, test } from 'vitest'
import { en as adminEn } from '../admin/words/en.ts'
import { ko as adminKo } from '../admin/words/ko.ts'
import { en as subscriptionsEn } from '../subscriptions/words/en.ts'
import { ko as subscriptionsKo } from '../subscriptions/words/ko.ts'
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

const trees = [
  { name: 'chat', korean: ko, english: en },
  { name: 'admin console', korean: adminKo, english: adminEn },
  { name: 'subscriptions', korean: subscriptionsKo, english: subscriptionsEn },
]

test.each(trees)('both languages have the same keys: $name', ({ korean, english }) => {
  expect(leaves(english).map(([key]) => key)).toEqual(leaves(korean).map(([key]) => key))
})

test.each(trees)('every sentence has text and the same blanks to fill: $name', ({ korean, english }) => {
  const others = new Map(leaves(english))
  for (const [key, text] of leaves(korean)) {
    expect(text.trim(), key).not.toBe('')
    expect(others.get(key)?.trim(), key).not.toBe('')
    expect(places(others.get(key) ?? ''), key).toEqual(places(text))
  }
})
