import type { ErrorSpec } from '#platform/errors'

/** What can go wrong between the ERP's records and our copy of them. */
export const copyErrors = {
  notReady: {
    code: 'COPY_NOT_READY',
    kind: 'unavailable',
    ko: '사본에 아직 이 데이터가 없어요. 전체 동기화가 끝나면 쓸 수 있어요.',
    en: 'The copy does not have this data yet. It will after the next full sync.',
  },
  distrusted: {
    code: 'COPY_DISTRUSTED',
    kind: 'unavailable',
    ko: '이 데이터의 사본은 지금 ERP와 다를 수 있어서 쓰지 않아요. 전체 동기화가 끝나면 다시 쓸 수 있어요.',
    en: 'The copy of this data may differ from the ERP, so it is not used until the next full sync.',
  },
  fillLost: {
    code: 'COPY_FILL_LOST',
    kind: 'conflict',
    ko: '다른 전체 동기화가 이 데이터를 이어받았거나 데이터의 모양이 바뀌었어요. 전체 동기화를 처음부터 다시 시작해 주세요.',
    en: 'Another full sync has taken this data over, or its shape has changed. Start the full sync again.',
  },
  badValue: {
    code: 'COPY_VALUE',
    kind: 'invalid',
    ko: 'ERP에서 온 값이 항목의 종류와 맞지 않아 사본에 넣지 않았어요. 관리자에게 매핑을 확인해 달라고 알려 주세요.',
    en: 'A value from the ERP does not fit its field, so it was not copied. Ask your administrator to check the mapping.',
  },
} as const satisfies Record<string, ErrorSpec>
