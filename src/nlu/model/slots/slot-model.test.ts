import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Artifact, saveArtifact } from '../artifact.ts'
import type { Example } from '../example.ts'
import {
  fromSlotArtifact,
  loadSlotModel,
  SlotArtifactFault,
  saveSlotModel,
  scoreSpans,
  toSlotArtifact,
  trainSlotModel,
} from './index.ts'

const cities = ['서울', '부산', '대전', '광주', '인천', '강릉']
const days = ['오늘', '내일', '모레', '다음 주 월요일']

function toy(city: string, day: string): Example {
  const text = `${day} ${city}에서 회의 잡아`
  const at = day.length + 1
  const spans: Example['spans'] = [
    [0, day.length, 'date'],
    [at, at + city.length, 'place'],
  ]
  return { text, intent: 'meeting', spans }
}

const taught = cities.slice(0, 5).flatMap((city) => days.map((day) => toy(city, day)))
const examples = [...taught, ...taught, { text: '불 꺼', intent: 'light', spans: [] }]
const intentOf = (text: string) => (text.includes('회의') ? 'meeting' : 'light')
const gazetteers = { towns: ['제주시'] }
const model = trainSlotModel(examples, { seed: 1, intentOf, gazetteers })

test('learns a pattern and finds a name it has never seen', () => {
  const unseen = toy('강릉', '모레')
  expect(scoreSpans([unseen], (text) => model.tag(text, { intent: 'meeting' })).f1).toBe(1)
  const [date, place] = model.tag(unseen.text, { intent: 'meeting' })
  expect(date).toMatchObject({ start: 0, end: 2, slot: 'date' })
  expect(place).toMatchObject({ start: 3, end: 5, slot: 'place' })
  expect(date?.probability).toBeGreaterThan(0.5)
  expect(date?.probability).toBeLessThanOrEqual(1)
})

test('knows the names of a list from words that look alike', () => {
  const [places, foods] = ['수원 전주 목포 여수 속초'.split(' '), '사과 감자 우유 두부 김치'.split(' ')]
  const say = (word: string, slot: string): Example => ({ text: `${word} 좋아`, intent: 'x', spans: [[0, 2, slot]] })
  const said = [...places.map((word) => say(word, 'place')), ...foods.map((word) => say(word, 'food'))]
  const lists = { towns: [...places, '통영'], groceries: [...foods, '호박'] }
  const { tag } = trainSlotModel([...said, ...said], { seed: 1, gazetteers: lists })
  expect(tag('통영 좋아')[0]?.slot).toBe('place')
  expect(tag('호박 좋아')[0]?.slot).toBe('food')
})

test('tags without an intent, and any text', () => {
  expect(model.tag('내일 부산에서 회의 잡아').map(({ slot }) => slot)).toEqual(['date', 'place'])
  for (const text of ['', ' '.repeat(5000), '\ud83d 서울', '가'.repeat(20_000), '에서는 '.repeat(3000)])
    expect(() => model.tag(text)).not.toThrow()
})

test('the same examples and seed give the same model; an artifact gives it back', () => {
  const again = trainSlotModel(examples, { seed: 1, intentOf, gazetteers })
  const artifact = toSlotArtifact(model)
  expect(toSlotArtifact(again)).toEqual(artifact)
  expect(toSlotArtifact(trainSlotModel(examples, { seed: 2, intentOf }))).not.toEqual(artifact)
  const read = fromSlotArtifact({ ...artifact, facts: JSON.parse(JSON.stringify(artifact.facts)) })
  expect(toSlotArtifact(read)).toEqual(artifact)
  for (const { text } of examples) expect(read.tag(text)).toEqual(model.tag(text))
})

test('a file gives the model back, and no other kind of model', () => {
  const folder = mkdtempSync(join(tmpdir(), 'slot-model-'))
  const path = join(folder, 'slots.model')
  try {
    expect(saveSlotModel(model, path)).toBe(statSync(path).size)
    const loaded = loadSlotModel(path)
    for (const { text } of examples) expect(loaded.tag(text)).toEqual(model.tag(text))
    saveArtifact({ kind: 'intent', facts: {}, weights: {} }, path)
    expect(() => loadSlotModel(path)).toThrow('MODEL_NOT_A_MODEL')
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('refuses an artifact whose parts do not fit', () => {
  const artifact = toSlotArtifact(model)
  const { pairs, embeddings } = artifact.weights as Record<string, Int32Array>
  const faulty = (weights: Artifact['weights']) => () =>
    fromSlotArtifact({ ...artifact, weights: { ...artifact.weights, ...weights } })
  expect(faulty({ pairs: pairs!.slice(1) })).toThrow(SlotArtifactFault)
  expect(faulty({ pairs: pairs!.map(() => 999 << 16) })).toThrow(SlotArtifactFault)
  expect(faulty({ embeddings: embeddings!.slice(1) })).toThrow(SlotArtifactFault)
  expect(faulty({ outputs: new Float64Array(1) })).toThrow('slot model: weights.outputs')
  expect(() => fromSlotArtifact({ ...artifact, kind: 'intent' })).toThrow(SlotArtifactFault)
})

test('learns to say nothing where nothing is labelled', () => {
  const silent = trainSlotModel([{ text: '안녕', intent: 'greet', spans: [] }], { seed: 1 })
  expect(silent.tag('안녕 서울')).toEqual([])
})

test('scores spans exactly, and 0 where there are none', () => {
  const gold: Example = {
    text: '서울 부산',
    intent: 'x',
    spans: [
      [0, 2, 'place'],
      [3, 5, 'place'],
    ],
  }
  const found = [
    { start: 0, end: 2, slot: 'place' },
    { start: 3, end: 4, slot: 'place' },
    { start: 3, end: 5, slot: 'date' },
  ]
  expect(scoreSpans([gold], () => found)).toMatchObject({ precision: 1 / 3, recall: 0.5, f1: 0.4 })
  expect(scoreSpans([{ text: '가', intent: 'x' }], () => []).f1).toBe(0)
})
