import { randomBytes } from 'node:crypto'
import type { ObjectEncryption } from '../records/object.ts'
import type { SealedSecret, SecretVault } from '../secrets/secret-vault.ts'
import { ENCRYPTION_KEY_BYTES } from './encryption-request.ts'

type ServerEncryption = Extract<ObjectEncryption, { type: 'SSE-S3' }>

/** What the vault binds a key to that serves many objects. */
const SHARED_KEY_PURPOSE = 'objects'
/** Objects and parts after which another key is made: far below what one key may serve, and enough for making one to cost nothing. */
const USES_MAX = 65_536
const KEPT_MAX = 1024

interface OpenKey {
  readonly sealedKey: SealedSecret
  readonly key: Uint8Array
}

/**
 * The keys of server-side encryption (SSE-S3), as they lie sealed in the objects' records. One key serves many objects of this process, since
 * sealing and opening one costs more than encrypting a small object: what encrypts bytes is made from it and the salt of the object or part
 * (`streamKey`), and so is different for each. Keys that were opened stay open, at most 1,024 of them; the master key that opens them all is
 * in memory anyway.
 */
export class ObjectKeys {
  readonly #vault: SecretVault
  readonly #open = new Map<SealedSecret, Uint8Array>()
  readonly #resealed = new Map<SealedSecret, SealedSecret>()
  #newest: OpenKey | null = null
  #uses = 0

  constructor(vault: SecretVault) {
    this.#vault = vault
  }

  /** A key for an object that is being made: 32 bytes, and its sealed form for the record. */
  forNewObject(): OpenKey {
    if (this.#newest === null || this.#uses >= USES_MAX) {
      const key = randomBytes(ENCRYPTION_KEY_BYTES)
      this.#newest = { key, sealedKey: this.#vault.seal(key.toString('base64'), SHARED_KEY_PURPOSE) }
      this.#uses = 0
      keep(this.#open, this.#newest.sealedKey, key)
    }
    this.#uses++
    return this.#newest
  }

  /** The key of a stored object, 32 bytes. Throws what the vault throws when its master key is not here or the record was changed. */
  open(encryption: ServerEncryption): Uint8Array {
    const { sealedKey } = encryption
    const known = encryption.isKeyShared && this.#open.get(sealedKey)
    if (known) return known
    const key = Buffer.from(this.#vault.open(sealedKey, purposeOf(encryption)), 'base64')
    if (encryption.isKeyShared) keep(this.#open, sealedKey, key)
    return key
  }

  /** The key sealed under the newest master key, or null when it is already. What objects shared they share again. */
  reseal(encryption: ServerEncryption): SealedSecret | null {
    const { sealedKey } = encryption
    const known = encryption.isKeyShared && this.#resealed.get(sealedKey)
    if (known) return known
    const resealed = this.#vault.reseal(sealedKey, purposeOf(encryption))
    if (resealed !== null && encryption.isKeyShared) keep(this.#resealed, sealedKey, resealed)
    return resealed
  }
}

function keep<V>(kept: Map<SealedSecret, V>, sealedKey: SealedSecret, value: V): void {
  if (kept.size >= KEPT_MAX) {
    const [oldest] = kept.keys()
    if (oldest !== undefined) kept.delete(oldest)
  }
  kept.set(sealedKey, value)
}

/** Keys of objects made before keys were shared are bound to the object's salt. */
const purposeOf = ({ isKeyShared, salt }: ServerEncryption): string =>
  isKeyShared ? SHARED_KEY_PURPOSE : `object ${salt}`
