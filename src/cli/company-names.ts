import { z } from 'zod'
import type { NameEntry } from '#nlu'

const names = z.array(z.string())
const companySchema = z.object({
  departments: names,
  regions: names,
  warehouses: names,
  productionLines: names,
  expenseAccounts: names,
  approvalTypes: names,
  titles: names,
  categories: names,
  customers: names,
  vendors: names,
  items: z.array(z.tuple([z.string(), z.string(), z.string()])),
  employees: z.array(z.tuple([z.string(), z.string(), z.string()])),
})

/** The names of a company file like `demo/company.json`. Throws a ZodError when it is shaped otherwise. */
export function companyNames(content: unknown): NameEntry[] {
  const company = companySchema.parse(content)
  const domains: [string, string[]][] = [
    ['customer', company.customers],
    ['vendor', company.vendors],
    ['department', company.departments],
    ['title', company.titles],
    ['warehouse', company.warehouses],
    ['region', company.regions],
    ['category', company.categories],
    ['account', company.expenseAccounts],
    ['line', company.productionLines],
    ['docType', company.approvalTypes],
    ['grade', ['VIP', '골드', '실버', '브론즈']],
  ]
  return [
    ...domains.flatMap(([domain, list]) => list.map((name) => ({ domain, name }))),
    ...company.items.map(([code, name]) => ({ domain: 'item', name, code })),
    ...company.employees.map(([name, , title]) => ({ domain: 'employee', name, facts: { title } })),
  ]
}
