import { isoOf } from './calendar.ts'
import { createRandom, type Random } from './random.ts'
import type { TableRows } from './table-rows.ts'
import type { Item, World } from './world.ts'

/** How much of an item a warehouse usually keeps, against the first; returns are few and have no safety stock. */
const shares: Record<string, number> = { 본사창고: 1, 부산창고: 0.5, 평택창고: 0.6, 대전창고: 0.35, 반품창고: 0.02 }

/** The share of items a warehouse does not carry at all. */
const missing: Record<string, number> = { 대전창고: 0.35, 반품창고: 0.65 }

/** What lies in each warehouse today. Some of it is below safety stock, and some nearly gone. */
export function makeStock(world: World): TableRows {
  const rows: TableRows['rows'] = []
  for (const item of world.items) {
    world.company.warehouses.forEach((warehouse, w) => {
      const level = createRandom(world.seed, 'stock', item.code, warehouse)
      if (level.chance(missing[warehouse] ?? 0)) return
      const today = createRandom(world.seed, 'stock', item.code, warehouse, isoOf(world.today))
      const usual = item.trade.lot * 10 * (shares[warehouse] ?? 0.4)
      const safety = warehouse === '반품창고' ? 0 : Math.max(2, Math.round(usual * 0.35))
      rows.push([rows.length + 1, item.code, w + 1, quantityOf(item, { usual, safety, level, today }), safety])
    })
  }
  return {
    table: 'stock',
    columns: ['stock_id', 'item_code', 'warehouse_id', 'quantity', 'safety_stock'],
    rows,
  }
}

type Levels = { usual: number; safety: number; level: Random; today: Random }

function quantityOf(item: Item, { usual, safety, level, today }: Levels): number {
  const luck = level.float()
  const drift = 0.92 + today.float() * 0.16
  if (luck < 0.04) return Math.round(Math.min(9, item.trade.lot * 0.1) * today.float())
  if (luck < 0.16) return Math.round(safety * (0.3 + level.float() * 0.6) * drift)
  return Math.max(safety === 0 ? 0 : safety + 1, Math.round(usual * (0.5 + level.size()) * drift))
}
