import type { ErrorSpec } from '#platform/errors'

/** What can be wrong with changes that we are sent. */
export const changesErrors = {
  value: {
    code: 'CHANGES_VALUE',
    kind: 'invalid',
    ko: '변경 이벤트의 {table} 테이블 {column} 값을 정확히 읽을 수 없어요. 금액과 수량은 문자열로 보내 주세요(Debezium: decimal.handling.mode=string).',
    en: 'Column {column} of {table} in a change event cannot be read exactly. Send decimals as texts (Debezium: decimal.handling.mode=string).',
  },
  event: {
    code: 'CHANGES_EVENT',
    kind: 'invalid',
    ko: '변경 이벤트를 읽을 수 없어요: {problem}. Debezium의 JSON 또는 CloudEvents 형식으로 보내 주세요.',
    en: 'A change event cannot be read: {problem}. Send Debezium’s JSON or CloudEvents.',
  },
  refused: {
    code: 'CHANGES_REFUSED',
    kind: 'unauthenticated',
    ko: '변경 이벤트를 보낼 수 있는 키가 아니에요. CHANGES_SECRET에 설정한 값을 Authorization 헤더에 Bearer로 보내거나 그 값으로 서명해 주세요.',
    en: 'This is not the key for sending change events. Send the value of CHANGES_SECRET as Bearer in the Authorization header, or sign with it.',
  },
  busy: {
    code: 'CHANGES_BUSY',
    kind: 'unavailable',
    ko: '앞서 받은 변경 이벤트를 아직 반영하고 있어요. 잠시 뒤에 같은 이벤트를 다시 보내 주세요.',
    en: 'Earlier change events are still being applied. Send the same ones again in a moment.',
  },
} satisfies Record<string, ErrorSpec>
