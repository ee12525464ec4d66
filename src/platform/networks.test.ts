import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createNetworkList, readNeighbourhood, readNetwork } from './networks.ts'

describe('a network', () => {
  test.each([
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['203.0.113.7', '203.0.113.7/32'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['2001:DB8::/32', '2001:db8::/32'],
    ['2001:0db8:0:0:0:0:0:1', '2001:db8::1/128'],
    ['::ffff:10.0.0.0/104', '10.0.0.0/8'],
    ['::ffff:cb00:7107', '203.0.113.7/32'],
    ['::/0', '::/0'],
  ])('%s is %s', (text, network) => {
    expect(readNetwork(text)).toBe(network)
  })

  test.each([
    ['nothing', ''],
    ['a name', 'example.com'],
    ['a prefix that is too long', '10.0.0.0/33'],
    ['one of IPv6 too long', '2001:db8::/129'],
    ['bits past the prefix', '10.1.2.3/8'],
    ['bits past the prefix of IPv6', '2001:db8::1/64'],
    ['mapped with a prefix shorter than the mapping', '::ffff:0.0.0.0/90'],
    ['octal', '010.0.0.0/8'],
    ['a prefix in octal', '10.0.0.0/08'],
    ['blanks', ' 10.0.0.0/8'],
    ['two prefixes', '10.0.0.0/8/8'],
    ['a zone', 'fe80::1%eth0'],
    ['a short form', '10.1/16'],
  ])('is not %s', (_, text) => {
    expect(readNetwork(text)).toBeUndefined()
  })
})

describe('a list', () => {
  const list = createNetworkList(['10.0.0.0/8', '2001:db8::/32'])

  test.each([
    ['10.9.9.9', true],
    ['::ffff:10.9.9.9', true],
    ['::FFFF:a09:909', true],
    ['11.0.0.1', false],
    ['2001:db8:ffff::1', true],
    ['2001:db9::1', false],
    ['::10.9.9.9', false],
    ['nonsense', false],
    ['', false],
  ])('has %s: %s', (address, isIn) => {
    expect(list.has(address)).toBe(isIn)
  })

  test('is empty without networks, and refuses what is none', () => {
    expect(createNetworkList([]).has('10.0.0.1')).toBe(false)
    expect(() => createNetworkList(['10.0.0.1/8'])).toThrow(/not a network/)
  })

  test('agrees with counting bits, for any address and prefix of IPv4', () => {
    const toText = (n: number) => [24, 16, 8, 0].map((shift) => (n >>> shift) & 255).join('.')
    fc.assert(
      fc.property(fc.nat(0xffffffff), fc.nat(0xffffffff), fc.nat(32), (address, base, prefix) => {
        const mask = prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0
        const network = createNetworkList([`${toText((base & mask) >>> 0)}/${prefix}`])
        const isIn = (address & mask) >>> 0 === (base & mask) >>> 0
        expect(network.has(toText(address))).toBe(isIn)
        expect(network.has(`::ffff:${toText(address)}`)).toBe(isIn)
      }),
    )
  })
})

test('a caller is counted by IPv4 address or by /64, however it is spelt', () => {
  expect(readNeighbourhood('::ffff:10.0.0.1')).toBe('10.0.0.1')
  expect(readNeighbourhood('2001:db8::1')).toBe(readNeighbourhood('2001:0DB8:0:0:ffff::9'))
  expect(readNeighbourhood('2001:db8::1')).not.toBe(readNeighbourhood('2001:db8:0:1::1'))
  expect(readNeighbourhood('spoofed')).toBe('unknown')
})
