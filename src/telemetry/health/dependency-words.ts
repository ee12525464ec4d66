type Sentences = { ko: string; en: string }

/** What we depend on. `isVital`: without it no question is answered. */
type Words = { label: Sentences; whenDown: Sentences; whenAbsent: Sentences; isVital: boolean }

const never: Sentences = { ko: '항상 필요해요.', en: 'It is always needed.' }

/** What each is called, and what people notice while it is down. */
export const dependencyWords = {
  database: {
    label: { ko: '데이터베이스 (PostgreSQL)', en: 'Database (PostgreSQL)' },
    whenDown: {
      ko: '로그인, 질문, 기록이 모두 멈춰요. 돌아오면 바로 이어져요.',
      en: 'Sign-in, questions and records all stop. They go on as soon as it is back.',
    },
    whenAbsent: never,
    isVital: true,
  },
  nlu: {
    label: { ko: '질문을 이해하는 서버', en: 'Understanding servers' },
    whenDown: {
      ko: '새 질문에 답하지 못해요. 지난 대화는 볼 수 있어요.',
      en: 'New questions are not answered. Past conversations can be read.',
    },
    whenAbsent: never,
    isVital: true,
  },
  erp: {
    label: { ko: 'ERP', en: 'ERP' },
    whenDown: {
      ko: '저장된 사본으로 답하고, 언제 데이터인지 함께 보여 줘요. 사본이 없는 항목은 답하지 못해요.',
      en: 'Answers come from our copy and say how old it is. What has no copy is not answered.',
    },
    whenAbsent: never,
    isVital: false,
  },
  identity: {
    label: { ko: '인증 서버', en: 'Identity provider' },
    whenDown: {
      ko: '새로 로그인할 수 없어요. 이미 로그인한 사람은 계속 쓸 수 있어요.',
      en: 'Nobody new can sign in. Who is signed in goes on.',
    },
    whenAbsent: never,
    isVital: false,
  },
  keys: {
    label: { ko: '키 서비스', en: 'Key service' },
    whenDown: {
      ko: '메모리에 있는 키로 잠시 이어 가요. 그 뒤에는 암호화된 대화를 읽거나 남기지 못해요.',
      en: 'Keys in memory carry on for a while. After that, sealed conversations can be neither read nor kept.',
    },
    whenAbsent: never,
    isVital: false,
  },
  redis: {
    label: { ko: 'Redis', en: 'Redis' },
    whenDown: {
      ko: '로그인 상태를 확인할 수 없어 로그인과 새 토큰 발급이 멈춰요.',
      en: 'Sessions cannot be looked up: signing in and renewing tokens stop.',
    },
    whenAbsent: {
      ko: '설정하지 않았어요. 로그인 상태는 데이터베이스에 있고, 요청 한도는 프로세스마다 세요.',
      en: 'Not configured. Sessions are in the database, and each process counts limits by itself.',
    },
    isVital: false,
  },
  queue: {
    label: { ko: '메시지 큐', en: 'Message queue' },
    whenDown: {
      ko: '메일과 백그라운드 작업이 늦어져요. 맡긴 일은 잃지 않고, 돌아오면 처리해요.',
      en: 'Mail and background work are late. Nothing handed over is lost; it is done when the queue is back.',
    },
    whenAbsent: never,
    isVital: false,
  },
  mail: {
    label: { ko: '메일 서버', en: 'Mail server' },
    whenDown: {
      ko: '메일이 늦어져요. 돌아오면 보내요.',
      en: 'Mail is late, and goes out when the server is back.',
    },
    whenAbsent: { ko: '설정하지 않아 메일을 보내지 않아요.', en: 'Not configured: no mail is sent.' },
    isVital: false,
  },
  push: {
    label: { ko: '푸시 알림 (FCM)', en: 'Push messages (FCM)' },
    whenDown: {
      ko: '휴대폰 알림이 늦어져요. 돌아오면 보내요.',
      en: 'Notices on phones are late, and go out when it is back.',
    },
    whenAbsent: { ko: '설정하지 않아 휴대폰 알림을 보내지 않아요.', en: 'Not configured: no notices go to phones.' },
    isVital: false,
  },
  'log-store': {
    label: { ko: '로그 저장소 (Elasticsearch)', en: 'Log store (Elasticsearch)' },
    whenDown: {
      ko: '서비스에는 영향이 없어요. 로그는 메모리에서 기다리다 가득 차면 버리고 수를 세요. 감사 기록은 잃지 않아요.',
      en: 'The service is not affected. Logs wait in memory; what finds no room is dropped and counted. The audit loses nothing.',
    },
    whenAbsent: {
      ko: '설정하지 않았어요. 로그는 표준 출력이나 파일로 가요.',
      en: 'Not configured. Logs go to standard output or to files.',
    },
    isVital: false,
  },
  'log-files': {
    label: { ko: '로그 폴더', en: 'Log folder' },
    whenDown: {
      ko: '서비스에는 영향이 없어요. 로그 줄을 버리고 수를 세요. 감사 기록은 자리가 나면 이어 써요.',
      en: 'The service is not affected. Log lines are dropped and counted. The audit goes on when there is room.',
    },
    whenAbsent: { ko: '설정하지 않았어요.', en: 'Not configured.' },
    isVital: false,
  },
} as const satisfies Record<string, Words>

export type DependencyName = keyof typeof dependencyWords
