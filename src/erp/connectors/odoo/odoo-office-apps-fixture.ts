import { rowsOf, type SimModels, simTypes } from './odoo-simulator-model-fixture.ts'

/** What the office keeps in the apps for buying, stock, people and making: for the simulator of Odoo, tests only. */
const { text, money, amount, choice, date, instant, flag, logged, to } = simTypes

export function appModels(): SimModels {
  return { ...buyingModels(), ...peopleModels(), ...makingModels() }
}

function buyingModels(): SimModels {
  const order = { name: text, date_approve: instant, partner_id: to('res.partner'), user_id: to('res.users') }
  const line = { order_id: to('purchase.order'), date_planned: instant, product_id: to('product.product') }
  return {
    'purchase.order': {
      fields: { ...logged, ...order, receipt_status: choice },
      rows: rowsOf(
        ['name', 'date_approve', 'partner_id', 'user_id', 'receipt_status'],
        [
          ['P1', '2026-11-02 02:00:00', '3', '1', 'pending'],
          ['P2', '2026-11-09 23:00:00', '2', null, 'full'],
        ],
      ),
    },
    'purchase.order.line': {
      fields: { ...logged, ...line, price_subtotal: money, product_qty: amount, state: choice, display_type: choice },
      rows: rowsOf(
        ['order_id', 'date_planned', 'product_id', 'price_subtotal', 'product_qty', 'state'],
        [
          ['1', '2026-11-20 00:00:00', '1', '100', '10', 'purchase'],
          ['1', '2026-11-21 00:00:00', '2', '50.5', '1', 'purchase'],
          ['2', null, '1', '7', '1', 'purchase'],
          ['2', null, '1', '9', '1', 'cancel'],
        ],
      ),
    },
  }
}

function peopleModels(): SimModels {
  const employee = { name: text, barcode: text, job_title: text, work_phone: text, work_email: text }
  return {
    'hr.department': { fields: { name: text }, rows: rowsOf(['name'], [['영업팀'], ['구매팀']]) },
    'hr.employee': {
      fields: { ...logged, ...employee, department_id: to('hr.department'), contract_date_start: date, active: flag },
      rows: rowsOf(
        ['name', 'barcode', 'department_id', 'job_title', 'contract_date_start', 'active'],
        [
          ['김민수', 'E1', '1', '과장', '2020-01-02', true],
          ['이서연', null, '2', null, null, true],
        ],
      ),
    },
    'account.account': { fields: { name: text }, rows: rowsOf(['name'], [['여비교통비']]) },
    'hr.expense': {
      fields: {
        ...logged,
        date,
        employee_id: to('hr.employee'),
        account_id: to('account.account'),
        state: choice,
        total_amount: money,
      },
      rows: rowsOf(
        ['date', 'employee_id', 'account_id', 'state', 'total_amount'],
        [
          ['2026-11-03', '1', '1', 'submitted', '12000'],
          ['2026-11-04', '2', null, 'paid', '8000'],
          ['2026-11-05', '2', '1', 'posted', '500'],
        ],
      ),
    },
  }
}

function makingModels(): SimModels {
  return {
    'stock.warehouse': { fields: { name: text }, rows: rowsOf(['name'], [['본사창고']]) },
    'stock.location': {
      fields: { usage: choice, warehouse_id: to('stock.warehouse') },
      rows: rowsOf(['usage', 'warehouse_id'], [['internal', '1'], ['customer'], ['internal', null]]),
    },
    'stock.quant': {
      // What stock is worth is worked out on reading.
      fields: {
        ...logged,
        product_id: to('product.product'),
        location_id: to('stock.location'),
        quantity: amount,
        value: { type: 'monetary', stored: false },
      },
      rows: rowsOf(
        ['product_id', 'location_id', 'quantity', 'value'],
        [
          ['1', '1', '5', '500'],
          ['1', '2', '-5', '-500'],
          ['2', '3', '0.5', '10.25'],
        ],
      ),
    },
    'mrp.production': {
      fields: {
        ...logged,
        name: text,
        date_start: instant,
        date_deadline: instant,
        product_id: to('product.product'),
        state: choice,
        product_qty: amount,
        qty_produced: { type: 'float', stored: false },
      },
      rows: rowsOf(
        ['name', 'date_start', 'date_deadline', 'product_id', 'state', 'product_qty', 'qty_produced'],
        [
          ['MO1', '2026-11-01 20:00:00', '2026-11-30 00:00:00', '1', 'confirmed', '10', '0'],
          ['MO2', '2026-11-02 00:00:00', null, '2', 'to_close', '4', '4'],
          ['MO3', '2026-11-02 00:00:00', null, '2', 'cancel', '4', '0'],
        ],
      ),
    },
  }
}
