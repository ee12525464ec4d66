import type { ErrorSpec } from '#platform/errors'

/** What can go wrong with what is sent on a schedule or told of. */
export const subscriptionErrors = {
  notFound: {
    code: 'SUBSCRIPTION_NOT_FOUND',
    kind: 'not-found',
    ko: '이 구독이나 알림을 찾을 수 없어요. 이미 지웠을 수 있어요.',
    en: 'This subscription or alert cannot be found. It may have been deleted.',
  },
  tooMany: {
    code: 'SUBSCRIPTION_TOO_MANY',
    kind: 'conflict',
    ko: '구독과 알림은 모두 합쳐 {limit}개까지 둘 수 있어요. 쓰지 않는 것을 지우고 다시 시도해 주세요.',
    en: 'You can have {limit} subscriptions and alerts in all. Delete one you no longer need and try again.',
  },
  schedule: {
    code: 'SUBSCRIPTION_SCHEDULE',
    kind: 'invalid',
    ko: '보낼 때를 알 수 없거나 너무 잦아요. 15분보다 드문 때를 ‘매주 월요일 9시’처럼 정해 주세요.',
    en: 'The schedule is not one, or comes too often. Choose a time at least fifteen minutes apart, such as every Monday at 9.',
  },
  scheduleMissing: {
    code: 'SUBSCRIPTION_SCHEDULE_MISSING',
    kind: 'invalid',
    ko: '정기 보고서에는 보낼 때가 있어야 해요. ‘매주 월요일 9시’처럼 정해 주세요.',
    en: 'A scheduled report needs a schedule, such as every Monday at 9.',
  },
  conditionMissing: {
    code: 'SUBSCRIPTION_CONDITION_MISSING',
    kind: 'invalid',
    ko: '알림에는 조건이 있어야 해요. ‘재고가 100개 밑으로 떨어지면’처럼 정해 주세요.',
    en: 'An alert needs a condition, such as stock below 100.',
  },
  onlyNewOfRecords: {
    code: 'SUBSCRIPTION_ONLY_NEW',
    kind: 'invalid',
    ko: '새로 생기는 것은 합계나 묶음이 아니라 건마다 알릴 수 있어요. ‘새 결재 올라오면 알려줘’처럼 말해 주세요.',
    en: 'What is new is told record by record, not of a total or of groups. Say, for example, tell me when a new approval comes in.',
  },
  notAllowed: {
    code: 'SUBSCRIPTION_NOT_ALLOWED',
    kind: 'forbidden',
    ko: '이 데이터를 볼 권한이 없어 보내 드릴 수 없어요. 권한 담당자: {ask}',
    en: "You don't have access to this data, so it cannot be sent to you. Ask: {ask}",
  },
  paused: {
    code: 'SUBSCRIPTION_PAUSED',
    kind: 'conflict',
    ko: '멈춰 둔 것이라 지금 보낼 수 없어요. 다시 켠 뒤에 시도해 주세요.',
    en: 'It is paused, so it cannot be sent now. Resume it first.',
  },
  channelOff: {
    code: 'SUBSCRIPTION_CHANNEL_OFF',
    kind: 'unavailable',
    ko: '지금은 이 방법으로 보낼 수 없어요. 관리자에게 메일이나 푸시 설정을 요청해 주세요.',
    en: 'Nothing can be sent this way at the moment. Ask your administrator to configure mail or push.',
  },
  addressMissing: {
    code: 'SUBSCRIPTION_ADDRESS_MISSING',
    kind: 'conflict',
    ko: '계정에 메일 주소가 없어 보낼 수 없어요. 인사 정보의 메일 주소를 확인해 주세요.',
    en: 'Your account has no mail address to send to. Check the address in your personnel data.',
  },
} as const satisfies Record<string, ErrorSpec>
