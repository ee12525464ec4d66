import type { ErrorSpec } from './errors.ts'

/** What can go wrong before any capability is asked. */
export const platformErrors = {
  badJson: {
    code: 'BAD_JSON',
    kind: 'invalid',
    ko: '요청 본문이 올바른 JSON이 아니에요. 형식을 확인하고 다시 보내 주세요.',
    en: 'The request body is not valid JSON. Check its form and send it again.',
  },
  badRequest: {
    code: 'BAD_REQUEST',
    kind: 'invalid',
    ko: '요청 내용이 맞지 않아요. 표시된 항목을 고쳐서 다시 보내 주세요.',
    en: 'The request does not fit. Correct the items listed and send it again.',
  },
  internal: {
    code: 'INTERNAL',
    kind: 'internal',
    ko: '저희 쪽 문제로 처리하지 못했어요. 다시 시도해 보고, 계속되면 추적 번호와 함께 관리자에게 알려 주세요.',
    en: 'Something went wrong on our side. Try again; if it keeps happening, give your administrator the trace id.',
  },
} satisfies Record<string, ErrorSpec>
