import type { ErrorSpec } from '#platform/errors'

/** What can go wrong with a full sync, for those who look after the system. */
export const fullSyncErrors = {
  running: {
    code: 'SYNC_RUNNING',
    kind: 'conflict',
    ko: '전체 동기화가 이미 진행 중이에요. 끝난 뒤에 다시 시작하거나, 진행 중인 것을 먼저 멈춰 주세요.',
    en: 'A full sync is already running. Start another one when it has finished, or cancel it first.',
  },
  notFound: {
    code: 'SYNC_RUN_NOT_FOUND',
    kind: 'not-found',
    ko: '그런 전체 동기화 기록이 없어요. 목록에서 다시 골라 주세요.',
    en: 'There is no such full sync. Choose one from the list.',
  },
  over: {
    code: 'SYNC_RUN_OVER',
    kind: 'conflict',
    ko: '이미 끝난 전체 동기화라서 멈출 수 없어요.',
    en: 'This full sync has already ended, so it cannot be cancelled.',
  },
  unknownEntity: {
    code: 'SYNC_ENTITY_UNKNOWN',
    kind: 'invalid',
    ko: '동기화할 수 없는 데이터를 골랐어요. 동기화 상태에 나오는 이름으로 다시 골라 주세요.',
    en: 'One of the chosen entities cannot be synced. Choose from those that the sync status lists.',
  },
  suspicious: {
    code: 'SYNC_SUSPICIOUS',
    kind: 'conflict',
    ko: 'ERP에서 읽은 건수가 갑자기 크게 줄어서 사본에 반영하지 않았어요. ERP를 확인하고, 맞으면 강제로 다시 동기화해 주세요.',
    en: 'The ERP suddenly has far fewer records, so the copy was left as it is. Check the ERP; if it is right, sync again with force.',
  },
  abandoned: {
    code: 'SYNC_ABANDONED',
    kind: 'unavailable',
    ko: '하루 넘게 끝나지 않은 전체 동기화라서 그만두었어요. 다음 동기화가 처음부터 다시 읽어요.',
    en: 'This full sync had not ended within a day and was given up. The next one begins anew.',
  },
} as const satisfies Record<string, ErrorSpec>
