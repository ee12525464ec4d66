import { addWorkdays, type Day, daysBetween, isoOf, kindOfDay, tradeLevel } from './calendar.ts'
import { createNumbering } from './document-no.ts'
import { createPicker, createRandom, type Random } from './random.ts'
import type { TableRows } from './table-rows.ts'
import type { Item, World } from './world.ts'

/** What a line makes, and the share of defects to expect of it. Lines not named here make anything. */
const lineWork: Record<string, { categories: string[]; defectShare: number }> = {
  '1라인': { categories: ['기어'], defectShare: 0.012 },
  '2라인': { categories: ['샤프트'], defectShare: 0.015 },
  '3라인': { categories: ['하우징'], defectShare: 0.021 },
  조립라인: { categories: ['모터', '센서', '유압부품'], defectShare: 0.009 },
  도장라인: { categories: ['하우징', '유압부품'], defectShare: 0.038 },
}
const daysPlanned = 14
const ordersPerWorkday = 5

/** Production orders up to two weeks ahead: what lies ahead is planned, what is begun is running until its due day. */
export function makeProduction(world: World): TableRows {
  const numberOf = createNumbering('MO')
  const lines = world.company.productionLines.map((name, i) => {
    const { categories, defectShare } = lineWork[name] ?? { categories: world.company.categories, defectShare: 0.015 }
    const items = world.items.filter(({ category }) => categories.includes(category))
    const pickItem = createPicker(items.map((value) => ({ value, weight: value.trade.popularity })))
    return { id: i + 1, pickItem, defectShare }
  })
  const rows: TableRows['rows'] = []
  for (const day of daysBetween(world.start, world.today + daysPlanned)) {
    const random = createRandom(world.seed, 'production', isoOf(day))
    for (let left = countOrders(day, random); left > 0; left -= 1) {
      const line = random.pick(lines)
      const item = line.pickItem(random)
      const due = addWorkdays(day, random.int(1, 5))
      const planned = plannedQuantity(item, random)
      const share = line.defectShare * (0.3 + 1.4 * random.float()) * (random.chance(0.04) ? 3 : 1)
      const { status, produced, defects } = progress({ day, due, planned, share }, world.today, random)
      rows.push([numberOf(day), isoOf(day), isoOf(due), item.code, line.id, status, planned, produced, defects])
    }
  }
  const columns = ['order_no', 'document_date', 'due_date', 'item_code', 'line_id', 'status']
  return {
    table: 'production_orders',
    columns: [...columns, 'planned_quantity', 'produced_quantity', 'defect_quantity'],
    rows,
  }
}

function countOrders(day: Day, random: Random): number {
  const kind = kindOfDay(day)
  if (kind === 'rest') return random.int(0, 1)
  if (kind === 'saturday') return random.int(1, 3)
  return Math.max(2, Math.round(ordersPerWorkday * tradeLevel(day) * (0.7 + random.float() * 0.6)))
}

function plannedQuantity(item: Item, random: Random): number {
  const exact = item.trade.lot * 6 * random.size()
  return Math.max(5, exact >= 100 ? Math.round(exact / 10) * 10 : Math.round(exact))
}

type Job = { day: Day; due: Day; planned: number; share: number }

function progress({ day, due, planned, share }: Job, today: Day, random: Random) {
  const yieldShare = random.chance(0.85) ? 1 : 0.9 + random.float() * 0.1
  const isFinished = random.chance(0.9)
  if (day > today) return { status: 'planned', produced: 0, defects: 0 }
  const isDone = isFinished ? due <= today : due + 3 <= today
  const done = isDone ? yieldShare : Math.min(0.95, (today - day + 0.5) / (due - day + 1))
  const produced = Math.round(planned * done)
  return { status: isDone ? 'done' : 'running', produced, defects: Math.round(produced * share) }
}
