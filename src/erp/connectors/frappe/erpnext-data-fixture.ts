// A small ERPNext site for the simulator: its document types as far as the mapping names them, and made-up documents.
import type { Doc, DocTypes, Documents } from './simulator-model-fixture.ts'

const line = {
  item_code: 'Link:Item',
  item_name: 'Data',
  item_group: 'Link:Item Group',
  qty: 'Float',
  stock_qty: 'Float',
  base_net_amount: 'Currency',
}
const party = { posting_date: 'Date', due_date: 'Date', base_grand_total: 'Currency', outstanding_amount: 'Currency' }
const order = { transaction_date: 'Date', status: 'Select' }

export const docTypes: DocTypes = {
  'Sales Invoice': { ...party, customer_name: 'Data', territory: 'Link:Territory', items: 'Table:Sales Invoice Item' },
  'Sales Invoice Item': line,
  'Sales Order': { ...order, customer_name: 'Data', items: 'Table:Sales Order Item' },
  'Sales Order Item': { ...line, delivery_date: 'Date' },
  'Purchase Order': { ...order, supplier_name: 'Data', items: 'Table:Purchase Order Item' },
  'Purchase Order Item': { ...line, schedule_date: 'Date' },
  'Purchase Invoice': { ...party, supplier_name: 'Data' },
  Bin: { item_code: 'Link:Item', warehouse: 'Link:Warehouse', actual_qty: 'Float', stock_value: 'Currency' },
  Item: {
    item_code: 'Data',
    item_name: 'Data',
    item_group: 'Link:Item Group',
    safety_stock: 'Float',
    disabled: 'Check',
  },
  Customer: {
    customer_name: 'Data',
    tax_id: 'Data',
    mobile_no: 'Data',
    territory: 'Link:Territory',
    customer_group: 'Link:Customer Group',
    disabled: 'Check',
  },
  Supplier: { supplier_name: 'Data', tax_id: 'Data', mobile_no: 'Data', disabled: 'Check' },
  Employee: {
    employee_name: 'Data',
    department: 'Link:Department',
    designation: 'Link:Designation',
    cell_number: 'Data',
    company_email: 'Data',
    date_of_joining: 'Date',
    status: 'Select',
  },
  'Work Order': {
    item_name: 'Data',
    planned_start_date: 'Datetime',
    expected_delivery_date: 'Date',
    status: 'Select',
    qty: 'Float',
    produced_qty: 'Float',
  },
}

const dayOf = (index: number) => new Date(Date.UTC(2026, 8, 1 + index)).toISOString().slice(0, 10)
const customers = ['한빛상사', '새론테크', 'Daon Corp', '미래 & 유통']
const territories = ['서울', '부산', '경기', null]
const items = ['볼베어링', '헬리컬 기어', 'Shaft 20mm', '50% 할인 세트', 'A_B 밸브']

/** 60 submitted invoices of three lines each from September 2026, a draft, a cancelled one, and one without lines. */
function invoices(): Doc[] {
  const all = Array.from({ length: 60 }, (_, i): Doc => {
    const lines = Array.from({ length: 3 }, (_, j): Doc => {
      const item = items[(i + j * 2) % items.length] ?? ''
      const amount = `${(i * 7 + j * 13) % 50}.${(i + j) % 10}${j}`
      return {
        ...{
          name: `row-${String(i * 3 + j).padStart(4, '0')}`,
          item_code: item,
          item_name: item,
          base_net_amount: amount,
        },
        gross_profit: String(((i * 5 + j) % 17) - 4),
        ...{ item_group: j === 1 ? '기어' : '베어링', qty: String((i + j) % 9), stock_qty: String((i + j) % 9) },
      }
    })
    return {
      ...{
        name: `SINV-${String(i).padStart(4, '0')}`,
        modified: `2026-11-01 00:00:${String(i).padStart(2, '0')}.000000`,
      },
      ...{
        docstatus: 1,
        posting_date: dayOf(i % 80),
        due_date: i % 9 === 0 ? null : dayOf((i % 80) + 30),
        items: lines,
      },
      ...{ customer_name: customers[i % 4], territory: territories[i % 4] },
      ...{ base_grand_total: `${i * 10}.50`, outstanding_amount: i % 3 === 0 ? '0' : `${i}.25` },
    }
  })
  const odd = {
    modified: '2026-10-01 00:00:00.000000',
    posting_date: dayOf(5),
    customer_name: '한빛상사',
    territory: '서울',
  }
  const amounts = { due_date: dayOf(9), base_grand_total: '1', outstanding_amount: '1' }
  const lost = [
    { name: 'row-lost', item_name: '볼베어링', item_group: '베어링', stock_qty: '1', base_net_amount: '1000' },
  ]
  return [
    ...all,
    { ...odd, ...amounts, name: 'SINV-DRAFT', docstatus: 0, items: lost },
    { ...odd, ...amounts, name: 'SINV-CANCELLED', docstatus: 2, items: [{ ...lost[0], name: 'row-lost-2' }] },
    { ...odd, ...amounts, name: 'SINV-EMPTY', docstatus: 1, items: [] },
  ]
}

const orderLine = (name: string, amount: string) => {
  return { name, item_name: '볼베어링', stock_qty: '2', base_net_amount: amount, delivery_date: '2026-11-30' }
}
const salesOrder = (number: number, status: string, amount: string): Doc => ({
  ...{
    name: `SO-${number}`,
    modified: '2026-11-01 00:00:00.000000',
    docstatus: status === 'Cancelled' ? 2 : 1,
    status,
  },
  ...{ transaction_date: '2026-11-05', customer_name: '한빛상사', items: [orderLine(`so-row-${number}`, amount)] },
})
const workOrder = (number: number, start: string, status: string): Doc => ({
  ...{ name: `WO-${number}`, modified: '2026-11-01 00:00:00.000000', docstatus: 1, item_name: '볼베어링', status },
  ...{ planned_start_date: start, expected_delivery_date: null, qty: '10', produced_qty: '4.5' },
})

export const documents: Documents = {
  'Sales Invoice': invoices(),
  'Sales Order': [
    salesOrder(1, 'To Deliver and Bill', '10.5'),
    salesOrder(2, 'To Deliver', '20.25'),
    salesOrder(3, 'To Bill', '40'),
    salesOrder(4, 'Completed', '80'),
    salesOrder(5, 'Closed', '160'),
    salesOrder(6, 'Cancelled', '320'),
  ],
  'Work Order': [
    workOrder(1, '2026-11-02 08:30:00', 'Not Started'),
    workOrder(2, '2026-11-02 17:45:00.500000', 'In Process'),
    workOrder(3, '2026-11-03 00:00:00', 'Stopped'),
  ],
  Item: [
    { name: 'I-1', item_code: 'I-1', item_name: '볼베어링', item_group: '베어링', safety_stock: '10', disabled: 0 },
    { name: 'I-2', item_code: 'I-2', item_name: '헬리컬 기어', item_group: '기어', safety_stock: '1', disabled: 0 },
    { name: 'I-3', item_code: 'I-3', item_name: '옛 기어', item_group: '기어', safety_stock: '1', disabled: 1 },
  ],
  Bin: [
    { name: 'bin-1', item_code: 'I-1', warehouse: '본사창고', actual_qty: '4', stock_value: '400.10' },
    { name: 'bin-2', item_code: 'I-2', warehouse: '본사창고', actual_qty: '7', stock_value: '70.20' },
    { name: 'bin-3', item_code: 'I-1', warehouse: '반품창고', actual_qty: '30', stock_value: '3000' },
  ],
  Customer: [
    {
      name: 'C-1',
      customer_name: '한빛상사',
      tax_id: '',
      mobile_no: null,
      territory: '서울',
      customer_group: '골드',
      disabled: 0,
    },
  ],
}
