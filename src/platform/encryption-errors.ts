import type { ErrorSpec } from './errors.ts'

/** What can go wrong between a stored value and its key. None of these is the reader's to solve. */
export const encryptionErrors = {
  undecipherable: {
    code: 'UNDECIPHERABLE',
    kind: 'internal',
    ko: '저장된 내용을 열 수 없어요. 바뀌었거나 다른 키로 잠긴 것 같아요. 추적 번호와 함께 관리자에게 알려 주세요.',
    en: 'Stored content cannot be opened: it was altered or locked with another key. Give your administrator the trace id.',
  },
  keyFileUnsafe: {
    code: 'KEY_FILE_UNSAFE',
    kind: 'internal',
    ko: '키 파일 {path}을(를) 다른 사용자도 읽을 수 있어요(권한 {mode}). chmod 600으로 바꾸고 다시 시작해 주세요.',
    en: 'Other users can read the key file {path} (mode {mode}). Change it with chmod 600 and start again.',
  },
  keyFileUnreadable: {
    code: 'KEY_FILE_UNREADABLE',
    kind: 'internal',
    ko: '키 파일 {path}을(를) 읽을 수 없어요: {reason}. 백업해 둔 키 파일을 돌려놓고 다시 시작해 주세요.',
    en: 'The key file {path} cannot be read: {reason}. Put back your copy of it and start again.',
  },
} satisfies Record<string, ErrorSpec>
