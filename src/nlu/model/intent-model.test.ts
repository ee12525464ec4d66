import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { AppError } from '#platform/errors'
import { calibrationErrorByChance, evaluateIntents } from './evaluate-intents.ts'
import { type Example, outOfScopeIntent } from './example.ts'
import { loadIntentModel, saveIntentModel } from './save-intent-model.ts'
import { trainIntentModel } from './train-intent-model.ts'

const folder = mkdtempSync(join(tmpdir(), 'intent-model-'))
const frames: Record<string, string[]> = {
  sales: ['① 매출 얼마야', '① 매출액 알려 줘', '이번 달 ① 매출', 'how much did we sell in ①', 'sales of ①'],
  stock: ['② 재고 몇 개', '② 재고 알려 줘', '창고에 ② 남았어', 'stock of ②', 'how many ② are left'],
  orders: ['③ 주문 언제 와', '③ 발주 현황', '주문 ③ 도착했어', 'where is order ③', 'when does ③ arrive'],
  [outOfScopeIntent]: ['오늘 날씨 어때', '농담 하나 해 봐', '점심 뭐 먹지', 'tell me a joke', 'who won the match'],
}
const endings = ['', '요', ' 좀', ' 지금', ' please', ' 부탁해']
const examples: Example[] = Object.entries(frames).flatMap(([intent, texts]) =>
  texts.flatMap((text) => endings.map((ending) => ({ text: text + ending, intent }))),
)

describe('a quick model', () => {
  const model = trainIntentModel(examples, { size: 'quick' })

  test('tells intents apart in both languages, and what belongs to none', () => {
    expect(model.intents).toEqual(['orders', 'sales', 'stock'])
    expect(model.classify('① 매출 얼마였어').ranked[0]?.intent).toBe('sales')
    expect(model.classify('are any ② left').ranked[0]?.intent).toBe('stock')
    expect(model.classify('재미있는 농담 해 줘').isOutOfScope).toBe(true)
    expect(model.classify('① 매출 얼마였어').isOutOfScope).toBe(false)
  })

  test('gives probabilities, best first, for any text', () => {
    for (const text of ['', ' ', '???', '①', '매출', '👍', 'x'.repeat(5000)]) {
      const { ranked, outOfScope } = model.classify(text)
      expect(ranked.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 5)
      expect(ranked.map(({ probability }) => probability)).toEqual(
        ranked.map(({ probability }) => probability).sort((a, b) => b - a),
      )
      expect(outOfScope >= 0 && outOfScope <= 1).toBe(true)
    }
  })

  test('is the same for the same examples and seed', () => {
    const again = trainIntentModel(examples, { size: 'quick' })
    expect(again.classify('② 재고')).toEqual(model.classify('② 재고'))
    expect(again.parts.facts).toEqual(model.parts.facts)
  })

  test('predicts bit for bit the same after a file', () => {
    const path = join(folder, 'model.bin')
    expect(saveIntentModel(model, path)).toBe(readFileSync(path).length)
    const loaded = loadIntentModel(path)
    for (const { text } of examples) expect(loaded.classify(text)).toEqual(model.classify(text))
    expect(loaded.parts.facts).toEqual(model.parts.facts)
  })

  test('evaluates near perfectly what it learnt', () => {
    const { accuracy, auroc, f1 } = evaluateIntents(model, examples)
    expect(accuracy).toBe(1)
    expect(auroc).toBeGreaterThan(0.99)
    expect(Object.keys(f1)).toEqual(['orders', outOfScopeIntent, 'sales', 'stock'].sort())
  })
})

test('tells what chance alone makes of a calibration error: the more rows, the less', () => {
  const of = (rows: number) => calibrationErrorByChance(Array.from({ length: rows }, (_, i) => 0.5 + (i % 50) / 100))
  expect(of(100)).toBeGreaterThan(0.05)
  expect(of(10_000)).toBeLessThan(0.015)
  expect(of(10_000)).toBeGreaterThan(0.002)
})

describe('a model file', () => {
  const path = join(folder, 'good.bin')
  saveIntentModel(trainIntentModel(examples, { size: 'quick' }), path)
  const codeOf = (change: (bytes: Buffer) => Buffer | undefined) => {
    const bytes = readFileSync(path)
    writeFileSync(join(folder, 'bad.bin'), change(bytes) ?? bytes)
    try {
      loadIntentModel(join(folder, 'bad.bin'))
    } catch (error) {
      return error instanceof AppError ? error.spec.code : String(error)
    }
    return 'loaded'
  }

  test('is refused when a byte of it changed, or its end is missing', () => {
    expect(codeOf(() => undefined)).toBe('loaded')
    for (const at of [20, 60, -1])
      expect(
        codeOf((bytes) => {
          const place = at < 0 ? bytes.length + at : at
          bytes[place] = (bytes[place] ?? 0) ^ 1
          return undefined
        }),
      ).toBe('MODEL_TAMPERED')
    expect(codeOf((bytes) => bytes.subarray(0, bytes.length - 8))).toBe('MODEL_TAMPERED')
  })

  test('is refused when it is of another version, or no model', () => {
    expect(
      codeOf((bytes) => {
        bytes.writeUInt32LE(99, 8)
        return undefined
      }),
    ).toBe('MODEL_OTHER_VERSION')
    expect(codeOf(() => Buffer.from('{}'))).toBe('MODEL_NOT_A_MODEL')
    expect(() => loadIntentModel(join(folder, 'none.bin'))).toThrow('MODEL_UNREADABLE')
  })
})

describe('few examples', () => {
  test('of one intent are of that intent', () => {
    const model = trainIntentModel([{ text: '재고', intent: 'stock' }], { size: 'quick' })
    expect(model.classify('재고').ranked).toEqual([{ intent: 'stock', probability: 1 }])
  })

  test('of no intent are refused', () => {
    expect(() => trainIntentModel([{ text: '날씨', intent: outOfScopeIntent }])).toThrow(RangeError)
  })

  test('without any out of scope still give doubt', () => {
    const model = trainIntentModel(
      examples.filter(({ intent }) => intent !== outOfScopeIntent),
      { size: 'quick' },
    )
    expect(model.classify('quux').outOfScope).toBeGreaterThan(model.classify('① 매출 얼마야').outOfScope)
  })
})
