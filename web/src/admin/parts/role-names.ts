import type { RoleName } from '../../../../src/auth/people/api.ts'

/** Every role, in the order that people think of them. */
export const roleNames = ['employee', 'sales', 'finance', 'executive', 'admin', 'auditor'] as const satisfies RoleName[]
