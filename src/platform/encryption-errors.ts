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
  keyFileBusy: {
    code: 'KEY_FILE_BUSY',
    kind: 'conflict',
    ko: '다른 명령이 키 파일을 바꾸고 있어요. 그런 명령이 없다면 {path}을(를) 지우고 다시 실행해 주세요.',
    en: 'Another command is changing the key file. If none is, remove {path} and try again.',
  },
  masterKeyUnknown: {
    code: 'MASTER_KEY_UNKNOWN',
    kind: 'not-found',
    ko: '키 파일에 마스터 키 {id}이(가) 없어요. keys status로 확인해 주세요.',
    en: 'The key file has no master key {id}. See keys status.',
  },
  masterKeyCurrent: {
    code: 'MASTER_KEY_CURRENT',
    kind: 'conflict',
    ko: '마스터 키 {id}은(는) 지금 쓰는 키라서 지울 수 없어요.',
    en: 'The master key {id} is the current one, so it cannot be dropped.',
  },
  masterKeyInUse: {
    code: 'MASTER_KEY_IN_USE',
    kind: 'conflict',
    ko: '마스터 키 {id}(으)로 잠긴 값이 {count}개 남아 있어서 지울 수 없어요. 먼저 keys rewrap을 실행해 주세요.',
    en: '{count} values are still sealed under the master key {id}, so it cannot be dropped. Run keys rewrap first.',
  },
  rewrapRunning: {
    code: 'REWRAP_RUNNING',
    kind: 'conflict',
    ko: '다시 잠그는 작업이 이미 실행 중이에요. 끝난 다음에 다시 실행해 주세요.',
    en: 'Values are being sealed anew already. Try again when that has ended.',
  },
  keyServiceUnavailable: {
    code: 'KEY_SERVICE_UNAVAILABLE',
    kind: 'unavailable',
    ko: '암호화 키 서비스(KMS)에 연결할 수 없어요. 잠시 뒤에 다시 시도해 주세요.',
    en: 'The key service (KMS) cannot be reached. Try again in a moment.',
  },
  keyServiceRefused: {
    code: 'KEY_SERVICE_REFUSED',
    kind: 'unavailable',
    ko: '암호화 키 서비스(KMS)가 요청을 거절했어요: {reason}. 키의 상태와 권한을 관리자가 확인해야 해요.',
    en: 'The key service (KMS) refused: {reason}. Your administrator should check the state of the key and its permissions.',
  },
} satisfies Record<string, ErrorSpec>
