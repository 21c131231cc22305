import { utf8 } from './bytes.ts'
import { hmacKey, type HmacKey } from './hashing.ts'

/** Where a signature counts: on a day (`20261201`), in a region, for a service. */
export interface Scope {
  readonly date: string
  readonly region: string
  readonly service: string
}

/** Signing keys that are kept: one for each region and service that is called, and of yesterday. */
const KEPT_MAX = 100

/** A secret access key that signs, and does not tell itself. */
export class SigningSecret {
  readonly #key: Promise<HmacKey>
  readonly #derived = new Map<string, Promise<HmacKey>>()

  constructor(secretAccessKey: string) {
    this.#key = hmacKey(utf8(`AWS4${secretAccessKey}`))
  }

  /** The key that signs in a scope (Signature Version 4, step 3). */
  async signingKey({ date, region, service }: Scope): Promise<HmacKey> {
    const name = `${date}/${region}/${service}`
    let derived = this.#derived.get(name)
    if (!derived) {
      if (this.#derived.size >= KEPT_MAX) this.#derived.clear()
      derived = this.#derive([date, region, service, 'aws4_request'])
      this.#derived.set(name, derived)
    }
    return await derived
  }

  async #derive(steps: readonly string[]): Promise<HmacKey> {
    let key = await this.#key
    for (const step of steps) key = await hmacKey(await key.sign(step))
    return key
  }
}
