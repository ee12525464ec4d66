import type { Role } from '#auth'

/** The people who can sign in to the demo, all with the same password. Names and departments are those of `company.json`. */
export const demoPassword = 'hanbit'

export type DemoAccount = { login: string; name: string; department: string; title: string; groups: Role[] }

export const demoAccounts: DemoAccount[] = [
  { login: 'somi', name: '안소미', department: '인사총무팀', title: '사원', groups: ['employee'] },
  { login: 'gaeun', name: '류가은', department: '구매팀', title: '과장', groups: ['employee'] },
  { login: 'minsu', name: '김민수', department: '국내영업팀', title: '과장', groups: ['employee', 'sales'] },
  { login: 'eunbi', name: '조은비', department: '해외영업팀', title: '과장', groups: ['employee', 'sales'] },
  { login: 'sejin', name: '오세진', department: '재무회계팀', title: '과장', groups: ['employee', 'finance'] },
  { login: 'sanghyun', name: '주상현', department: '경영지원팀', title: '이사', groups: ['employee', 'executive'] },
  { login: 'hyerim', name: '우혜림', department: '경영지원팀', title: '과장', groups: ['employee', 'admin'] },
  { login: 'bonseok', name: '구본석', department: '경영지원팀', title: '대리', groups: ['employee', 'auditor'] },
]
