// The simulated services' sets: the sales, as each vendor has them. Tests only.
import type { SimSet } from './simulator-answer-fixture.ts'
import { creditMemo, customers, invoices } from './simulator-data-fixture.ts'
import type { Record_, Shape } from './simulator-filter-fixture.ts'

type Sets = Record<string, SimSet>
const listOf = (rows: Record_[], shape: Shape): SimSet => ({ rows, shape })

const line = { amount: 'decimal', quantity: 'decimal', profit: 'decimal' } as const satisfies Shape

/** Posted invoices, a draft, and items beside them; dates that are missing are in year 1. */
export function businessCentralSales(): Sets {
  const rows = invoices.map(
    (invoice, i): Record_ => ({
      ...{
        id: `00000000-${i}`,
        number: invoice.number,
        postingDate: invoice.date,
        dueDate: invoice.dueDate ?? '0001-01-01',
      },
      ...{
        customerName: customers[invoice.customer] ?? '',
        sellToState: invoice.region ?? '',
        salesperson: i % 2 ? 'KIM' : '',
      },
      status: i % 3 === 1 ? 'Paid' : 'Open',
      salesInvoiceLines: invoice.lines.map(
        ({ item, category, amount, quantity, profit }): Record_ => ({
          ...{ netAmount: amount, quantity, grossProfit: profit },
          item: { displayName: item, itemCategoryCode: category },
        }),
      ),
    }),
  )
  const draft = { ...rows[0], id: 'draft', number: 'DRAFT', status: 'Draft' } as Record_
  const shape: Shape = {
    ...{ id: 'text', number: 'text', postingDate: 'date', dueDate: 'date', customerName: 'text', sellToState: 'text' },
    ...{ salesperson: 'text', status: 'text' },
    salesInvoiceLines: [
      {
        netAmount: 'decimal',
        quantity: 'decimal',
        grossProfit: 'decimal',
        item: { displayName: 'text', itemCategoryCode: 'text' },
      },
    ],
  }
  const memo: Record_ = {
    ...{
      id: 'memo',
      number: creditMemo.number,
      postingDate: creditMemo.date,
      customerName: customers[creditMemo.customer] ?? '',
    },
    ...{ sellToState: creditMemo.region, salesperson: 'KIM', status: 'Open' },
    salesCreditMemoLines: creditMemo.lines.map(
      ({ item, category, amount, quantity, profit }): Record_ => ({
        ...{ netAmount: amount, quantity, grossProfit: profit },
        item: { displayName: item, itemCategoryCode: category },
      }),
    ),
  }
  const { salesInvoiceLines: memoLines = {}, dueDate: _, ...memoShape } = shape
  const people = [{ code: 'KIM', displayName: '김민수' }]
  return {
    salesInvoices: listOf([...rows, draft], shape),
    salesCreditMemos: listOf([memo], { ...memoShape, salesCreditMemoLines: memoLines }),
    salespeoplePurchasers: listOf(people, { code: 'text', displayName: 'text' }),
  }
}

/** Two companies, of which the second would spoil every sum; days are instants at noon. */
export function financeOperationsSales(): Sets {
  const ofCompany = (company: string): Record_[] =>
    invoices.map((invoice) => ({
      ...{
        dataAreaId: company,
        InvoiceNumber: invoice.number,
        InvoiceDate: `${invoice.date}T12:00:00Z`,
        LedgerVoucher: 'V',
      },
      ...{ InvoiceCustomerAccountNumber: invoice.customer, InvoiceAddressState: invoice.region ?? '' },
      SalesInvoiceLinesV2: invoice.lines.map(
        ({ item, category, amount, quantity, profit }): Record_ => ({
          ...{ ProductName: item, SalesProductCategoryName: category, LineAmount: amount, InvoicedQuantity: quantity },
          GrossProfit: profit,
        }),
      ),
    }))
  const shape: Shape = {
    ...{ dataAreaId: 'text', InvoiceNumber: 'text', InvoiceDate: 'instant', LedgerVoucher: 'text' },
    ...{ InvoiceCustomerAccountNumber: 'text', InvoiceAddressState: 'text' },
    SalesInvoiceLinesV2: [
      {
        ...{
          ProductName: 'text',
          SalesProductCategoryName: 'text',
          LineAmount: 'decimal',
          InvoicedQuantity: 'decimal',
        },
        GrossProfit: 'decimal',
      },
    ],
  }
  const named = (company: string) =>
    Object.entries(customers).map(([key, name]) => ({
      dataAreaId: company,
      CustomerAccount: key,
      OrganizationName: company === 'usmf' ? name : '다른 회사',
    }))
  return {
    SalesInvoiceHeadersV2: listOf([...ofCompany('usmf'), ...ofCompany('krmf')], shape),
    CustomersV3: listOf([...named('usmf'), ...named('krmf')], {
      dataAreaId: 'text',
      CustomerAccount: 'text',
      OrganizationName: 'text',
    }),
  }
}

/** Billing documents and the names of their customers, in OData V2; one is cancelled. */
export function s4hanaSales(): Sets {
  const rows = [...invoices, creditMemo].map(
    (invoice): Record_ => ({
      ...{ BillingDocument: invoice.number, BillingDocumentDate: invoice.date, SoldToParty: invoice.customer },
      ...{
        Region: invoice.region ?? '',
        SDDocumentCategory: invoice === creditMemo ? 'O' : 'M',
        BillingDocumentIsCancelled: false,
      },
      to_Item: invoice.lines.map(
        ({ item, category, amount, quantity, profit }): Record_ => ({
          ...{ BillingDocumentItemText: item, MaterialGroup: category, NetAmount: amount, BillingQuantity: quantity },
          YY1_Profit: profit,
        }),
      ),
    }),
  )
  const cancelled = { ...rows[0], BillingDocument: 'X', BillingDocumentIsCancelled: true } as Record_
  const shape: Shape = {
    ...{ BillingDocument: 'text', BillingDocumentDate: 'datetime', SoldToParty: 'text', Region: 'text' },
    ...{ SDDocumentCategory: 'text', BillingDocumentIsCancelled: 'boolean' },
    to_Item: [
      {
        ...{ BillingDocumentItemText: 'text', MaterialGroup: 'text', NetAmount: 'decimal', BillingQuantity: 'decimal' },
        YY1_Profit: 'decimal',
      },
    ],
  }
  const named = Object.entries(customers).map(([Customer, CustomerName]) => ({ Customer, CustomerName }))
  return {
    'odata/sap/API_BILLING_DOCUMENT_SRV/A_BillingDocument': listOf([...rows, cancelled], shape),
    'odata/sap/API_BUSINESS_PARTNER/A_Customer': listOf(named, { Customer: 'text', CustomerName: 'text' }),
  }
}

/** A company's own analytical query in OData V4, annotated ApplySupported: one row an invoice line, names and all. */
export function s4hanaQuery(): Sets {
  const rows = invoices.flatMap(({ lines, ...invoice }) =>
    lines.map(
      ({ item, category, ...numbers }, j): Record_ => ({
        ...{
          document: invoice.number,
          position: String(j),
          date: invoice.date,
          customer: customers[invoice.customer] ?? '',
        },
        ...{ region: invoice.region ?? '', item, category },
        ...numbers,
      }),
    ),
  )
  const shape: Shape = {
    ...{
      document: 'text',
      position: 'text',
      date: 'date',
      customer: 'text',
      region: 'text',
      item: 'text',
      category: 'text',
    },
    ...line,
  }
  return { 'odata4/sap/zsales/srvd/sap/zsales/0001/SalesItems': { rows, shape, apply: true } }
}
