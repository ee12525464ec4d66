import type { ErrorSpec } from '#platform/errors'

/** What can go wrong when something is to be sent. */
export const notifyErrors = {
  mailNotConfigured: {
    code: 'MAIL_NOT_CONFIGURED',
    kind: 'unavailable',
    ko: '메일 서버가 설정되지 않아 메일을 보낼 수 없어요. 관리자에게 SMTP_URL 설정을 요청해 주세요.',
    en: 'No mail server is configured, so nothing can be sent. Ask your administrator to set SMTP_URL.',
  },
  tooManyRecipients: {
    code: 'MAIL_TOO_MANY_RECIPIENTS',
    kind: 'invalid',
    ko: '받는 사람이 {count}명이에요. 한 번에 {limit}명까지 보낼 수 있으니 나눠서 요청해 주세요.',
    en: 'There are {count} recipients. One request may have {limit}; split it up.',
  },
  attachmentsTooLarge: {
    code: 'MAIL_ATTACHMENTS_TOO_LARGE',
    kind: 'invalid',
    ko: '첨부가 모두 {size}MB예요. 합쳐서 {limit}MB까지 보낼 수 있어요. 파일을 줄이거나 링크로 보내 주세요.',
    en: 'The attachments are {size} MB in all. They may be {limit} MB; make them smaller or send a link.',
  },
  templateUnknown: {
    code: 'MAIL_TEMPLATE_UNKNOWN',
    kind: 'not-found',
    ko: '그 이름과 버전의 템플릿을 찾을 수 없어요. 템플릿 목록에서 골라 주세요.',
    en: 'There is no template of that name and version. Choose one from the list of templates.',
  },
  variablesInvalid: {
    code: 'MAIL_VARIABLES_INVALID',
    kind: 'invalid',
    ko: '템플릿에 넣을 값이 맞지 않아요. 표시된 항목을 고쳐 주세요.',
    en: 'The values for the template do not fit. Correct the items listed.',
  },
  emailUnknown: {
    code: 'MAIL_UNKNOWN',
    kind: 'not-found',
    ko: '이 메일의 기록을 찾을 수 없어요. 보관 기간이 지났을 수 있어요.',
    en: 'There is no record of this email. It may be past its retention.',
  },
  stillSending: {
    code: 'MAIL_STILL_SENDING',
    kind: 'conflict',
    ko: '아직 보내는 중이라 다시 보낼 수 없어요. 결과가 나온 뒤에 시도해 주세요.',
    en: 'This email is still being sent. Try again when it is known what became of it.',
  },
  nothingToRetry: {
    code: 'MAIL_NOTHING_TO_RETRY',
    kind: 'conflict',
    ko: '다시 보낼 사람이 없어요. 모두 받았거나, 반송이나 수신 차단으로 보낼 수 없는 주소예요.',
    en: 'There is nobody to send it to again: everybody has it, or their address bounced or is suppressed.',
  },
  suppressionUnknown: {
    code: 'MAIL_SUPPRESSION_UNKNOWN',
    kind: 'not-found',
    ko: '수신 차단 목록에서 이 주소를 찾을 수 없어요. 이미 풀었을 수 있어요.',
    en: 'This address is not on the suppression list. It may have been lifted already.',
  },
  personUnclear: {
    code: 'NOTIFY_PERSON_UNCLEAR',
    kind: 'invalid',
    ko: '이 말에 맞는 사람이 {max}명보다 많아요. 이름이나 이메일을 더 자세히 적어 주세요.',
    en: 'More than {max} people fit this. Write more of the name or e-mail address.',
  },
  cursorInvalid: {
    code: 'NOTIFY_CURSOR_INVALID',
    kind: 'invalid',
    ko: '목록의 위치를 알 수 없어요. 처음부터 다시 불러와 주세요.',
    en: 'That place in the list is not known. Load it from the start.',
  },
  eventRefused: {
    code: 'MAIL_EVENT_REFUSED',
    kind: 'forbidden',
    ko: '설정된 주제가 서명해서 보낸 알림이 아니라 받지 않았어요.',
    en: 'This is not a notification that the configured topic has signed, so it was not taken in.',
  },
} as const satisfies Record<string, ErrorSpec>
