import type { ErrorSpec } from '#platform/errors'

/** What can go wrong when people and their roles are looked after. */
export const peopleErrors = {
  notFound: {
    code: 'PERSON_NOT_FOUND',
    kind: 'not-found',
    ko: '이 사람을 찾을 수 없어요. 목록에서 다시 골라 주세요.',
    en: 'This person cannot be found. Choose them from the list again.',
  },
  ownAccount: {
    code: 'OWN_ACCOUNT',
    kind: 'conflict',
    ko: '자기 계정의 역할과 사용 여부는 스스로 바꿀 수 없어요. 다른 관리자에게 부탁해 주세요.',
    en: 'You cannot change your own roles or shut yourself out. Ask another administrator.',
  },
  lastManager: {
    code: 'LAST_ADMINISTRATOR',
    kind: 'conflict',
    ko: '이대로 바꾸면 사람을 관리할 수 있는 사람이 남지 않아요. 다른 사람에게 관리 역할을 먼저 기한 없이 주세요.',
    en: 'Nobody would be left who can manage people. Give somebody else that role without an end first.',
  },
  expiryPast: {
    code: 'EXPIRY_PAST',
    kind: 'invalid',
    ko: '끝나는 때는 지금보다 뒤여야 해요.',
    en: 'The end must lie in the future.',
  },
  cursorInvalid: {
    code: 'CURSOR_INVALID',
    kind: 'invalid',
    ko: '목록의 이 위치를 읽을 수 없어요. 처음부터 다시 불러와 주세요.',
    en: 'This place in the list cannot be read. Load the list again from the start.',
  },
} as const satisfies Record<string, ErrorSpec>
