import type { Language } from '#catalog'

/** The roles the product knows; what each may see is in `access/roles.yaml`. */
export const roles = ['employee', 'sales', 'finance', 'executive', 'admin', 'auditor'] as const
export type Role = (typeof roles)[number]

/** What of the system itself may be managed; which roles may is in `access/roles.yaml`. */
export const permissions = ['sync', 'people', 'api-keys', 'networks', 'audit', 'notify', 'training'] as const
export type Permission = (typeof permissions)[number]

/** Who is asking. Made by authentication from a verified token, never from a request body. */
export type Actor = {
  userId: string
  /** Name and department as the ERP spells them: what `@me` and `@myDepartment` become. */
  name: string
  department: string
  email: string
  roles: Role[]
  language: Language
}
