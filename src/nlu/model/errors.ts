import type { ErrorSpec } from '#platform/errors'

/** Why a model file is refused. */
export const modelErrors = {
  unreadable: {
    code: 'MODEL_UNREADABLE',
    kind: 'internal',
    ko: '모델 파일 {path}을(를) 읽을 수 없어요: {reason}. 파일이 있는지, 권한이 맞는지 확인해 주세요.',
    en: 'The model file {path} cannot be read: {reason}. Check that it is there and readable.',
  },
  notAModel: {
    code: 'MODEL_NOT_A_MODEL',
    kind: 'internal',
    ko: '{path}은(는) 모델 파일이 아니에요. 다른 파일을 골라 주세요.',
    en: '{path} is not a model file. Choose another one.',
  },
  otherVersion: {
    code: 'MODEL_OTHER_VERSION',
    kind: 'internal',
    ko: '{path}은(는) {found} 판 형식이라 {expected} 판을 읽는 이 프로그램이 열 수 없어요. 모델을 다시 학습해 주세요.',
    en: '{path} has format version {found}; this program reads version {expected}. Train the model again.',
  },
  tampered: {
    code: 'MODEL_TAMPERED',
    kind: 'internal',
    ko: '모델 파일 {path}의 내용이 저장할 때와 달라요. 원본으로 바꾸거나 모델을 다시 학습해 주세요.',
    en: 'The model file {path} is not what was saved: its checksum differs. Put the original back or train again.',
  },
} as const satisfies Record<string, ErrorSpec>
