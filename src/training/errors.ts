import type { ErrorSpec } from '#platform/errors'

/** What can go wrong with training and with models. */
export const trainingErrors = {
  jobNotFound: {
    code: 'TRAINING_JOB_NOT_FOUND',
    kind: 'not-found',
    ko: '학습 작업을 찾을 수 없어요. 목록에서 다시 골라 주세요.',
    en: 'There is no such training job. Choose one from the list.',
  },
  jobOver: {
    code: 'TRAINING_JOB_OVER',
    kind: 'conflict',
    ko: '이미 끝난 학습 작업이에요. 필요하면 새로 시작해 주세요.',
    en: 'This training job has already ended. Start a new one if you need to.',
  },
  datasetMissing: {
    code: 'TRAINING_DATASET_MISSING',
    kind: 'not-found',
    ko: '이 작업의 학습 데이터가 아직 없어요. 전처리가 끝난 뒤 다시 시도해 주세요.',
    en: 'This job has no data set yet. Try again when its data has been prepared.',
  },
  modelNotFound: {
    code: 'TRAINING_MODEL_NOT_FOUND',
    kind: 'not-found',
    ko: '모델 버전을 찾을 수 없어요. 오래되어 지워졌을 수 있어요.',
    en: 'There is no such model version. It may have been removed for its age.',
  },
  modelTampered: {
    code: 'TRAINING_MODEL_TAMPERED',
    kind: 'internal',
    ko: '저장된 모델 {model}의 내용이 해시와 달라서 쓰지 않았어요. 다른 버전을 배포해 주세요.',
    en: 'The stored model {model} does not match its hash and was not used. Deploy another version.',
  },
  modelUnreadable: {
    code: 'TRAINING_MODEL_UNREADABLE',
    kind: 'invalid',
    ko: '보낸 파일을 모델로 읽을 수 없어요. 학습 도구의 출력 형식을 확인해 주세요.',
    en: 'What was sent cannot be read as a model. Check what the trainer writes.',
  },
  otherCode: {
    code: 'TRAINING_MODEL_OTHER_CODE',
    kind: 'conflict',
    ko: '다른 버전의 프로그램으로 평가한 모델이라 지금은 배포할 수 없어요. 다시 학습해 주세요.',
    en: 'This model was evaluated with another version of the program and cannot be deployed. Train again.',
  },
  nothingToRollBack: {
    code: 'TRAINING_NOTHING_TO_ROLL_BACK',
    kind: 'conflict',
    ko: '되돌릴 이전 배포가 없어요. 기본 모델이 이미 쓰이고 있어요.',
    en: 'There is no deployment to roll back. The built-in model is in service already.',
  },
  noTrial: {
    code: 'TRAINING_NO_TRIAL',
    kind: 'conflict',
    ko: '지금 시험 중인 모델이 없어요.',
    en: 'There is no model on trial.',
  },
  notWaiting: {
    code: 'TRAINING_JOB_NOT_WAITING',
    kind: 'conflict',
    ko: '이 작업은 외부 학습 결과를 기다리고 있지 않아요.',
    en: 'This job is not waiting for a model of another program.',
  },
  unknownTrainer: {
    code: 'TRAINING_TRAINER_UNKNOWN',
    kind: 'invalid',
    ko: '설정에 없는 학습 도구예요. built-in, foreign 또는 설정에 적은 이름을 골라 주세요.',
    en: 'No trainer of this name is configured. Choose built-in, foreign, or one of the configuration.',
  },
  badSchedule: {
    code: 'TRAINING_SCHEDULE_INVALID',
    kind: 'invalid',
    ko: '일정을 읽을 수 없어요. cron 다섯 칸과 시간대를 확인해 주세요.',
    en: 'The schedule cannot be read. Check the five fields of cron and the time zone.',
  },
  candidateNotFound: {
    code: 'TRAINING_CANDIDATE_NOT_FOUND',
    kind: 'not-found',
    ko: '검토할 질문을 찾을 수 없어요. 대화가 지워졌을 수 있어요.',
    en: 'There is no such question to review. Its conversation may have been deleted.',
  },
  importFaulty: {
    code: 'TRAINING_IMPORT_FAULTY',
    kind: 'invalid',
    ko: '파일에 고칠 줄이 {count}개 있어서 아무것도 가져오지 않았어요. 줄을 고친 뒤 다시 올려 주세요.',
    en: 'Lines to mend in the file: {count}. Nothing was imported. Mend them and bring the file again.',
  },
  importUnreadable: {
    code: 'TRAINING_IMPORT_UNREADABLE',
    kind: 'invalid',
    ko: '파일의 글자를 읽을 수 없어요. UTF-8로 저장한 CSV나 JSONL 파일을 올려 주세요.',
    en: 'The letters of the file cannot be read. Bring a CSV or JSONL file saved as UTF-8.',
  },
  importTooBig: {
    code: 'TRAINING_IMPORT_TOO_BIG',
    kind: 'invalid',
    ko: '한 번에 {rows}줄까지 가져올 수 있어요. 파일을 나눠 주세요.',
    en: 'At most {rows} lines can be imported at once. Split the file.',
  },
  unknownName: {
    code: 'TRAINING_QUERY_UNKNOWN',
    kind: 'invalid',
    ko: '카탈로그에 없는 이름이 있어요: {name}. 목록에서 골라 주세요.',
    en: 'The catalog has no {name}. Choose from the list.',
  },
  unknownLabel: {
    code: 'TRAINING_LABEL_UNKNOWN',
    kind: 'invalid',
    ko: '모르는 라벨이에요. 라벨 목록에서 골라 주세요.',
    en: 'This label is unknown. Choose one from the list of labels.',
  },
} satisfies Record<string, ErrorSpec>

/** Codes of how jobs end. */
export const outcomes = {
  deployed: 'DEPLOYED',
  worse: 'WORSE_THAN_IN_SERVICE',
  shadowFailed: 'SHADOW_DIFFERS',
  canaryFailed: 'CANARY_FAILED',
  trialEnded: 'TRIAL_ENDED',
  cancelled: 'CANCELLED',
  memoryLimit: 'MEMORY_LIMIT',
  timeLimit: 'TIME_LIMIT',
  trainerFailed: 'TRAINER_FAILED',
  gaveUp: 'GAVE_UP',
  fault: 'INTERNAL',
} as const
