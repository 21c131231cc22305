import type { ExchangeClient } from '../../api/exchange.ts'
import type { Connection } from './connection.ts'
import type { FailedSignatures } from './failed-signatures.ts'

/** Who sent one request. */
export class RequestClient implements ExchangeClient {
  readonly address: string
  readonly isSecure: boolean
  readonly #connection: Connection
  readonly #failedSignatures: FailedSignatures

  constructor(options: {
    readonly address: string
    readonly isSecure: boolean
    readonly connection: Connection
    readonly failedSignatures: FailedSignatures
  }) {
    this.address = options.address
    this.isSecure = options.isSecure
    this.#connection = options.connection
    this.#failedSignatures = options.failedSignatures
  }

  isHeldOff(accessKeyId: string): boolean {
    return this.#failedSignatures.isHeldOff(this.address, accessKeyId)
  }

  noteVerified(accessKeyId: string): void {
    this.#connection.isProven = true
    this.#failedSignatures.noteVerified(this.address, accessKeyId)
  }

  noteRefused(): void {
    this.#failedSignatures.noteRefused(this.address)
  }

  get standing(): ExchangeClient['standing'] {
    if (this.#connection.isProven) return 'caller'
    return this.#connection.hasTaken ? 'taker' : 'stranger'
  }

  noteTaken(): void {
    this.#connection.hasTaken = true
  }
}
