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
  'notify',
  'mail',
  'suppressions',
  'push',
  'devices',
  'push-sink',
  'dead-letters',
  'audit',
] as const
export type AdminPageName = (typeof adminPages)[number]

/** Pages that are reached from another one, under which the menu has them. */
const menuPlaces: Partial<Record<AdminPageName, AdminPageName>> = {
  suppressions: 'mail',
  devices: 'push',
  'push-sink': 'push',
}

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
  notify: 'notify',
  mail: 'notify',
  suppressions: 'notify',
  push: 'notify',
  devices: 'notify',
  'push-sink': 'notify',
  'dead-letters': 'notify',
  audit: 'audit',
}

/** Where the address leads. `home` is the first page that one may see; `id` one person's or message's own page. */
export type AdminRoute = { page: AdminPageName | 'home' | 'missing'; id: string | null }

/** Lists whose entries have pages of their own. */
const listPages: readonly AdminPageName[] = ['people', 'mail', 'push']
const entryPath = /^\/admin\/([a-z-]+)\/([0-9a-f-]{36})$/i

/** Whether an address belongs to the console at all. */
export function isAdminPath(path: string): boolean {
  return /^\/admin(\/|$)/.test(path)
}

/** Reads `/admin`, `/admin/:page` and, of lists, `/admin/:page/:id`. */
export function readAdminRoute(path: string): AdminRoute {
  const trimmed = path.replace(/\/+$/, '')
  const [, list, id = null] = entryPath.exec(trimmed) ?? []
  const listPage = listPages.find((name) => name === list)
  if (listPage) return { page: listPage, id }
  if (trimmed === '/admin') return { page: 'home', id: null }
  const page = adminPages.find((name) => trimmed === adminPath(name))
  return { page: page ?? 'missing', id: null }
}

/** The address of a page, or of an entry of its list. */
export function adminPath(page: AdminPageName, id?: string): string {
  return id ? `/admin/${page}/${id}` : `/admin/${page}`
}

/** Where a page stands in the menu. */
export function menuPlaceOf(page: AdminPageName): AdminPageName {
  return menuPlaces[page] ?? page
}

/** The pages that someone with these permissions may see, in the order of the menu. */
export function visiblePages(permissions: readonly PermissionName[]): AdminPageName[] {
  return adminPages.filter((page) => permissions.includes(permissionFor[page]))
}
