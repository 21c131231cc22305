import type { ExchangeClient } from '../../src/api/exchange.ts'

/** The client of an exchange that no listener made: of this machine, without a history. */
export const anonymousClient: ExchangeClient = {
  address: '127.0.0.1',
  isSecure: false,
  isHeldOff: () => false,
  noteVerified: () => undefined,
  noteRefused: () => undefined,
  standing: 'stranger',
  noteTaken: () => undefined,
}
