import type { PermissionName } from '../../../src/auth/people/api.ts'

const adminPages = [
  'overview',
  'status',
  'review',
  'training',
  'people',
  'roles',
  'api-keys',
  'networks',
  'audit',
] as const
export type AdminPageName = (typeof adminPages)[number]

/** What each page needs to be seen. */
const permissionFor: Record<AdminPageName, PermissionName> = {
  overview: 'sync',
  status: 'sync',
  review: 'training',
  training: 'training',
  people: 'people',
  roles: 'people',
  'api-keys': 'api-keys',
  networks: 'networks',
  audit: 'audit',
}

/** Where the address leads. `home` is the first page that one may see; `personId` a person's own page. */
export type AdminRoute = { page: AdminPageName | 'home' | 'missing'; personId: string | null }

const personPath = /^\/admin\/people\/([0-9a-f-]{36})$/i

/** Whether an address belongs to the console at all. */
export function isAdminPath(path: string): boolean {
  return /^\/admin(\/|$)/.test(path)
}

/** Reads `/admin`, `/admin/:page` and `/admin/people/:id`. */
export function readAdminRoute(path: string): AdminRoute {
  const trimmed = path.replace(/\/+$/, '')
  const personId = personPath.exec(trimmed)?.[1] ?? null
  if (personId) return { page: 'people', personId }
  if (trimmed === '/admin') return { page: 'home', personId: null }
  const page = adminPages.find((name) => trimmed === adminPath(name))
  return { page: page ?? 'missing', personId: null }
}

/** The address of a page. */
export function adminPath(page: AdminPageName, personId?: string): string {
  return personId ? `/admin/${page}/${personId}` : `/admin/${page}`
}

/** The pages that someone with these permissions may see, in the order of the menu. */
export function visiblePages(permissions: readonly PermissionName[]): AdminPageName[] {
  return adminPages.filter((page) => permissions.includes(permissionFor[page]))
}
