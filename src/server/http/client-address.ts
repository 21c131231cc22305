import { BlockList, isIP } from 'node:net'
import type { Network } from '../configuration/networks.ts'

/** More proxies than any request passes. */
const HOPS_MAX = 32
const MAPPED_PREFIX = '::ffff:'

/** Who sent a request, as far as the connection and the proxies that are trusted tell. */
export class ClientAddresses {
  readonly #proxies: BlockList | null = null

  constructor(trustedProxies: readonly Network[]) {
    if (trustedProxies.length === 0) return
    this.#proxies = new BlockList()
    for (const { address, prefixLength, family } of trustedProxies)
      this.#proxies.addSubnet(address, prefixLength, family)
  }

  /** Whether what the peer of a connection says about its clients counts. */
  isTrusted(address: string): boolean {
    return this.#proxies?.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4') === true
  }

  /**
   * The address behind the proxies: of those in X-Forwarded-For the last that is not a trusted proxy itself, since everything before it
   * is what the client says. `peer` is the other end of the connection, as {@link plainAddress} gives it.
   */
  of(peer: string, forwardedFor: string | undefined): string {
    if (this.#proxies === null || forwardedFor === undefined || !this.isTrusted(peer)) return peer
    let client = peer
    let end = forwardedFor.length
    for (let hop = 0; hop < HOPS_MAX && end > 0; hop++) {
      const comma = forwardedFor.lastIndexOf(',', end - 1)
      const address = addressOf(forwardedFor.slice(comma + 1, end).trim())
      if (address === null) return client
      client = address
      if (!this.isTrusted(client)) return client
      end = comma
    }
    return client
  }
}

/** An address without the mapping of IPv4 into IPv6. */
export function plainAddress(address: string): string {
  return address.startsWith(MAPPED_PREFIX) && isIP(address.slice(MAPPED_PREFIX.length)) === 4
    ? address.slice(MAPPED_PREFIX.length)
    : address
}

/**
 * What stands for a client where each gets its share: of IPv6 the network of 64 bits, all of which one customer of a provider has at the
 * least.
 */
export function shareOf(address: string): string {
  if (isIP(address) !== 6) return address
  const groups = expand(address).slice(0, 4)
  return `${groups.join(':')}::/64`
}

/** An address with or without a port, as proxies write it; null for what is none. */
function addressOf(text: string): string | null {
  if (isIP(text) !== 0) return plainAddress(text)
  const bracketed =
    /^\[([\da-fA-F:.]+)\](?::\d{1,5})?$/.exec(text)?.[1] ?? /^([\d.]+):\d{1,5}$/.exec(text)?.[1]
  return bracketed !== undefined && isIP(bracketed) !== 0 ? plainAddress(bracketed) : null
}

function expand(address: string): string[] {
  const [left = '', right] = (address.split('%', 1)[0] ?? '').toLowerCase().split('::')
  const before = left === '' ? [] : left.split(':')
  const after = right === undefined || right === '' ? [] : right.split(':')
  const missing = right === undefined ? 0 : Math.max(0, 8 - before.length - after.length)
  return [...before, ...Array<string>(missing).fill('0'), ...after].map((group) =>
    group.replace(/^0+(?=.)/, ''),
  )
}
