import type { Labels } from '#catalog'
import { AppError, type ErrorSpec } from '#platform/errors'

/** What can go wrong between a permitted query and its answer. */
export const erpErrors = {
  timeout: {
    code: 'ERP_TIMEOUT',
    kind: 'unavailable',
    ko: 'ERP가 제시간에 응답하지 않았어요. 지난 대화는 그대로 볼 수 있어요. 잠시 뒤에 다시 물어봐 주세요.',
    en: 'The ERP did not answer in time. Earlier answers are still there; ask again in a moment.',
  },
  unavailable: {
    code: 'ERP_UNAVAILABLE',
    kind: 'unavailable',
    ko: 'ERP에 연결할 수 없어요. 지난 대화는 그대로 볼 수 있어요. 잠시 뒤에 다시 물어보고, 계속되면 ERP 담당자에게 알려 주세요.',
    en: 'The ERP cannot be reached. Earlier answers are still there; ask again in a moment and tell the ERP team if it goes on.',
  },
  refused: {
    code: 'ERP_REFUSED',
    kind: 'unavailable',
    ko: 'ERP가 이 서비스의 접속을 받아 주지 않았어요. 질문은 맞으니 관리자에게 ERP 연결 정보를 확인해 달라고 알려 주세요.',
    en: 'The ERP refused this service. Nothing is wrong with the question; ask your administrator to check the ERP credentials.',
  },
  rateLimited: {
    code: 'ERP_RATE_LIMITED',
    kind: 'limited',
    ko: 'ERP에 요청이 몰려 있어요. 지난 대화는 그대로 볼 수 있어요. 1분쯤 뒤에 다시 물어봐 주세요.',
    en: 'The ERP is getting too many requests. Earlier answers are still there; ask again in a minute.',
  },
  badReply: {
    code: 'ERP_BAD_REPLY',
    kind: 'unavailable',
    ko: 'ERP가 알아볼 수 없는 답을 보냈어요. 틀린 숫자를 보여 드리지 않으려고 멈췄어요. 다시 물어보고, 계속되면 관리자에게 알려 주세요.',
    en: 'The ERP sent a reply that makes no sense, so no number is shown. Ask again, and tell your administrator if it goes on.',
  },
  invalid: {
    code: 'QUERY_INVALID',
    kind: 'invalid',
    ko: '이 질문은 ERP에서 찾을 수 있는 형태가 아니에요. 항목이나 조건을 바꿔서 다시 물어봐 주세요.',
    en: 'The ERP cannot be asked this way. Change the field or condition and ask again.',
  },
  tooBig: {
    code: 'QUERY_TOO_BIG',
    kind: 'invalid',
    ko: '한 번에 살펴보기에는 데이터가 너무 많아요. 기간이나 조건을 좁혀서 다시 물어봐 주세요.',
    en: 'That is too much data to go through at once. Narrow the period or the conditions and ask again.',
  },
  notHeld: {
    code: 'NOT_IN_ERP',
    kind: 'invalid',
    ko: '연결된 ERP에 ‘{ko}’ 데이터가 없어서 답할 수 없어요. 다른 항목으로 물어보고, 꼭 필요하면 ERP 담당자에게 알려 주세요.',
    en: 'The connected ERP has no data for “{en}”. Ask about something else, or tell the ERP team if you need it.',
  },
  changing: {
    code: 'ERP_CHANGING',
    kind: 'unavailable',
    ko: 'ERP의 데이터를 읽는 동안 내용이 계속 바뀌었어요. 틀린 숫자를 보여 드리지 않으려고 멈췄으니 잠시 뒤에 다시 물어봐 주세요.',
    en: 'The data kept changing while it was read, so no number is shown. Ask again in a moment.',
  },
} as const satisfies Record<string, ErrorSpec>

/** A query that names what is not there or asks what cannot be asked. `issue` is English, for whoever wrote the query. */
export function invalidQuery(field: string, issue: string): AppError {
  return new AppError(erpErrors.invalid, { details: [{ field, issue }] })
}

/** What was asked about is known, but the connected ERP has nothing of the kind. */
export function notInErp(label: Labels): AppError {
  return new AppError(erpErrors.notHeld, { params: label })
}
