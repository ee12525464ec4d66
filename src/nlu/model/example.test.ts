import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { ExampleFault, readExamples } from './example.ts'

const folder = mkdtempSync(join(tmpdir(), 'examples-'))

test('reads examples, plain and compressed, and leaves empty lines out', () => {
  const text = '{"text":"불 꺼 줘","intent":"light_off","spans":[[0,1,"device"]]}\n\n{"text":"안녕","intent":"greet"}\n'
  writeFileSync(join(folder, 'a.jsonl'), text)
  writeFileSync(join(folder, 'a.jsonl.gz'), gzipSync(text))
  const examples = readExamples(join(folder, 'a.jsonl'))
  expect(examples).toEqual([
    { text: '불 꺼 줘', intent: 'light_off', spans: [[0, 1, 'device']] },
    { text: '안녕', intent: 'greet' },
  ])
  expect(readExamples(join(folder, 'a.jsonl.gz'))).toEqual(examples)
})

test.each([
  ['not JSON', '{"text":'],
  ['a span must lie inside the text', '{"text":"ab","intent":"x","spans":[[1,3,"s"]]}'],
  ['intent', '{"text":"ab"}'],
])('names the line of a fault: %s', (message, line) => {
  const path = join(folder, 'bad.jsonl')
  writeFileSync(path, `{"text":"a","intent":"b"}\n${line}\n`)
  expect(() => readExamples(path)).toThrow(ExampleFault)
  expect(() => readExamples(path)).toThrow(`bad.jsonl:2: `)
  expect(() => readExamples(path)).toThrow(message)
})
