import { type Day, daysBetween, isoOf, kindOfDay, monthOf } from './calendar.ts'
import { createNumbering } from './document-no.ts'
import { createPicker, createRandom, type Random } from './random.ts'
import type { TableRows } from './table-rows.ts'
import type { Employee, World } from './world.ts'

type Writer = (world: World, random: Random, day: Day) => string

const supplies = ['노트북', '모니터', '측정 공구', '사무용 의자', '프린터 토너', '작업복', '절삭유', '지게차 배터리']
const places = ['부산', '창원', '대구', '울산', '광주', '천안', '평택', '오사카', '함부르크', '하노이']
const leaves = ['연차', '오전 반차', '오후 반차', '경조 휴가', '하계 휴가']
const contracts = ['물품 공급 계약', '연간 단가 계약', '유지보수 계약', '비밀유지 계약', '운송 위탁 계약']

/** How a document of a kind is called. Kinds not named here are called by their kind. */
const writeTitle: Record<string, Writer> = {
  휴가신청서: (_world, random) => `${random.pick(leaves)} 신청`,
  지출결의서: (world, random, day) => `${monthOf(day)}월 ${random.pick(world.company.expenseAccounts)} 지출결의`,
  구매품의서: (_world, random) =>
    `${random.pick(supplies)} ${random.int(1, 12)}${random.pick(['개', '대', '세트'])} 구매 품의`,
  출장신청서: (world, random) => `${random.pick(places)} ${random.pick(world.customers).name} 출장 신청`,
  계약품의서: (world, random) => `${random.pick(world.vendors).name} ${random.pick(contracts)} 체결`,
}
const weights: Record<string, number> = {
  휴가신청서: 30,
  지출결의서: 30,
  구매품의서: 16,
  출장신청서: 16,
  계약품의서: 8,
}
const ranks = ['사원', '대리', '과장', '차장', '부장', '이사']
const docsPerWorkday = 7

/** Approval documents: most are decided within days, the latest are waiting with several approvers. */
export function makeApprovals(world: World): TableRows {
  const numberOf = createNumbering('AP')
  const approverOf = chooseApprovers(world)
  const pickType = createPicker(world.company.approvalTypes.map((value) => ({ value, weight: weights[value] ?? 5 })))
  const rows: TableRows['rows'] = []
  for (const day of daysBetween(world.start, world.today)) {
    const random = createRandom(world.seed, 'approvals', isoOf(day))
    for (let left = countDocuments(day, random); left > 0; left -= 1) {
      const requester = random.pick(world.employees)
      const type = pickType(random)
      const title = writeTitle[type]?.(world, random, day) ?? type
      const status = statusOf(world.today - day, random)
      const approver = approverOf(requester, type)
      if (requester.hired > day) continue
      rows.push([numberOf(day), isoOf(day), type, title, requester.no, approver.no, status])
    }
  }
  return {
    table: 'approval_documents',
    columns: ['doc_no', 'document_date', 'doc_type', 'title', 'requester_no', 'approver_no', 'status'],
    rows,
  }
}

function countDocuments(day: Day, random: Random): number {
  if (kindOfDay(day) !== 'workday') return random.int(1, 2)
  return random.int(docsPerWorkday - 2, docsPerWorkday + 2)
}

function statusOf(age: number, random: Random): string {
  const waitDays = random.int(0, 9) + (random.chance(0.015) ? 30 : 0)
  const isRejected = random.chance(0.06)
  if (age < waitDays) return 'pending'
  return isRejected ? 'rejected' : 'approved'
}

/** Spending goes to finance, contracts to the director, the rest to the highest of one's department, or of the company. */
function chooseApprovers({ employees }: World): (requester: Employee, type: string) => Employee {
  const rankOf = ({ title }: Employee) => ranks.indexOf(title)
  const highest = (team: Employee[]) => team.reduce((top, next) => (rankOf(next) > rankOf(top) ? next : top))
  const teamOf = (department: string) => employees.filter((employee) => employee.department === department)
  const director = highest(teamOf('경영지원팀'))
  const auditor = teamOf('재무회계팀').find(({ title }) => title === '과장') ?? director
  return (requester, type) => {
    const head = highest(teamOf(requester.department))
    const wanted = type === '지출결의서' ? auditor : type === '계약품의서' ? director : head
    if (wanted !== requester) return wanted
    return requester === director ? highest(employees.filter((employee) => employee !== director)) : director
  }
}
