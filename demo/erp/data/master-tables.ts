import { isoOf } from './calendar.ts'
import { moneyText, roundToWon, type TableRows } from './table-rows.ts'
import { listPrice, type World } from './world.ts'

/** The master data as tables. Plain lists are numbered from 1 in the order of `company.json`. */
export function masterTables(world: World): TableRows[] {
  const { company } = world
  return [
    numbered('departments', 'department_id', company.departments),
    numbered('regions', 'region_id', company.regions),
    numbered('categories', 'category_id', company.categories),
    numbered('warehouses', 'warehouse_id', company.warehouses),
    numbered('production_lines', 'line_id', company.productionLines),
    numbered('expense_accounts', 'account_id', company.expenseAccounts),
    employeeTable(world),
    customerTable(world),
    vendorTable(world),
    itemTable(world),
  ]
}

function numbered(table: string, key: string, names: string[]): TableRows {
  return { table, columns: [key, 'name'], rows: names.map((name, i) => [i + 1, name]) }
}

function employeeTable({ company, employees }: World): TableRows {
  return {
    table: 'employees',
    columns: ['employee_no', 'name', 'department_id', 'title', 'phone', 'email', 'hire_date'],
    rows: employees.map(({ no, name, department, title, phone, email, hired }) => [
      no,
      name,
      company.departments.indexOf(department) + 1,
      title,
      phone,
      email,
      isoOf(hired),
    ]),
  }
}

function customerTable({ company, customers }: World): TableRows {
  const columns = [
    'customer_id',
    'name',
    'biz_no',
    'ceo',
    'phone',
    'region_id',
    'grade',
    'salesperson_no',
    'terms_days',
  ]
  return {
    table: 'customers',
    columns,
    rows: customers.map(({ id, name, bizNo, ceo, phone, region, grade, salesperson, termsDays }) => [
      id,
      name,
      bizNo,
      ceo,
      phone,
      company.regions.indexOf(region) + 1,
      grade,
      salesperson.no,
      termsDays,
    ]),
  }
}

function vendorTable({ vendors }: World): TableRows {
  return {
    table: 'vendors',
    columns: ['vendor_id', 'name', 'biz_no', 'ceo', 'phone', 'buyer_no', 'terms_days'],
    rows: vendors.map(({ id, name, bizNo, ceo, phone, buyer, termsDays }) => [
      id,
      name,
      bizNo,
      ceo,
      phone,
      buyer.no,
      termsDays,
    ]),
  }
}

function itemTable({ company, items, vendors, today }: World): TableRows {
  return {
    table: 'items',
    columns: ['item_code', 'name', 'category_id', 'vendor_id', 'unit_price', 'unit_cost'],
    rows: items.map((item) => {
      const vendor = vendors.find((candidate) => candidate.items.includes(item)) ?? vendors[0]
      const price = listPrice(item, today)
      return [
        item.code,
        item.name,
        company.categories.indexOf(item.category) + 1,
        vendor?.id ?? null,
        moneyText(price),
        moneyText(roundToWon(price * item.trade.costShare, 1)),
      ]
    }),
  }
}
