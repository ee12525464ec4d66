/** Whether a host is this machine by its own name or address. Names that only begin like one are others'. `[::1]` is how URLs have it. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/.test(host)
}

const encrypted = ['https:', 'rediss:', 'amqps:']

/** Whether what goes there could be read on its way: neither encrypted nor to this machine. */
export function isOpenUrl({ protocol, hostname }: URL): boolean {
  return !encrypted.includes(protocol) && !isLoopback(hostname)
}
