import type { ErrorSpec } from '#platform/errors'

/** What can go wrong when the connection to the ERP is looked after. */
export const connectionErrors = {
  testing: {
    code: 'ERP_TEST_RUNNING',
    kind: 'conflict',
    ko: '연결 시험이 이미 진행 중이에요. 끝나면 다시 시작해 주세요.',
    en: 'The connection is being tested already. Start again when that has ended.',
  },
} as const satisfies Record<string, ErrorSpec>
