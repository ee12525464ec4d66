/** The frame of the console, and words of several of its pages. */
export const frame = {
  title: '관리 화면',
  menu: '관리 메뉴',
  openMenu: '관리 메뉴 열기',
  none: '없음',
  missing: '없는 화면이에요. 메뉴에서 골라 주세요.',
  pages: {
    overview: '개요',
    status: '시스템 상태',
    people: '사람',
    roles: '역할',
    'api-keys': 'API 키',
    networks: '네트워크',
    notify: '발송 현황',
    mail: '메일',
    push: '푸시',
    'dead-letters': '처리하지 못한 메시지',
    suppressions: '수신 차단 목록',
    devices: '기기와 주제',
    'push-sink': '기록된 푸시',
    audit: '감사 기록',
  },
}
