import type { ErrorSpec } from '#platform/errors'

/** What a reader meets when something cannot be written down, and so is not done. */
export const auditErrors = {
  unavailable: {
    code: 'AUDIT_UNAVAILABLE',
    kind: 'unavailable',
    ko: '지금은 이용 기록을 남길 수 없어서 진행하지 않았어요. 잠시 뒤에 다시 시도해 주세요.',
    en: 'This cannot be recorded right now, so it was not carried out. Try again in a moment.',
  },
} satisfies Record<string, ErrorSpec>
