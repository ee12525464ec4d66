import type { ErrorSpec } from '#platform/errors'

/** What a reader meets when something cannot be written down, and so is not done, and when the trail is searched. */
export const auditErrors = {
  unavailable: {
    code: 'AUDIT_UNAVAILABLE',
    kind: 'unavailable',
    ko: '지금은 이용 기록을 남길 수 없어서 진행하지 않았어요. 잠시 뒤에 다시 시도해 주세요.',
    en: 'This cannot be recorded right now, so it was not carried out. Try again in a moment.',
  },
  cursorInvalid: {
    code: 'AUDIT_CURSOR_INVALID',
    kind: 'invalid',
    ko: '목록의 위치를 읽을 수 없어요. 처음부터 다시 불러와 주세요.',
    en: 'The place in the list cannot be read. Load the list from its start.',
  },
  tooSlow: {
    code: 'AUDIT_SEARCH_TOO_SLOW',
    kind: 'unavailable',
    ko: '기록을 찾는 데 너무 오래 걸려서 멈췄어요. 기간이나 조건을 좁혀서 다시 찾아 주세요.',
    en: 'The search took too long, so it was stopped. Narrow the period or the conditions and search again.',
  },
  personUnclear: {
    code: 'AUDIT_PERSON_UNCLEAR',
    kind: 'invalid',
    ko: '이 말에 맞는 사람이 {max}명보다 많아요. 이름이나 이메일을 더 자세히 적거나 사용자 ID로 찾아 주세요.',
    en: 'More than {max} people fit this. Write more of the name or e-mail address, or search by a user’s id.',
  },
  tooMany: {
    code: 'AUDIT_EXPORT_TOO_BIG',
    kind: 'conflict',
    ko: '한 번에 {max}건까지 내려받을 수 있어요. 기간이나 조건을 좁혀 주세요.',
    en: 'Up to {max} entries can be exported at once. Narrow the period or the conditions.',
  },
  exporting: {
    code: 'AUDIT_EXPORT_RUNNING',
    kind: 'conflict',
    ko: '다른 내려받기가 진행 중이에요. 끝나면 다시 시작해 주세요.',
    en: 'Another export is under way. Start again when it has ended.',
  },
} satisfies Record<string, ErrorSpec>
