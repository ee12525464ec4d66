import type { ErrorSpec } from '#platform/errors'

export const ownSessionErrors = {
  notFound: {
    code: 'SESSION_NOT_FOUND',
    kind: 'not-found',
    ko: '그 로그인은 이미 끝났거나 내 로그인이 아니에요. 목록을 새로 고쳐 주세요.',
    en: 'That sign-in has already ended, or it is not yours. Reload the list.',
  },
} satisfies Record<string, ErrorSpec>
