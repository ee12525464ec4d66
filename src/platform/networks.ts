import { BlockList, isIP, isIPv4, SocketAddress } from 'node:net'

/** A set of networks that an address may be looked for in. */
export type NetworkList = { has(address: string): boolean }

type Address = { text: string; family: 'ipv4' | 'ipv6' }

const mappedPrefix = '::ffff:'
const bitsOf = { ipv4: 32, ipv6: 128 }

/**
 * A network in CIDR notation in its one spelling, or undefined when the text is none: `10.0.0.0/8`, `2001:db8::/32`; a bare
 * address is a network of one. IPv4 inside IPv6 (RFC 4291, 2.5.5.2) becomes IPv4. Bits past the prefix must be zero: whoever
 * writes 10.1.2.3/8 has meant something else.
 */
export function readNetwork(text: string): string | undefined {
  const [, host = '', prefix] = /^([\d.a-f:]{2,45})(?:\/(0|[1-9]\d{0,2}))?$/i.exec(text) ?? []
  const written = isIPv4(host) ? 'ipv4' : 'ipv6'
  const address = readAddress(host)
  if (!address) return undefined
  const isMapped = written === 'ipv6' && address.family === 'ipv4'
  const size = Number(prefix ?? bitsOf[written]) - (isMapped ? 96 : 0)
  if (size < 0 || size > bitsOf[address.family] || !isZeroAfter(address, size)) return undefined
  return `${address.text}/${size}`
}

/** The networks of `texts`. Throws when one of them is none: call `readNetwork` on what comes from outside. */
export function createNetworkList(texts: readonly string[]): NetworkList {
  const list = new BlockList()
  for (const text of texts) {
    const [address, prefix] = readNetwork(text)?.split('/') ?? []
    if (address === undefined) throw new Error(`${text} is not a network`)
    list.addSubnet(address, Number(prefix), isIPv4(address) ? 'ipv4' : 'ipv6')
  }
  return {
    has(text) {
      const address = readAddress(text)
      return address !== undefined && list.check(address.text, address.family)
    },
  }
}

/** What stands for a caller in counters: an IPv4 address, or the /64 that one subscriber of IPv6 has to themselves. */
export function readNeighbourhood(text: string): string {
  const address = readAddress(text)
  if (!address) return 'unknown'
  if (address.family === 'ipv4') return address.text
  return `${expandGroups(address.text).slice(0, 4).join(':')}::/64`
}

/** An address in its one spelling: mapped IPv4 as IPv4, IPv6 in short lower case, without its zone. */
function readAddress(text: string): Address | undefined {
  const bare = text.split('%')[0] ?? ''
  if (isIP(bare) === 0) return undefined
  if (isIPv4(bare)) return { text: bare, family: 'ipv4' }
  const { address } = new SocketAddress({ address: bare, family: 'ipv6' })
  const inner = address.startsWith(mappedPrefix) ? address.slice(mappedPrefix.length) : ''
  return isIPv4(inner) ? { text: inner, family: 'ipv4' } : { text: address, family: 'ipv6' }
}

function isZeroAfter({ text, family }: Address, size: number): boolean {
  const bits =
    family === 'ipv4'
      ? text.split('.').map((part) => Number(part).toString(2).padStart(8, '0'))
      : expandGroups(text).map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0'))
  return !bits.join('').slice(size).includes('1')
}

/** The eight groups of an IPv6 address; a dotted end counts as two. */
function expandGroups(text: string): string[] {
  const hex = text.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = parts.map(Number)
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
  })
  const [head = '', tail] = hex.split('::')
  const before = head.split(':').filter(Boolean)
  const after = (tail ?? '').split(':').filter(Boolean)
  const gap = tail === undefined ? 0 : 8 - before.length - after.length
  return [...before, ...Array<string>(gap).fill('0'), ...after]
}
