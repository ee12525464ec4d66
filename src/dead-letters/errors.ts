import type { ErrorSpec } from '#platform/errors'

/** What can go wrong with messages that nobody could deal with. */
export const deadLetterErrors = {
  unknown: {
    code: 'DEAD_LETTER_UNKNOWN',
    kind: 'not-found',
    ko: '이 메시지를 찾을 수 없어요. 이미 다시 보냈거나 버렸을 수 있어요.',
    en: 'There is no such message. It may have been replayed or discarded already.',
  },
  queueGone: {
    code: 'DEAD_LETTER_QUEUE_GONE',
    kind: 'conflict',
    ko: '이 메시지의 대기열은 이제 쓰지 않아서 다시 보낼 수 없어요. 필요 없으면 버려 주세요.',
    en: 'The queue of this message is no longer in use, so it cannot be replayed. Discard it if it is not needed.',
  },
  cursorInvalid: {
    code: 'DEAD_LETTER_CURSOR_INVALID',
    kind: 'invalid',
    ko: '목록의 위치를 알 수 없어요. 처음부터 다시 불러와 주세요.',
    en: 'That place in the list is not known. Load it from the start.',
  },
} as const satisfies Record<string, ErrorSpec>
