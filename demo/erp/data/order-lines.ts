import { type Cents, moneyText, type TableRows } from './table-rows.ts'
import type { Item } from './world.ts'

/** A line of a sales or purchase order. `price` is for one. */
type OrderLine = { no: string | null; item: Item; quantity: number; price: Cents }

/** The lines of sales or purchase orders as rows, numbered in the order they come. */
export function orderLineRows(table: string, lines: OrderLine[]): TableRows {
  return {
    table,
    columns: ['line_id', 'order_no', 'item_code', 'quantity', 'unit_price', 'amount'],
    rows: lines.map(({ no, item, quantity, price }, i) => [
      i + 1,
      no,
      item.code,
      quantity,
      moneyText(price),
      moneyText(quantity * price),
    ]),
  }
}
