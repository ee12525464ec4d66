import { describe, expect, test } from 'vitest'
import { readStanding } from './standing.ts'

describe('readStanding', () => {
  test.each([
    ['내 구독 보여줘', { act: 'list', kind: 'report' }],
    ['알림 목록', { act: 'list', kind: 'alert' }],
    ['내 알림', { act: 'list', kind: 'alert' }],
    ['지금 받고 있는 정기 보고서 뭐 있어?', { act: 'list', kind: 'report' }],
    ['show my subscriptions', { act: 'list', kind: 'report' }],
    ['what alerts do i have', { act: 'list', kind: 'alert' }],
    ['그거 그만 보내', { act: 'stop' }],
    ['이제 그만 보내줘', { act: 'stop' }],
    ['3번 구독 해지해 주세요', { act: 'stop', kind: 'report', which: 3 }],
    ['재고 알림 꺼줘', { act: 'stop', kind: 'alert' }],
    ['알림 전부 삭제해줘', { act: 'stop', kind: 'alert', which: 'all' }],
    ['더 이상 알려주지 마', { act: 'stop', kind: 'alert' }],
    ['cancel all my alerts', { act: 'stop', kind: 'alert', which: 'all' }],
    ['please stop sending number 2', { act: 'stop', which: 2 }],
    ['구독 당분간 멈춰줘', { act: 'pause', kind: 'report' }],
    ['pause my alert', { act: 'pause', kind: 'alert' }],
    ['2번 다시 보내줘', { act: 'resume', which: 2 }],
    ['알림 다시 켜줘', { act: 'resume', kind: 'alert' }],
  ])('%s', (text, expected) => {
    expect(readStanding(text)).toEqual(expected)
  })

  test.each(['그거 매주 화요일 8시로 바꿔줘', '구독 매일 9시로 변경해줘', 'change that to every friday at 5pm'])(
    'a new time: %s',
    (text) => {
      expect(readStanding(text, { hasSchedule: true })).toMatchObject({ act: 'reschedule' })
    },
  )

  test('a time that a report is moved to needs no other name for it', () => {
    expect(readStanding('매출 보고서 수요일로 바꿔줘', { isMoved: true })).toEqual({
      act: 'reschedule',
      kind: 'report',
    })
    expect(readStanding('수요일로 바꿔줘', { isMoved: true })).toBeUndefined()
  })

  test.each([
    '이번 달 매출 얼마야?',
    '발주 취소해줘',
    '취소된 수주 보여줘',
    '김민수 이메일 알려줘',
    '이거 엑셀로 보내줘',
    '그거 거래처별로 보여줘',
    '생산 중지된 품목 목록',
    'cancelled orders this month',
    'show me that by region',
    '메일 주소 목록 보여줘',
  ])('nothing of the kind: %s', (text) => {
    expect(readStanding(text)).toBeUndefined()
  })
})
