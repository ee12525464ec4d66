import { describe, expect, it } from 'vitest'
import { afterSql, fingerprint, openPosition, orderSql, readPageSize, sealPosition } from './page.ts'
import { createParams } from './scope.ts'

const position = { after: ['한빛상사', '12.50', null], taken: 1_000, size: 1_000 }

describe('page', () => {
  it('reads the page size from Prefer, within bounds', () => {
    expect(readPageSize(undefined)).toEqual({ size: 1_000 })
    expect(readPageSize('odata.maxpagesize=50')).toEqual({ size: 50, applied: 'odata.maxpagesize=50' })
    expect(readPageSize('respond-async, maxpagesize=9999')).toEqual({ size: 5_000, applied: 'odata.maxpagesize=5000' })
    expect(readPageSize('odata.maxpagesize=0')).toEqual({ size: 1_000 })
    expect(readPageSize('odata.maxpagesize=many')).toEqual({ size: 1_000 })
  })

  it('opens only what it sealed, for the same query and secret', () => {
    const token = sealPosition(position, 'query', 'secret')
    expect(openPosition(token, 'query', 'secret')).toEqual(position)
    const made = `${Buffer.from('{"after":[],"taken":0,"size":1}').toString('base64url')}.${token.split('.')[1]}`
    for (const bad of [made, `${token}x`, token.slice(1), '', '.', 'a.b']) {
      expect(() => openPosition(bad, 'query', 'secret')).toThrow('$skiptoken')
    }
    expect(() => openPosition(token, 'another query', 'secret')).toThrow('$skiptoken')
    expect(() => openPosition(token, 'query', 'other')).toThrow('$skiptoken')
  })

  it('takes a query for the same whatever token it carries', () => {
    const of = (query: string) => fingerprint('Items', new URLSearchParams(query))
    expect(of('$filter=a&$skiptoken=1')).toBe(of('$filter=a'))
    expect(of('$filter=b')).not.toBe(of('$filter=a'))
  })

  it('continues after the last row in mixed orders, with null as the lowest', () => {
    const name = { sql: 'name', type: 'String' as const, nullable: true, isDescending: true }
    const key = { sql: 'key', type: 'Int32' as const, nullable: false, isDescending: false }
    expect(orderSql([name, key])).toBe(' order by name desc nulls last, key')
    const params = createParams()
    expect(afterSql([name, key], ['b', 7], params)).toBe(
      '(((name < $1::text or name is null)) or (name = $1::text and key > $2::integer))',
    )
    expect(params.values).toEqual(['b', '7'])
    expect(afterSql([name, key], [null, 7], createParams())).toBe('((name is null and key > $1::integer))')
  })
})
