import { useTranslation } from 'react-i18next'
import type { RoleName } from '../../../src/auth/people/api.ts'

/** Every role, in the order that people think of them. */
export const roleNames = ['employee', 'sales', 'finance', 'executive', 'admin', 'auditor'] as const satisfies RoleName[]

/** What a role is called in the language of the interface. */
export function useRoleName(): (role: RoleName) => string {
  const { t } = useTranslation()
  return (role) => t(`role.${role}`)
}
