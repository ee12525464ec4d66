import { expect, test } from 'vitest'
import { isAdminPath, menuPlaceOf, readAdminRoute, visiblePages } from './admin-route.ts'

test('addresses lead to pages, and others nowhere', () => {
  const id = '6f1f6a8e-0000-4000-8000-000000000001'
  expect(readAdminRoute('/admin')).toEqual({ page: 'home', id: null })
  expect(readAdminRoute('/admin/')).toEqual({ page: 'home', id: null })
  expect(readAdminRoute('/admin/people')).toEqual({ page: 'people', id: null })
  expect(readAdminRoute(`/admin/people/${id}`)).toEqual({ page: 'people', id })
  expect(readAdminRoute(`/admin/mail/${id}`)).toEqual({ page: 'mail', id })
  expect(readAdminRoute('/admin/push-sink')).toEqual({ page: 'push-sink', id: null })
  for (const path of [`/admin/roles/${id}`, '/admin/nothing', '/admin/people/x', '/admin/overview/more'])
    expect(readAdminRoute(path).page).toBe('missing')
})

test('only /admin and what is under it belongs to the console', () => {
  expect(['/admin', '/admin/', '/admin/people'].every(isAdminPath)).toBe(true)
  expect(['/', '/administrator', '/c/admin'].some(isAdminPath)).toBe(false)
})

test('a permission shows its pages only', () => {
  expect(visiblePages([])).toEqual([])
  expect(visiblePages(['audit'])).toEqual(['audit'])
  expect(visiblePages(['people', 'sync'])).toEqual(['overview', 'status', 'people', 'roles'])
})

test('a page that is reached from another one is under it in the menu', () => {
  expect([menuPlaceOf('suppressions'), menuPlaceOf('devices'), menuPlaceOf('mail')]).toEqual(['mail', 'push', 'mail'])
})
