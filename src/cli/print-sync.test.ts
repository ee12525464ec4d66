import { expect, test } from 'vitest'
import { printConnection, printRun, printStatus } from './print-sync.ts'

const run = {
  run: '6a83952c-ff2a-4c03-acaa-efdd5619c2e8',
  ...{ trigger: 'manual', state: 'failed', isForced: false, isWhole: false, startedAt: '2026-11-28T13:00:00Z' },
  entities: [
    {
      ...{
        entity: 'sales',
        state: 'suspicious',
        pages: 1,
        read: 1234,
        before: 90_000,
        added: 0,
        changed: 0,
        removed: 0,
      },
      ...{
        kept: 0,
        differences: [],
        error: { code: 'SYNC_SUSPICIOUS', ko: '건수가 줄었어요.', en: 'Far fewer records.' },
      },
    },
  ],
} as Parameters<typeof printRun>[0]

test('a run says by entity what it did and why it did not', () => {
  const text = printRun(run, 'en')
  expect(text).toContain('1,234')
  expect(text).toContain('suspicious: Far fewer records. (SYNC_SUSPICIOUS)')
  expect(text).toContain('full sync: failed (6a83952c')
  expect(printRun(run, 'ko')).toContain('건수가 줄었어요.')
})

test('the status names what is not trusted and how far changes lag, and nothing in it moves the cursor', () => {
  const text = printStatus(
    {
      entities: [
        {
          ...{ entity: 'sales', label: { ko: '매출', en: 'sales' }, isFilled: true, records: 89_803 },
          distrusted: { at: '2026-11-28T13:00:00Z', reason: 'slot\u001b[2J lost' },
        },
        { entity: 'item', label: { ko: '품목', en: 'item' }, isFilled: false, records: 0 },
      ],
      sources: [
        { source: 'postgres', state: 'following', lagSeconds: 0.25, problems: ['the slot grows'], follows: [] },
      ],
      lastRun: run,
    },
    'ko',
  )
  expect(text).toContain('89,803')
  expect(text).toContain('slot [2J lost')
  expect(text).toContain('아직 없음')
  expect(text).toContain('postgres following, 지연 0.3 s\n  ! the slot grows')
  expect(text).not.toContain('\u001b')
})

test('a test of the connection says what to do', () => {
  const text = printConnection(
    {
      ...{ ok: false, tookMs: 9 },
      steps: [
        {
          ...{ server: 'primary', step: 'entity', entity: 'sales', ok: false, tookMs: 3, fields: ['NetAmount'] },
          ...{ code: 'ERP_FIELD_MISSING', ko: '매핑을 고쳐 주세요.', en: 'Correct the mapping.' },
        },
      ],
    },
    'ko',
  )
  expect(text).toBe('✗ primary entity sales: 매핑을 고쳐 주세요. (ERP_FIELD_MISSING, 3 ms)')
})
