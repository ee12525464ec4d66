import { appModels } from './odoo-office-apps-fixture.ts'
import { rowsOf, type SimModels, type SimRow, simTypes } from './odoo-simulator-model-fixture.ts'

/** The data of a small office, for the simulator of Odoo: tests only. */
const { text, money, amount, whole, choice, date, instant, flag, logged, to } = simTypes

/** Partners 1–4 are companies, 5 a contact of the first; product 2 has a code in its display name. */
export function officeModels(): SimModels {
  return { ...masterModels(), ...invoiceModels(), ...orderModels(), ...appModels() }
}

function masterModels(): SimModels {
  return {
    'res.country.state': { fields: { name: text }, rows: rowsOf(['name'], [['서울'], ['부산']]) },
    'res.partner': {
      fields: {
        ...logged,
        name: text,
        vat: text,
        phone: text,
        state_id: to('res.country.state'),
        parent_id: to('res.partner'),
        commercial_partner_id: to('res.partner'),
        customer_rank: whole,
        supplier_rank: whole,
        active: flag,
      },
      order: 'name',
      displayName: ({ name, parent_id: parent }) => (parent === null ? String(name) : `한빛정밀, ${name}`),
      rows: rowsOf(
        ['name', 'state_id', 'parent_id', 'commercial_partner_id', 'customer_rank', 'active', 'supplier_rank'],
        [
          ['한빛정밀', '1', null, '1', '1', true],
          ['Saeron', '2', null, '2', '1', true],
          ['새론', '2', null, '3', '1', true, '1'],
          ['무지역', null, null, '4', '1', true],
          ['김담당', '1', '1', '1', '0', true],
          ['닫은회사', '1', null, '6', '1', false],
        ],
      ),
    },
    'product.category': { fields: { name: text }, rows: rowsOf(['name'], [['베어링'], ['기어']]) },
    'product.product': {
      fields: { ...logged, name: text, default_code: text, categ_id: to('product.category'), list_price: amount },
      displayName: ({ name, default_code: code }) => (code === null ? String(name) : `[${code}] ${name}`),
      rows: rowsOf(
        ['name', 'default_code', 'categ_id', 'list_price'],
        [
          ['깊은홈 6204', null, '1', '1200'],
          ['헬리컬 50%', 'G-50', '2', '0.1'],
          ['앵귤러_7', 'B-7', '1'],
        ],
      ),
    },
    'res.users': { fields: { name: text }, rows: rowsOf(['name'], [['김민수'], ['이서연']]) },
  }
}

function invoiceModels(): SimModels {
  return {
    'account.move': {
      fields: {
        ...logged,
        name: text,
        move_type: choice,
        state: choice,
        invoice_date: date,
        invoice_date_due: date,
        commercial_partner_id: to('res.partner'),
        invoice_user_id: to('res.users'),
        amount_total_signed: money,
        amount_residual_signed: money,
      },
      order: 'invoice_date desc',
      rows: rowsOf(
        [
          'name',
          'move_type',
          'state',
          'invoice_date',
          'invoice_date_due',
          'commercial_partner_id',
          'invoice_user_id',
          'amount_total_signed',
          'amount_residual_signed',
        ],
        [
          ['INV/1', 'out_invoice', 'posted', '2026-10-01', '2026-11-01', '1', '1', '100', '60.5'],
          ['INV/2', 'out_invoice', 'posted', '2026-11-01', '2026-11-30', '2', '2', '50', '50'],
          ['INV/3', 'out_invoice', 'draft', '2026-11-02', null, '2', '2', '70', '70'],
          ['RINV/1', 'out_refund', 'posted', '2026-11-05', '2026-11-23', '1', null, '-10', '-10'],
          ['BILL/1', 'in_invoice', 'posted', '2026-10-10', '2026-10-31', '3', null, '-300.25', '-300.25'],
        ],
      ),
    },
    'account.invoice.report': {
      fields: {
        move_id: to('account.move'),
        invoice_date: date,
        commercial_partner_id: to('res.partner'),
        product_id: to('product.product'),
        product_categ_id: to('product.category'),
        invoice_user_id: to('res.users'),
        price_subtotal: amount,
        quantity: amount,
        price_margin: amount,
        state: choice,
        move_type: choice,
      },
      order: 'invoice_date desc',
      rows: invoiceLines(),
    },
  }
}

function orderModels(): SimModels {
  return {
    'sale.order': {
      fields: {
        ...logged,
        name: text,
        date_order: instant,
        commitment_date: instant,
        partner_id: to('res.partner'),
        delivery_status: choice,
      },
      order: 'date_order desc',
      rows: rowsOf(
        ['name', 'date_order', 'commitment_date', 'partner_id', 'delivery_status'],
        // The first was ordered at nine in the morning of 1 November in Seoul, the second half an hour before that day ended.
        [
          ['SO1', '2026-11-01 00:00:00', null, '5', 'pending'],
          ['SO2', '2026-11-01 14:30:00', '2026-11-10 03:00:00', '2', 'full'],
          ['SO3', '2026-10-31 15:00:00', null, '1', 'partial'],
          ['SO4', '2026-10-31 14:59:59', null, '1', null],
        ],
      ),
    },
    'sale.order.line': {
      fields: {
        ...logged,
        order_id: to('sale.order'),
        product_id: to('product.product'),
        salesman_id: to('res.users'),
        price_subtotal: money,
        product_uom_qty: amount,
        state: choice,
        display_type: choice,
      },
      order: 'order_id, id',
      rows: rowsOf(
        ['order_id', 'product_id', 'salesman_id', 'price_subtotal', 'product_uom_qty', 'state', 'display_type'],
        [
          ['1', '1', '1', '10.1', '1', 'sale'],
          ['1', '2', '1', '20.2', '2', 'sale'],
          ['2', '1', '2', '40', '1', 'sale'],
          ['3', '3', null, '80', '4', 'sale'],
          ['4', '1', '1', '160', '1', 'sale'],
          ['4', null, '1', '0', '0', 'sale', 'line_note'],
          ['2', '1', '1', '999', '1', 'draft'],
        ],
      ),
    },
  }
}

/** Two hundred lines of October and November, spread over everything there is to group by. */
function invoiceLines(): SimRow[] {
  return Array.from({ length: 200 }, (_, i) => ({
    id: String(i + 1),
    move_id: String((i % 2) + 1),
    invoice_date: `2026-${i % 3 === 0 ? '10' : '11'}-${String((i % 28) + 1).padStart(2, '0')}`,
    commercial_partner_id: String((i % 3) + 1),
    product_id: String((i % 3) + 1),
    product_categ_id: String((i % 2) + 1),
    invoice_user_id: i % 7 === 0 ? null : String((i % 2) + 1),
    price_subtotal: `${(i * 37) % 101}.${i % 10}`,
    quantity: String(i % 9),
    price_margin: String((i % 13) - 4),
    state: 'posted',
    move_type: i % 11 === 0 ? 'out_refund' : 'out_invoice',
  }))
}
