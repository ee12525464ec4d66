import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const names = z.array(z.string().min(1)).min(1)
const companySchema = z.object({
  departments: names,
  regions: names,
  warehouses: names,
  productionLines: names,
  expenseAccounts: names,
  approvalTypes: names,
  categories: names,
  customers: names,
  vendors: names,
  items: z.array(z.tuple([z.string(), z.string(), z.string()])),
  employees: z.array(z.tuple([z.string(), z.string(), z.string()])),
})

/** The fictional company: names of its people, customers, items and so on. */
export type Company = z.infer<typeof companySchema>

export function readCompany(): Company {
  const file = join(import.meta.dirname, '../../company.json')
  return companySchema.parse(JSON.parse(readFileSync(file, 'utf8')))
}
