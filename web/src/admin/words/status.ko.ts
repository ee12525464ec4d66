export const status = {
  lead: '서비스에 필요한 시스템이 응답하는지 15초마다 확인해요.',
  all: {
    up: '모두 정상이에요.',
    partly: '응답하지 않는 시스템이 있어요. 질문에는 계속 답해요.',
    down: '지금은 질문에 답할 수 없어요.',
  },
  dependency: '시스템',
  state: { up: '정상', partly: '일부만 정상', down: '응답 없음', unknown: '아직 모름', absent: '설정 안 함' },
  stateTitle: '상태',
  since: '{{at}}부터',
  effect: '멈췄을 때의 영향',
  took: '응답 시간',
  ms: '{{count}} ms',
  reason: '원인',
}
