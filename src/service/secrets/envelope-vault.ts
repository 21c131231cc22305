import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import type { MasterKey, MasterKeys } from './master-keys.ts'
import type { DerivedKey, SealedSecret, SecretVault } from './secret-vault.ts'

const VERSION = 'v1'
const NONCE_BYTES = 12
const TAG_BYTES = 16
const DATA_KEY_BYTES = 32

/** Why a sealed secret could not be opened. Says which master key it needs, never what it holds. */
class SecretUnreadable extends Error {
  override readonly name = 'SecretUnreadable'
  readonly reason: 'malformed' | 'unknown-master-key' | 'not-authentic'

  constructor(reason: SecretUnreadable['reason'], message: string) {
    super(message)
    this.reason = reason
  }
}

/**
 * Seals each secret under a data key of its own, which a master key wraps (AES-256-GCM both times).
 *
 *     v1 . <master key id> . <wrapped data key> . <sealed secret>
 *
 * The last two are base64url of nonce (12 bytes), ciphertext, tag (16 bytes). Version, master key id and purpose are authenticated with both,
 * so that a sealed text moved to another record does not open there.
 */
export class EnvelopeVault implements SecretVault {
  readonly #keys: MasterKeys

  constructor(keys: MasterKeys) {
    this.#keys = keys
  }

  seal(secret: string, purpose: string): SealedSecret {
    const master = this.#keys.newest
    const dataKey = randomBytes(DATA_KEY_BYTES)
    const bound = boundTo(master.id, purpose)
    const wrapped = encrypt(master.key, dataKey, bound)
    const sealed = encrypt(dataKey, Buffer.from(secret, 'utf8'), bound)
    dataKey.fill(0)
    return [VERSION, master.id, wrapped.toString('base64url'), sealed.toString('base64url')].join('.')
  }

  open(sealed: SealedSecret, purpose: string): string {
    const { master, wrapped, body } = this.#parse(sealed)
    const bound = boundTo(master.id, purpose)
    const dataKey = decrypt(master.key, wrapped, bound)
    const secret = decrypt(dataKey, body, bound)
    dataKey.fill(0)
    return secret.toString('utf8')
  }

  reseal(sealed: SealedSecret, purpose: string): SealedSecret | null {
    return masterKeyIdOf(sealed) === this.#keys.newest.id
      ? null
      : this.seal(this.open(sealed, purpose), purpose)
  }

  deriveKey(use: string, masterKeyId = this.#keys.newest.id): DerivedKey | null {
    const master = this.#keys.byId.get(masterKeyId)
    if (!master) return null
    const key = hkdfSync('sha256', master.key, Buffer.alloc(0), `lugsail\0${use}`, DATA_KEY_BYTES)
    return { masterKeyId, key: Buffer.from(key) }
  }

  #parse(sealed: SealedSecret): { master: MasterKey; wrapped: Buffer; body: Buffer } {
    const [version, masterKeyId, wrapped, body, ...rest] = sealed.split('.')
    if (
      version !== VERSION ||
      masterKeyId === undefined ||
      wrapped === undefined ||
      body === undefined ||
      rest.length > 0
    ) {
      throw new SecretUnreadable('malformed', 'the stored secret is not in a form that this program knows')
    }
    const master = this.#keys.byId.get(masterKeyId)
    if (!master) {
      throw new SecretUnreadable(
        'unknown-master-key',
        `the secret was sealed with master key ${masterKeyId}, which is not among those given`,
      )
    }
    return { master, wrapped: Buffer.from(wrapped, 'base64url'), body: Buffer.from(body, 'base64url') }
  }
}

/** The id of the master key that a secret was sealed with: to see which keys are still needed. */
export function masterKeyIdOf(sealed: SealedSecret): string {
  return sealed.split('.', 2)[1] ?? ''
}

function boundTo(masterKeyId: string, purpose: string): Buffer {
  return Buffer.from(`lugsail\0${VERSION}\0${masterKeyId}\0${purpose}`, 'utf8')
}

function encrypt(key: Buffer, plain: Buffer, bound: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(bound)
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

function decrypt(key: Buffer, sealed: Buffer, bound: Buffer): Buffer {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) {
    throw new SecretUnreadable('malformed', 'the stored secret is too short')
  }
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  })
  decipher.setAAD(bound).setAuthTag(sealed.subarray(-TAG_BYTES))
  const plain = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES))
  try {
    return Buffer.concat([plain, decipher.final()])
  } catch {
    // `final` fails for one reason only: the tag does not fit key, text and purpose.
    plain.fill(0)
    throw new SecretUnreadable(
      'not-authentic',
      'the stored secret was changed, or belongs to another record or master key',
    )
  }
}
