import type { SigningKey, SigningScope } from './signing-key.ts'
import { deriveSigningKey } from './signing-key.ts'

/** A secret that is opened only when it is needed. */
export interface SigningCredential {
  readonly accessKeyId: string
  /** Changes whenever the secret behind the access key id may have changed. */
  readonly secretVersion: string | number
  readonly openSecret: () => string
}

/** Entries of some 200 bytes each. */
const DEFAULT_ENTRIES_MAX = 10_000

/**
 * Derived signing keys, the least recently used dropped first. It holds no secret: with a derived key one can sign for its day,
 * region and service only. A deleted access key is no concern of the cache, since every request reads the stored credential first and
 * a credential made anew has another version.
 */
export class SigningKeyCache {
  readonly #entries = new Map<string, SigningKey>()
  /** The one used last: it need not be made the newest again. */
  #lastId = ''
  readonly #entriesMax: number

  /** `entriesMax` is 1 or more. */
  constructor(entriesMax = DEFAULT_ENTRIES_MAX) {
    this.#entriesMax = entriesMax
  }

  get size(): number {
    return this.#entries.size
  }

  /** The key for the credential in the scope; opens the secret when the cache has none. */
  get(credential: SigningCredential, scope: SigningScope): SigningKey {
    const id = `${credential.accessKeyId}\n${credential.secretVersion}\n${scope.date}\n${scope.region}\n${scope.service}`
    const cached = this.#entries.get(id)
    if (cached) {
      if (id === this.#lastId) return cached
      this.#entries.delete(id)
      this.#entries.set(id, cached)
      this.#lastId = id
      return cached
    }
    const key = deriveSigningKey(credential.openSecret(), scope)
    this.#entries.set(id, key)
    this.#lastId = id
    if (this.#entries.size > this.#entriesMax) {
      const oldest = this.#entries.keys().next()
      if (!oldest.done) this.#entries.delete(oldest.value)
    }
    return key
  }
}
