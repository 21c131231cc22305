import { isIP } from 'node:net'
import type { Setting } from './setting.ts'

/** Addresses that begin alike: `10.0.0.0/8`. */
export interface Network {
  readonly address: string
  readonly prefixLength: number
  readonly family: 'ipv4' | 'ipv6'
}

/** Reads `10.0.0.0/8`, `fd00::/8` or a single address; undefined for what is none. */
function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf('/')
  const address = slash < 0 ? text : text.slice(0, slash)
  const version = isIP(address)
  if (version === 0 || address.includes('%')) return undefined
  const bits = version === 4 ? 32 : 128
  const digits = slash < 0 ? String(bits) : text.slice(slash + 1)
  const prefixLength = /^\d{1,3}$/.test(digits) ? Number(digits) : NaN
  if (!(prefixLength <= bits)) return undefined
  return { address, prefixLength, family: version === 4 ? 'ipv4' : 'ipv6' }
}

/** A setting that lists networks, separated by commas; none by default. */
export function networks(words: {
  readonly group: Setting<unknown>['group']
  readonly option: string
  readonly doc: string
}): Setting<readonly Network[]> {
  return {
    ...words,
    placeholder: 'NETWORK,…',
    allowed: 'addresses and networks such as 10.0.0.0/8,192.0.2.7,fd00::/8',
    default: [],
    defaultText: 'none',
    isSecret: false,
    parse: (text) => {
      const read = text.split(',').map((item) => parseNetwork(item.trim()))
      return read.every((network) => network !== undefined) ? read : undefined
    },
  }
}
