import { makeApprovals } from './approvals.ts'
import { budgetTable } from './budgets.ts'
import { dayOf } from './calendar.ts'
import { readCompany } from './company.ts'
import { claimTable, foreseeClaims } from './expenses.ts'
import { makeLeave } from './leave.ts'
import { masterTables } from './master-tables.ts'
import { makeProduction } from './production.ts'
import { makePurchasing } from './purchasing.ts'
import { makeSales } from './sales.ts'
import { makeStock } from './stock.ts'
import type { TableRows } from './table-rows.ts'
import { makeWorld } from './world.ts'

/** All the ERP's rows for a day and seed, a few tables at a time, under the name of what they are. The same input gives the same rows. */
export function* makeTables(today: string, seed: number): Generator<{ subject: string; tables: TableRows[] }> {
  const world = makeWorld(readCompany(), dayOf(today), seed)
  yield { subject: 'master data', tables: masterTables(world) }
  yield { subject: 'sales', tables: makeSales(world) }
  yield { subject: 'purchasing', tables: makePurchasing(world) }
  yield { subject: 'stock and production', tables: [makeStock(world), makeProduction(world)] }
  const claims = foreseeClaims(world)
  yield { subject: 'expenses and budgets', tables: [claimTable(world, claims), budgetTable(world, claims)] }
  yield { subject: 'people', tables: [makeLeave(world), makeApprovals(world)] }
}
