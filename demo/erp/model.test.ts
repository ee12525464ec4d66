import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadCatalog } from '#catalog'
import { findEntitySet } from './model.ts'

describe('model', () => {
  const { mapping } = loadCatalog(join(import.meta.dirname, '../../catalog'), 'demo-odata')

  it.each(Object.entries(mapping.entities))('serves everything the catalog maps of %s', (_entity, mapped) => {
    const found = findEntitySet(mapped.set)
    expect(mapped).toMatchObject({ key: found?.key })
    expect(found?.properties.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.values(mapped.fields)))
  })
})
