import type { ErrorSpec } from '#platform/errors'

/** What can go wrong with a question or a conversation. */
export const chatErrors = {
  questionEmpty: {
    code: 'QUESTION_EMPTY',
    kind: 'invalid',
    ko: '질문이 비어 있어요. 궁금한 내용을 적어 주세요. 예: 이번 달 매출 얼마야?',
    en: 'The question is empty. Write what you want to know, for example: sales this month.',
  },
  questionTooLong: {
    code: 'QUESTION_TOO_LONG',
    kind: 'invalid',
    ko: '질문이 너무 길어요({length}자). {max}자 안으로 줄여서 다시 물어봐 주세요.',
    en: 'The question is too long ({length} characters). Keep it within {max} and ask again.',
  },
  questionUnreadable: {
    code: 'QUESTION_UNREADABLE',
    kind: 'invalid',
    ko: '질문에 읽을 수 없는 문자가 들어 있어요. 그 부분을 지우고 다시 물어봐 주세요.',
    en: 'The question holds characters that cannot be read. Remove them and ask again.',
  },
  conversationNotFound: {
    code: 'CONVERSATION_NOT_FOUND',
    kind: 'not-found',
    ko: '대화를 찾을 수 없어요. 지워졌을 수 있으니 새 대화로 물어봐 주세요.',
    en: 'This conversation cannot be found. It may have been deleted; ask in a new one.',
  },
  turnNotFound: {
    code: 'TURN_NOT_FOUND',
    kind: 'not-found',
    ko: '대화에서 이 답을 찾을 수 없어요. 다시 물어봐 주세요.',
    en: 'This answer is not in the conversation. Please ask again.',
  },
  nothingToExport: {
    code: 'NOTHING_TO_EXPORT',
    kind: 'conflict',
    ko: '이 답에는 파일로 받을 데이터가 없어요. 숫자나 목록으로 답한 질문에서 받아 주세요.',
    en: 'This answer has no data to download. Choose one that shows a number or a list.',
  },
  exportRefused: {
    code: 'EXPORT_NOT_ALLOWED',
    kind: 'forbidden',
    ko: '지금은 이 데이터를 볼 권한이 없어요. 권한 담당자: {ask}',
    en: 'You no longer have access to this data. Ask: {ask}',
  },
  exportTooBig: {
    code: 'EXPORT_TOO_BIG',
    kind: 'invalid',
    ko: '파일에 담을 수 있는 {max}행을 넘어요({count}행). 기간이나 조건을 좁혀서 다시 받아 주세요.',
    en: 'That is {count} rows; a file holds {max}. Narrow the period or the conditions and try again.',
  },
  cursorInvalid: {
    code: 'CURSOR_INVALID',
    kind: 'invalid',
    ko: '목록의 위치를 읽을 수 없어요. 처음부터 다시 불러와 주세요.',
    en: 'The place in the list cannot be read. Load the list from its start.',
  },
  answerTimeout: {
    code: 'ANSWER_TIMEOUT',
    kind: 'unavailable',
    ko: '답을 찾는 데 너무 오래 걸려서 멈췄어요. 질문은 대화에 남아 있어요. 기간을 좁혀서 다시 물어봐 주세요.',
    en: 'Finding the answer took too long, so it was stopped. Your question is kept; narrow the period and ask again.',
  },
  answerInterrupted: {
    code: 'ANSWER_INTERRUPTED',
    kind: 'unavailable',
    ko: '답을 마치기 전에 연결이 끊겼어요. 질문은 남아 있으니 다시 물어봐 주세요.',
    en: 'The connection ended before the answer was ready. Your question is kept; please ask it again.',
  },
  tooManyQuestions: {
    code: 'TOO_MANY_QUESTIONS',
    kind: 'limited',
    ko: '한 번에 {max}개까지 물어볼 수 있어요. 앞의 답이 오면 다시 물어봐 주세요.',
    en: 'Up to {max} questions can be asked at once. Ask again when the earlier answers have come.',
  },
  frameUnreadable: {
    code: 'FRAME_UNREADABLE',
    kind: 'invalid',
    ko: '메시지 형식이 맞지 않아요. 화면을 새로 고친 뒤 다시 시도해 주세요.',
    en: 'The message does not fit the expected form. Reload the page and try again.',
  },
} satisfies Record<string, ErrorSpec>
