import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createErpCaller, type ErpCaller } from './call-test-erp.ts'
import { entitySets } from './model-sets.ts'
import { startTestErp, type TestErp } from './start-test-erp.ts'

let erp: TestErp
let call: ErpCaller
beforeAll(async () => {
  erp = await startTestErp()
  call = createErpCaller(erp)
})
afterAll(() => erp[Symbol.asyncDispose]())

/** Decimals as the strings the database has, so that comparing needs no rounding. */
const exact = { accept: 'application/json;IEEE754Compatible=true' }
const ask = (set: string, options: Record<string, string>) => `${set}?${new URLSearchParams(options)}`

// Asked of the tables, never of the views: an aggregate that went through a wrong join would show.
const salesFrom = `from erp.invoice_lines l join erp.invoices i using (invoice_no) join erp.customers c using (customer_id)
  join erp.items m using (item_code) join erp.categories g using (category_id)
  join erp.employees e on e.employee_no = c.salesperson_no join erp.regions r using (region_id)`

describe('$apply equals SQL written by hand', () => {
  it('for the top five customers of a month', async () => {
    const page = await call.page(
      ask('SalesInvoiceLines', {
        $apply:
          'filter(DocumentDate ge 2026-11-01 and DocumentDate le 2026-11-30)/groupby((CustomerName),' +
          'aggregate(Amount with sum as Total,$count as N,Amount with average as Mean))',
        $orderby: 'Total desc',
        $top: '5',
        $count: 'true',
      }),
      exact,
    )
    const rows = await erp.sql(`select c.name as "CustomerName", sum(l.amount)::text as "Total", count(*)::text as "N",
      avg(l.amount)::text as "Mean" ${salesFrom} where i.document_date between '2026-11-01' and '2026-11-30'
      group by c.name order by sum(l.amount) desc limit 5`)
    expect(page.value).toEqual(rows)
    const [all] = await erp.sql(`select count(distinct c.name)::text as n ${salesFrom}
      where i.document_date between '2026-11-01' and '2026-11-30'`)
    expect(page['@odata.count']).toBe(all?.n)
    expect(page['@odata.nextLink']).toBeUndefined()
  })

  it('for months of a year, in one category, with a condition on the total', async () => {
    const page = await call.page(
      ask('SalesInvoiceLines', {
        $apply:
          "filter(year(DocumentDate) eq 2025 and CategoryName eq '베어링')/compute(month(DocumentDate) as M)" +
          '/groupby((M),aggregate(Quantity with sum as Units,Profit with sum as Profit2,InvoiceNo with countdistinct as Invoices))' +
          '/filter(Units gt 5000)',
        $orderby: 'M',
      }),
      exact,
    )
    const rows =
      await erp.sql(`select extract(month from i.document_date)::int as "M", sum(l.quantity)::text as "Units",
      sum(l.amount - l.cost)::text as "Profit2", count(distinct i.invoice_no)::text as "Invoices" ${salesFrom}
      where i.document_date between '2025-01-01' and '2025-12-31' and g.name = '베어링'
      group by 1 having sum(l.quantity) > 5000 order by 1`)
    expect(rows.length).toBeGreaterThan(3)
    expect(page.value).toEqual(rows)
  })

  it('for a total to the last hundredth, as number text and as string', async () => {
    const options = ask('SalesInvoiceLines', {
      $apply:
        "filter(CustomerName in ('Nordwind GmbH','Pacific Tools Inc.'))/aggregate(Amount with sum as Total,Amount with max as Most)",
    })
    const [row] = await erp.sql(`select sum(l.amount)::text as total, max(l.amount)::text as most ${salesFrom}
      where c.name in ('Nordwind GmbH', 'Pacific Tools Inc.')`)
    expect((await call.page(options, exact)).value).toEqual([{ Total: row?.total, Most: row?.most }])
    expect(String(row?.total)).not.toMatch(/\.00$/)
    expect(await (await call.get(options)).text()).toContain(`"Total":${row?.total},`)
  })

  it('for receivables, budgets and stock', async () => {
    const overdue = await call.page(
      ask('ReceivableItems', {
        $apply:
          'filter(OverdueDays gt 90)/groupby((CustomerName),aggregate(Balance with sum as B,OverdueDays with max as D))',
        $orderby: 'CustomerName',
      }),
      exact,
    )
    expect(overdue.value).toEqual(
      await erp.sql(`select c.name as "CustomerName", sum(i.amount - i.paid_amount)::text as "B",
        max(date '2026-11-23' - i.due_date) as "D" from erp.invoices i join erp.customers c using (customer_id)
        where i.amount > i.paid_amount and date '2026-11-23' - i.due_date > 90 group by 1 order by c.name collate pg_c_utf8`),
    )
    const spent = await call.page(
      ask('BudgetLines', {
        $apply: "filter(DepartmentName eq '국내영업팀' and DocumentDate eq 2026-10-01)/aggregate(Actual with sum as A)",
      }),
      exact,
    )
    expect(spent.value).toEqual(
      await erp.sql(`select sum(x.amount)::text as "A" from erp.expense_claims x join erp.employees e using (employee_no)
        join erp.departments d using (department_id) where d.name = '국내영업팀' and x.status = 'approved'
        and x.document_date between '2026-10-01' and '2026-10-31'`),
    )
    const low = await call.get('StockLevels/$count?$filter=Quantity lt SafetyStock')
    const [stock] = await erp.sql('select count(*)::text as n from erp.stock where quantity < safety_stock')
    expect([low.headers.get('content-type'), await low.text()]).toEqual(['text/plain;charset=utf-8', stock?.n])
  })

  it('for nothing: no groups, one row of nulls and zero', async () => {
    const none = 'filter(DocumentDate gt 2999-01-01)'
    expect(
      (
        await call.page(
          ask('ExpenseClaims', { $apply: `${none}/groupby((AccountName),aggregate(Amount with sum as A))` }),
        )
      ).value,
    ).toEqual([])
    expect(
      (await call.page(ask('ExpenseClaims', { $apply: `${none}/aggregate(Amount with sum as A,$count as N)` }))).value,
    ).toEqual([{ A: null, N: 0 }])
  })
})

describe('$filter over rows', () => {
  it.each([
    ['Customers', "contains(Name,'기계')", `name like '%기계%'`],
    [
      'Customers',
      "endswith(Name,'GmbH') or startswith(tolower(Name),'pacific')",
      `name in ('Nordwind GmbH', 'Pacific Tools Inc.')`,
    ],
    ['Customers', 'BizNo eq null', 'biz_no is null'],
    ['Customers', "BizNo ne '1' and not (RegionName eq '서울')", `region_name <> '서울'`],
    ['Customers', "not (BizNo lt '5')", `biz_no is null or biz_no >= '5'`],
    ['Items', 'UnitPrice gt 500000', 'unit_price > 500000'],
    ['Items', "Code in ('A-100','F-650')", `code in ('A-100', 'F-650')`],
    ['Items', 'length(Name) le 4 and true', 'length(name) <= 4'],
    ['Employees', 'HireDate ge 2026-01-01', `hire_date >= '2026-01-01'`],
    [
      'SalesInvoiceLines',
      'DocumentDate eq 2026-11-20 and (Amount ge 5000000 or Profit lt 10000.5)',
      `document_date = '2026-11-20' and (amount >= 5000000 or profit < 10000.5)`,
    ],
    ['LeaveBalances', 'Year in (2025,2026) and Remaining le 3.5', 'year in (2025, 2026) and remaining <= 3.5'],
    ['Items', 'null lt UnitPrice', 'false'],
  ])('%s: %s', async (set, filter, where) => {
    const { view } = entitySets.find(({ name }) => name === set)!
    const [row] = await erp.sql(`select count(*)::int as n from odata.${view} where ${where}`)
    const page = await call.page(ask(set, { $filter: filter, $count: 'true', $top: '0' }))
    expect(page).toMatchObject({ '@odata.count': row?.n, value: [] })
  })

  it('treats an injection as a name nobody has', async () => {
    const page = await call.page(ask('Customers', { $filter: "Name eq 'x'' or ''1''=''1'" }))
    expect(page.value).toEqual([])
  })
})

describe('pages', () => {
  it('visit every row once, in the order of the key', async () => {
    const seen: unknown[] = []
    let path: string | undefined = ask('PurchaseOrderLines', { $select: 'LineId', $count: 'true' })
    const sizes = []
    while (path) {
      const page = await call.page(path, sizes.length === 0 ? { prefer: 'odata.maxpagesize=2000' } : {})
      sizes.push(page.value.length)
      seen.push(...page.value.map(({ LineId }) => LineId))
      path = page['@odata.nextLink']
    }
    const rows = await erp.sql('select line_id from erp.purchase_order_lines order by line_id')
    expect(seen).toEqual(rows.map(({ line_id }) => line_id))
    expect(sizes.slice(0, -1).every((size) => size === 2_000)).toBe(true)
  })

  it('visit every row once in another order with many ties, nulls included, from either instance', async () => {
    const seen: unknown[] = []
    let path: string | undefined = ask('Customers', {
      $orderby: 'BizNo desc,tolower(Grade)',
      $select: 'Name',
      $skip: '3',
    })
    let turn = 0
    while (path) {
      const { page, next } = await readOn(path, turn % 2 === 0 ? 0 : 1)
      seen.push(...page.value.map(({ Name }) => Name))
      path = next
      turn += 1
    }
    const rows = await erp.sql(
      `select name from odata.customers order by biz_no desc nulls last, lower(grade), customer_id offset 3`,
    )
    expect(seen).toEqual(rows.map(({ name }) => name))
    expect(turn).toBe(10)
  })

  async function readOn(path: string, instance: 0 | 1) {
    const page = await call.page(path, { prefer: 'maxpagesize=4' })
    const own = erp.instances[0].url
    return {
      page,
      next: page['@odata.nextLink']
        ?.replace(own, erp.instances[instance].url)
        .replace(erp.instances[1].url, erp.instances[instance].url),
    }
  }

  it('of an aggregate come in the order asked for, and end at $top', async () => {
    const options = {
      $apply: 'groupby((CustomerName,ItemName),aggregate(Amount with sum as T))',
      $orderby: 'T desc',
      $top: '1500',
    }
    const first = await call.page(ask('SalesInvoiceLines', options), exact)
    const second = await call.page(first['@odata.nextLink']!, exact)
    const rows = await erp.sql(`select c.name || m.name as pair ${salesFrom} group by c.name, m.name
      order by sum(l.amount) desc, c.name collate pg_c_utf8, m.name collate pg_c_utf8 limit 1500`)
    const pairs = [...first.value, ...second.value].map(({ CustomerName, ItemName }) => `${CustomerName}${ItemName}`)
    expect(pairs).toEqual(rows.map(({ pair }) => pair))
    expect(second['@odata.nextLink']).toBeUndefined()
  })

  it('refuse a link that was changed', async () => {
    const first = await call.page('SalesInvoiceLines?$filter=Amount gt 1')
    const link = first['@odata.nextLink']!
    expect(await call.error(link.replace('gt', 'lt'))).toMatchObject({ status: 400, code: 'InvalidSkipToken' })
  })

  it('are of 1,000 rows unless preferred otherwise, which is confirmed', async () => {
    expect((await call.page('SalesInvoiceLines?$select=LineId')).value).toHaveLength(1_000)
    const reply = await call.get('SalesInvoiceLines?$select=LineId', { prefer: 'odata.maxpagesize=9999' })
    expect(reply.headers.get('preference-applied')).toBe('odata.maxpagesize=5000')
    expect(((await reply.json()) as { value: unknown[] }).value).toHaveLength(5_000)
  })
})

describe('documents', () => {
  it('$metadata names every set, key and type, and says that $apply works', async () => {
    const reply = await call.get('$metadata')
    const xml = await reply.text()
    expect(reply.headers.get('content-type')).toContain('application/xml')
    for (const { name } of entitySets) expect(xml).toContain(`<EntitySet Name="${name}"`)
    expect(xml).toContain('<Property Name="Amount" Type="Edm.Decimal" Nullable="false" Precision="18" Scale="2"/>')
    expect(xml).toContain('<Key><PropertyRef Name="InvoiceNo"/></Key>')
    expect(xml).toContain('Org.OData.Aggregation.V1.ApplySupported')
    const opened = xml.match(/<[\w:]+(?:>|[^>]*[^/]>)/g) ?? []
    expect(xml.match(/<\/[\w:]+>/g)).toHaveLength(opened.length)
  })

  it('the service document lists the sets', async () => {
    const page = await call.page('')
    expect(page.value.map(({ url }) => url)).toEqual(entitySets.map(({ name }) => name))
  })

  it.each(entitySets.map((set) => [set.name, set] as const))(
    'serves %s with every property, of its type',
    async (name, set) => {
      const page = await call.page(`${name}?$top=3`)
      expect(page['@odata.context']).toMatch(new RegExp(`/odata/v4/\\$metadata#${name}$`))
      expect(page.value).toHaveLength(3)
      const shape = Object.fromEntries(
        set.properties.map(({ name: property, type, nullable }) => {
          const text = type === 'Date' ? expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/) : expect.any(String)
          const value = type === 'String' || type === 'Date' ? text : expect.any(Number)
          return [property, nullable ? expect.toBeOneOf([null, value]) : value]
        }),
      )
      for (const row of page.value) expect(row).toEqual(shape)
    },
  )

  it('gives one entity by its key', async () => {
    const reply = await call.get("Items('A-100')?$select=Code,Name")
    expect(reply.headers.get('odata-version')).toBe('4.0')
    expect(await reply.json()).toMatchObject({ Code: 'A-100', Name: '볼베어링 6204' })
    expect(await (await call.get('SalesInvoiceLines(LineId=1)')).json()).toMatchObject({ LineId: 1 })
  })

  it('takes a filter with hundreds of Korean names', async () => {
    const names = Array.from({ length: 300 }, (_, i) => `'없는 거래처 이름 ${i}'`).join()
    expect((await call.page(ask('Customers', { $filter: `Name in (${names},'한빛상사')` }))).value).toHaveLength(1)
  })
})
