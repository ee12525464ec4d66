import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { trainingFolder } from '../training/read-patterns.ts'
import { createAsidePatterns, readAsideWords } from './aside-words.ts'
import { readPushWords } from './channel-words.ts'
import { createPlainWords, readPlainWords } from './plain-words.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'word-files-'))
  for (const file of ['plain-words.yaml', 'asides.yaml', 'channels.yaml'])
    cpSync(join(trainingFolder, file), join(folder, file))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Edits one file of the copy. */
function edit(file: string, from: string | RegExp, to: string): void {
  const path = join(folder, file)
  const text = readFileSync(path, 'utf8')
  expect(text).toMatch(from)
  writeFileSync(path, text.replace(from, to))
}

test('a word that a company adds says nothing from then on', () => {
  expect(createPlainWords(readPlainWords(folder)).isPlainKorean('거시기를', 'start')).toBe(false)
  edit('plain-words.yaml', 'words: >\n', 'words: >\n  거시기\n')
  edit('plain-words.yaml', 'english: >\n', 'english: >\n  heya\n')
  const { isPlainKorean, isPlainEnglish } = createPlainWords(readPlainWords(folder))
  expect(isPlainKorean('거시기를', 'start')).toBe(true)
  expect(isPlainEnglish('heya')).toBe(true)
})

test('a word longer than all others is known whole', () => {
  edit('plain-words.yaml', 'words: >\n', 'words: >\n  여차저차하여튼간에\n')
  expect(createPlainWords(readPlainWords(folder)).isPlainKorean('여차저차하여튼간에는', 'start')).toBe(true)
})

test('an ending that a company adds closes a clause that can be left out', () => {
  const says = (text: string) => createAsidePatterns(readAsideWords(folder)).isStatement.test(text)
  expect(says('처음 왔당께')).toBe(false)
  edit('asides.yaml', 'endings:\n', 'endings:\n  - 당께[요]\n')
  expect(says('처음 왔당께')).toBe(true)
  expect(says('처음 왔당께요.')).toBe(true)
})

test('a way that a company says push is one', () => {
  expect(readPushWords(folder).test('사내 톡으로 알려줘')).toBe(false)
  edit('channels.yaml', 'push:\n', 'push:\n  - (사내|회사) 톡\n  - ping\n')
  const byPush = readPushWords(folder)
  expect(['사내 톡으로 알려줘', '회사톡으로', 'ping me', '앱알림'].map((text) => byPush.test(text))).toEqual([
    true,
    true,
    true,
    true,
  ])
  expect(byPush.test('shipping')).toBe(false)
})

test.each([
  ['plain-words.yaml', 'words: >\n', 'words: >\n  abc\n', /plain-words\.yaml:\d+: words: 'abc' is no word of Hangul/],
  ['plain-words.yaml', 'words: >\n', 'words: >\n  우리\n', /plain-words\.yaml:\d+: words: '우리' stands there twice/],
  ['plain-words.yaml', 'endings: >\n', 'endings: >\n  니다\n', /plain-words\.yaml:\d+: endings: '니다' is no syllable/],
  [
    'plain-words.yaml',
    'english: >\n',
    'english: >\n  Hello\n',
    /plain-words\.yaml:\d+: english: 'Hello' is no English/,
  ],
  ['plain-words.yaml', 'tails: >', 'tail: >', /plain-words\.yaml:\d+: tails/],
  ['asides.yaml', 'endings:\n', 'endings:\n  - (는|은데\n', /asides\.yaml:\d+: endings: no '\)'/],
  ['channels.yaml', /push:[\s\S]*/, 'push: []\n', /channels\.yaml:\d+: push/],
])('a fault in %s is refused and told by file and line', (file, from, to, message) => {
  edit(file, from, to)
  const read = () => [readPlainWords(folder), readAsideWords(folder), readPushWords(folder)]
  expect(read).toThrow(message)
})

test('signs in a phrase stand for themselves', () => {
  edit('channels.yaml', 'push:\n', 'push:\n  - a.c\n')
  expect(readPushWords(folder).test('abc')).toBe(false)
})
