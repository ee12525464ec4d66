import type { ErrorSpec } from '#platform/errors'

/** What can go wrong when something is to be pushed. */
export const pushErrors = {
  tooLarge: {
    code: 'PUSH_TOO_LARGE',
    kind: 'invalid',
    ko: '알림 내용이 {size}바이트예요. 제목, 본문, 데이터를 합쳐 {limit}바이트까지 보낼 수 있어요. 줄여서 다시 보내 주세요.',
    en: 'The message has {size} bytes. Title, body and data may have {limit} bytes together; make it shorter.',
  },
  empty: {
    code: 'PUSH_EMPTY',
    kind: 'invalid',
    ko: '보낼 내용이 없어요. 알림이나 데이터 중 하나는 넣어 주세요.',
    en: 'There is nothing to send. Give a notification, data, or both.',
  },
  nobody: {
    code: 'PUSH_TARGET_MISSING',
    kind: 'invalid',
    ko: '누구에게 보낼지 정해지지 않았어요. 사람, 역할, 부서, 기기, 주제 중 하나는 골라 주세요.',
    en: 'It is not said whom to send to. Name people, roles, departments, devices or topics.',
  },
  tooLate: {
    code: 'PUSH_TIME_INVALID',
    kind: 'invalid',
    ko: '예약 시각은 지금부터 {days}일 안이어야 해요.',
    en: 'A message can be scheduled for at most {days} days from now, and not for the past.',
  },
  conditionInvalid: {
    code: 'PUSH_CONDITION_INVALID',
    kind: 'invalid',
    ko: "주제 조건을 읽을 수 없어요. `'재고' in topics && …` 모양으로, 이름은 영문과 숫자로 적어 주세요.",
    en: "The condition on topics cannot be read. Write it as `'stock' in topics && ('seoul' in topics || 'busan' in topics)`.",
  },
  conditionTooLong: {
    code: 'PUSH_CONDITION_TOO_LONG',
    kind: 'invalid',
    ko: '조건에 주제가 {count}개 있어요. {limit}개까지 쓸 수 있어요.',
    en: 'The condition names {count} topics. It may name {limit}.',
  },
  unknown: {
    code: 'PUSH_UNKNOWN',
    kind: 'not-found',
    ko: '이 알림의 기록을 찾을 수 없어요. 보관 기간이 지났을 수 있어요.',
    en: 'There is no record of this message. It may be past its retention.',
  },
  over: {
    code: 'PUSH_ALREADY_OVER',
    kind: 'conflict',
    ko: '이미 끝난 알림이라 취소할 수 없어요.',
    en: 'This message is over already and cannot be cancelled.',
  },
  deviceUnknown: {
    code: 'PUSH_DEVICE_UNKNOWN',
    kind: 'not-found',
    ko: '이 기기를 찾을 수 없어요. 이미 지워졌을 수 있어요.',
    en: 'There is no such device of yours. It may have been removed.',
  },
  tooManyDevices: {
    code: 'PUSH_DEVICE_LIMIT',
    kind: 'conflict',
    ko: '기기는 {limit}대까지 등록할 수 있어요. 쓰지 않는 기기를 지우고 다시 등록해 주세요.',
    en: 'You can have {limit} devices. Remove one that you do not use and try again.',
  },
  tooManyTopics: {
    code: 'PUSH_TOPIC_LIMIT',
    kind: 'conflict',
    ko: '기기 하나가 구독할 수 있는 주제는 {limit}개예요. 다른 주제를 해지하고 다시 시도해 주세요.',
    en: 'A device can subscribe to {limit} topics. Unsubscribe from one and try again.',
  },
} as const satisfies Record<string, ErrorSpec>
