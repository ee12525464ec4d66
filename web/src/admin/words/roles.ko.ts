export const roles = {
  lead: '역할마다 볼 수 있는 데이터와 관리 권한이에요.',
  fileTitle: '여기서는 볼 수만 있어요',
  file: '역할과 행 규칙은 회사가 버전 관리하는 access/roles.yaml 파일에 있어요. 바꾸려면 파일을 고치고 서비스를 다시 시작해 주세요.',
  sees: '볼 수 있는 데이터',
  entity: '항목',
  owner: '담당 부서',
  choose: '역할 고르기',
  none: '볼 수 없음',
  manages: '관리 권한',
  permission: '권한',
  given: '역할',
  groups: '회사 로그인 그룹',
  group: '그룹',
  nobody: '아무도 없음',
}

export const permission = {
  sync: 'ERP 연결과 동기화',
  people: '사람과 역할',
  'api-keys': 'API 키',
  networks: '접속 네트워크',
  audit: '감사 기록',
  notify: '메일과 알림',
  training: '학습과 모델',
}
