import { areEqualSignatures } from './signature-comparison.ts'
import type { SigningKey, SigningScope } from './signing-key.ts'
import { deriveSigningKey } from './signing-key.ts'

/** A secret that is opened only when it is needed. */
export interface SigningCredential {
  readonly accessKeyId: string
  /** Changes whenever the secret behind the access key id may have changed. */
  readonly secretVersion: string | number
  readonly openSecret: () => string
}

/** Some 10,000 keys. */
const DEFAULT_BYTES_MAX = 8 * 1024 * 1024
/** What an entry costs besides the text of its id: two blocks, two buffers, a place in the table. */
const ENTRY_BYTES = 768

/**
 * Derived signing keys, the least recently used dropped first. A key is kept only once a signature by it was right, so that nothing is kept
 * of requests that are refused. It holds no secret: with a derived key one can sign for its day, region and service only. A deleted
 * access key is no concern of the cache, since every request reads the stored credential first and a credential made anew has another version.
 */
export class SigningKeyCache {
  readonly #entries = new Map<string, SigningKey>()
  /** The one used last: it need not be made the newest again. */
  #lastId = ''
  #sizeBytes = 0
  readonly #sizeBytesMax: number

  constructor(sizeBytesMax = DEFAULT_BYTES_MAX) {
    this.#sizeBytesMax = sizeBytesMax
  }

  get size(): number {
    return this.#entries.size
  }

  /** The key of the credential in the scope, if `signature` is the one of `text` by it, else null. Opens the secret when the cache has no key. */
  verify(
    credential: SigningCredential,
    scope: SigningScope,
    { text, signature }: { readonly text: string; readonly signature: string },
  ): SigningKey | null {
    const id = `${credential.accessKeyId}\n${credential.secretVersion}\n${scope.date}\n${scope.region}\n${scope.service}`
    const cached = this.#entries.get(id)
    const key = cached ?? deriveSigningKey(credential.openSecret(), scope)
    if (!areEqualSignatures(key.sign(text), signature)) return null
    if (id === this.#lastId && cached) return key
    if (cached) this.#entries.delete(id)
    else this.#sizeBytes += bytesOf(id)
    this.#entries.set(id, key)
    this.#lastId = id
    if (this.#sizeBytes > this.#sizeBytesMax) this.#dropOldest()
    return key
  }

  #dropOldest(): void {
    for (const id of this.#entries.keys()) {
      if (this.#sizeBytes <= this.#sizeBytesMax || this.#entries.size === 1) return
      this.#entries.delete(id)
      this.#sizeBytes -= bytesOf(id)
    }
  }
}

const bytesOf = (id: string): number => ENTRY_BYTES + id.length
