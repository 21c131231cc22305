import { BlockList, isIP } from 'node:net'

/** Addresses of IPv4 in the form that IPv6 has for them, `::ffff:127.0.0.1`, are looked up here as what they stand for. */
const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** Whether an IP address is of this machine alone. No name is, since whoever owns a name says where it leads. */
export function isLoopbackAddress(address: string): boolean {
  const family = isIP(address)
  return family !== 0 && loopback.check(address, family === 4 ? 'ipv4' : 'ipv6')
}

/** Whether a host, a name or an address with or without the brackets of IPv6, is this machine, where nobody is in between. */
export function isLoopbackHost(host: string): boolean {
  const address = /^\[(.*)\]$/.exec(host)?.[1] ?? host
  // No registry gives names under localhost out (RFC 6761).
  return /^(?:[^.].*\.)?localhost$/i.test(host) || isLoopbackAddress(address)
}
