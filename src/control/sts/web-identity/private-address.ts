import { BlockList, isIP } from 'node:net'

/** What is not reached over the Internet: this machine, private networks, their links and groups, and what is set aside (RFC 6890 and its registries). */
const NOT_PUBLIC: readonly (readonly [network: string, bits: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
]

/** The one block of IPv6 that is given out for the Internet. What is in none of these two forms is not public. */
const PUBLIC_IPV6 = ['2000::', 3] as const
/** Blocks of it that stand for others: documentation, Teredo and 6to4, which have an address of IPv4 inside. */
const NOT_PUBLIC_IPV6: readonly (readonly [network: string, bits: number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
]

const notPublic = new BlockList()
for (const [network, bits] of NOT_PUBLIC) notPublic.addSubnet(network, bits, 'ipv4')
for (const [network, bits] of NOT_PUBLIC_IPV6) notPublic.addSubnet(network, bits, 'ipv6')
const publicIpv6 = new BlockList()
publicIpv6.addSubnet(...PUBLIC_IPV6, 'ipv6')

/** An address of IPv4 as sockets of IPv6 have it. */
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i

/** Whether an IP address is one of this machine, of a private network, or otherwise none of the Internet's. What is no address is not public either. */
export function isPrivateAddress(address: string): boolean {
  const plain = MAPPED.exec(address)?.[1] ?? address
  switch (isIP(plain)) {
    case 4:
      return notPublic.check(plain, 'ipv4')
    case 6:
      return !publicIpv6.check(plain, 'ipv6') || notPublic.check(plain, 'ipv6')
    default:
      return true
  }
}
