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
  bodyTooLarge: {
    code: 'BODY_TOO_LARGE',
    kind: 'invalid',
    ko: '요청이 너무 커요. {limit}보다 작게 줄여서 다시 보내 주세요.',
    en: 'The request is too large. Make it smaller than {limit} and send it again.',
  },
  urlTooLong: {
    code: 'URL_TOO_LONG',
    kind: 'invalid',
    ko: '주소가 너무 길거나 조건이 너무 많아요. {limit}자보다 짧게 줄여서 다시 보내 주세요.',
    en: 'The address is too long or has too many parameters. Make it shorter than {limit} characters and send it again.',
  },
  headersTooLarge: {
    code: 'HEADERS_TOO_LARGE',
    kind: 'invalid',
    ko: '요청 헤더가 너무 많거나 커요. {limit}보다 작게 줄여서 다시 보내 주세요.',
    en: 'The request headers are too many or too large. Make them smaller than {limit} and send it again.',
  },
  unsupportedMediaType: {
    code: 'UNSUPPORTED_MEDIA_TYPE',
    kind: 'invalid',
    ko: '읽을 수 없는 형식의 요청이에요. Content-Type을 application/json으로 보내 주세요.',
    en: 'The request is in a form we do not read. Send it with Content-Type application/json.',
  },
  notFound: {
    code: 'NOT_FOUND',
    kind: 'not-found',
    ko: '요청한 주소를 찾을 수 없어요. 주소를 확인해 주세요.',
    en: 'There is nothing at this address. Check the address.',
  },
  methodNotAllowed: {
    code: 'METHOD_NOT_ALLOWED',
    kind: 'invalid',
    ko: '이 주소에서 쓸 수 없는 방식이에요. {allowed} 중 하나로 보내 주세요.',
    en: 'This address does not take that method. Use one of {allowed}.',
  },
  upgradeRequired: {
    code: 'UPGRADE_REQUIRED',
    kind: 'invalid',
    ko: '이 주소는 WebSocket으로만 연결할 수 있어요.',
    en: 'This address can only be reached as a WebSocket.',
  },
  crossSiteRequest: {
    code: 'CROSS_SITE_REQUEST',
    kind: 'forbidden',
    ko: '다른 사이트에서 보낸 요청이라 처리하지 않았어요. 챗봇 화면에서 다시 시도해 주세요.',
    en: 'The request came from another site, so it was not carried out. Try again from the chatbot itself.',
  },
  addressNotAllowed: {
    code: 'ADDRESS_NOT_ALLOWED',
    kind: 'forbidden',
    ko: '이 네트워크에서는 볼 수 없어요. 허용할 주소를 관리자에게 문의해 주세요.',
    en: 'This cannot be read from your network. Ask your administrator which addresses are allowed.',
  },
  rateLimited: {
    code: 'RATE_LIMITED',
    kind: 'limited',
    ko: '짧은 시간에 요청이 너무 많았어요. {seconds}초 뒤에 다시 시도해 주세요.',
    en: 'Too many requests in a short time. Try again in {seconds} s.',
  },
  tooManyConnections: {
    code: 'TOO_MANY_CONNECTIONS',
    kind: 'limited',
    ko: '한 사람이 동시에 열 수 있는 연결은 {max}개까지예요. 쓰지 않는 창을 닫고 다시 시도해 주세요.',
    en: 'One person can have {max} connections open at a time. Close windows you do not use and try again.',
  },
  timedOut: {
    code: 'REQUEST_TIMEOUT',
    kind: 'unavailable',
    ko: '처리가 너무 오래 걸려서 멈췄어요. 잠시 뒤에 다시 시도해 주세요.',
    en: 'This took too long, so it was stopped. Try again in a moment.',
  },
  notReady: {
    code: 'NOT_READY',
    kind: 'unavailable',
    ko: '서비스가 아직 준비되지 않았어요. 표시된 항목이 돌아오면 다시 시작해요.',
    en: 'The service is not ready. It resumes when the items listed are back.',
  },
  shuttingDown: {
    code: 'SHUTTING_DOWN',
    kind: 'unavailable',
    ko: '서버를 다시 시작하는 중이에요. 잠시 뒤에 다시 시도해 주세요.',
    en: 'The server is restarting. Try again in a moment.',
  },
  certificateUnusable: {
    code: 'CERTIFICATE_UNUSABLE',
    kind: 'internal',
    ko: '인증서 파일 {path}을(를) 쓸 수 없어요: {reason}. 인증서와 키를 함께 바꿔 주세요.',
    en: 'The certificate file {path} cannot be used: {reason}. Replace the certificate and its key together.',
  },
  internal: {
    code: 'INTERNAL',
    kind: 'internal',
    ko: '저희 쪽 문제로 처리하지 못했어요. 다시 시도해 보고, 계속되면 추적 번호와 함께 관리자에게 알려 주세요.',
    en: 'Something went wrong on our side. Try again; if it keeps happening, give your administrator the trace id.',
  },
} satisfies Record<string, ErrorSpec>
