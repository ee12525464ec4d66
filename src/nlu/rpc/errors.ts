import type { ErrorSpec } from '#platform/errors'

export const rpcErrors = {
  unavailable: {
    code: 'NLU_UNAVAILABLE',
    kind: 'unavailable',
    ko: '질문을 분석하는 서버에 연결할 수 없어요. 질문은 저장해 두었으니 잠시 뒤에 다시 시도해 주세요.',
    en: 'The server that reads questions cannot be reached. Your question is kept; please try again in a moment.',
  },
  timeout: {
    code: 'NLU_TIMEOUT',
    kind: 'unavailable',
    ko: '질문을 분석하는 데 시간이 너무 오래 걸렸어요. 잠시 뒤에 다시 시도해 주세요.',
    en: 'Reading the question took too long. Please try again in a moment.',
  },
  overloaded: {
    code: 'NLU_OVERLOADED',
    kind: 'unavailable',
    ko: '지금 질문이 한꺼번에 몰려서 분석하지 못했어요. 잠시 뒤에 다시 시도해 주세요.',
    en: 'Too many questions came at once to read this one. Please try again in a moment.',
  },
  superseded: {
    code: 'NLU_SUPERSEDED',
    kind: 'conflict',
    ko: '글이 더 입력되어서 이전 글은 분석하지 않았어요.',
    en: 'More was typed, so the earlier text was not read.',
  },
  badRequest: {
    code: 'NLU_BAD_REQUEST',
    kind: 'invalid',
    ko: '질문을 분석할 수 없는 형식이에요: {issue}',
    en: 'The question cannot be analysed in this form: {issue}',
  },
  fault: {
    code: 'NLU_FAULT',
    kind: 'internal',
    ko: '질문을 분석하다가 문제가 생겼어요. 다르게 적어서 다시 물어봐 주세요.',
    en: 'Something went wrong while reading the question. Please try wording it differently.',
  },
} as const satisfies Record<string, ErrorSpec>
