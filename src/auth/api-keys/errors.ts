import type { ErrorSpec } from '#platform/errors'

/** What a machine meets that uses a key, and a person who looks after keys. */
export const apiKeyErrors = {
  expired: {
    code: 'API_KEY_EXPIRED',
    kind: 'unauthenticated',
    ko: '이 API 키는 기한이 지났어요. 관리자에게 새 키를 요청해 주세요.',
    en: 'This API key has expired. Ask your administrator for a new one.',
  },
  revoked: {
    code: 'API_KEY_REVOKED',
    kind: 'unauthenticated',
    ko: '이 API 키는 폐기됐어요. 관리자에게 새 키를 요청해 주세요.',
    en: 'This API key has been revoked. Ask your administrator for a new one.',
  },
  scopeMissing: {
    code: 'API_KEY_SCOPE',
    kind: 'forbidden',
    ko: '이 API 키로는 할 수 없는 일이에요. 필요한 범위: {scope}. 관리자에게 범위를 요청해 주세요.',
    en: 'This API key is not for that. It needs the scope: {scope}. Ask your administrator for it.',
  },
  peopleOnly: {
    code: 'API_KEY_NOT_TAKEN',
    kind: 'forbidden',
    ko: '이 기능은 API 키로 쓸 수 없어요. 로그인해서 이용해 주세요.',
    en: 'This cannot be used with an API key. Sign in to use it.',
  },
  notFound: {
    code: 'API_KEY_NOT_FOUND',
    kind: 'not-found',
    ko: '그런 API 키가 없어요. 목록을 새로 고쳐 확인해 주세요.',
    en: 'There is no such API key. Refresh the list and check.',
  },
  notInUse: {
    code: 'API_KEY_NOT_IN_USE',
    kind: 'conflict',
    ko: '기한이 지났거나 폐기된 키는 교체할 수 없어요. 새 키를 만들어 주세요.',
    en: 'A key that has expired or been revoked cannot be rotated. Make a new one.',
  },
  tooMany: {
    code: 'API_KEY_LIMIT',
    kind: 'conflict',
    ko: '쓸 수 있는 API 키가 이미 {most}개예요. 쓰지 않는 키를 폐기하고 다시 시도해 주세요.',
    en: 'There are {most} API keys in use already. Revoke those nobody uses and try again.',
  },
  expiryInvalid: {
    code: 'API_KEY_EXPIRY',
    kind: 'invalid',
    ko: '기한은 지금부터 1년 안이어야 해요. 날짜를 바꿔서 다시 시도해 주세요.',
    en: 'A key must expire within a year from now. Change the date and try again.',
  },
  ownerUnknown: {
    code: 'API_KEY_OWNER',
    kind: 'invalid',
    ko: '키의 소유자를 찾을 수 없거나 사용이 중지된 계정이에요. 로그인한 적이 있는 사람을 골라 주세요.',
    en: 'The owner is not known or has been disabled. Choose someone who has signed in before.',
  },
  rolesBeyondOwner: {
    code: 'API_KEY_ROLES',
    kind: 'invalid',
    ko: '소유자에게 없는 역할은 키에 줄 수 없어요: {roles}. 역할을 빼고 다시 시도해 주세요.',
    en: 'A key cannot have roles that its owner lacks: {roles}. Leave them out and try again.',
  },
  ownerNotYours: {
    code: 'API_KEY_FOR_OTHERS',
    kind: 'forbidden',
    ko: '다른 사람 대신 쓰는 키는 사용자를 관리하는 사람만 만들거나 교체할 수 있어요.',
    en: 'Only those who manage people can make or rotate a key that acts for someone else.',
  },
} satisfies Record<string, ErrorSpec>
