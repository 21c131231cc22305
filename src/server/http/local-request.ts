import { isIP } from 'node:net'
import type { IncomingMessage } from 'node:http'
import { isLoopbackAddress } from '../../base/loopback.ts'

/** What proxies add, of which one on the same machine passes strangers' requests on. */
const FORWARDED = ['forwarded', 'via', 'x-forwarded-for', 'x-real-ip']

/** Whether somebody on this machine sent the request, as far as its connection and its headers tell. */
export const isFromThisMachine = ({ headers }: IncomingMessage, clientAddress: string): boolean =>
  isLoopbackAddress(clientAddress) && FORWARDED.every((name) => headers[name] === undefined)

/**
 * Whether the request's Host is an address, or a name that no stranger can have pointed at this machine: a page of another site may call a server on the
 * machine of whoever looks at it by a name of that site.
 */
export function isHostOfThisMachine({ headers: { host = '' } }: IncomingMessage): boolean {
  const name = host.replace(/:\d*$/, '').toLowerCase()
  return isIP(name.replace(/^\[|\]$/g, '')) !== 0 || !name.includes('.') || name.endsWith('.localhost')
}
