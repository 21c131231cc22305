import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { mintAccessKey } from '../credentials/mint-access-key.ts'
import { DomainError } from '../errors/domain-error.ts'
import type { SecretVault } from '../secrets/secret-vault.ts'
import type { Session } from './session.ts'

/** Temporary credentials as their holder gets them. */
export interface TemporaryCredentials extends Pick<Session, 'accessKeyId' | 'secretAccessKey' | 'expiresAt'> {
  readonly sessionToken: string
}

/** Longest token, in characters: it travels in a header, or in a URL. */
const TOKEN_LENGTH_MAX = 4_096
/** Longest policy in a token once it is packed, in bytes. */
const PACKED_POLICY_BYTES_MAX = 1_536

/** The use that the key is derived for. */
const USE = 'session token v1'
const FORMAT = 1
const MASTER_KEY_ID_BYTES = 4
const NONCE_BYTES = 12
const TAG_BYTES = 16
const HEAD_BYTES = 1 + MASTER_KEY_ID_BYTES + NONCE_BYTES

/** Tokens that were opened and are kept so: each is some hundred bytes, with a long policy a few thousand. */
const KEPT_MAX = 10_000
const KEPT_CHARACTERS_MAX = 8 * 1024 * 1024

/** What is sealed, in the order in which it is written. */
type Packed = readonly [
  secretAccessKey: string,
  issuedAtSeconds: number,
  lastsSeconds: number,
  accountId: string,
  parentKeyId: string | null,
  role:
    | readonly [
        name: string,
        roleId: string,
        sessionsSince: number,
        sessionName: string,
        packedPolicy: string | null,
      ]
    | null,
  parentMadeAt: number | null,
]

/**
 * Seals sessions into tokens, and opens them: nothing is stored of a session, and every server with the same master keys opens it.
 *
 *     format (1 byte) . master key id (4) . nonce (12) . sealed . tag (16), in base64url
 *
 * AES-256-GCM with a key of its own for each access key id, derived from the master key's: a token opens with its id and no other, and no two share
 * nonces.
 */
export class SessionTokens {
  readonly #vault: SecretVault
  readonly #keys = new Map<string, Buffer>()
  readonly #kept = new Map<string, { readonly token: string; readonly session: Session }>()
  #keptCharacters = 0

  constructor(vault: SecretVault) {
    this.#vault = vault
  }

  /** Makes temporary credentials. Throws `PackedPolicyTooLarge`. */
  issue(given: Omit<Session, 'accessKeyId' | 'secretAccessKey'>): TemporaryCredentials {
    const { accessKeyId, secretAccessKey } = mintAccessKey('ASIA')
    const { issuedAt, expiresAt, accountId, parentKeyId, parentMadeAt, role } = given
    const packed: Packed = [
      secretAccessKey,
      issuedAt / 1_000,
      (expiresAt - issuedAt) / 1_000,
      accountId,
      parentKeyId,
      role && [
        role.name,
        role.roleId,
        role.sessionsSince,
        role.sessionName,
        role.policy === null ? null : pack(role.policy),
      ],
      parentMadeAt,
    ]
    const { masterKeyId, key } = this.#newestKey()
    const nonce = randomBytes(NONCE_BYTES)
    const head = Buffer.concat([Buffer.from([FORMAT]), Buffer.from(masterKeyId, 'hex'), nonce])
    const cipher = createCipheriv('aes-256-gcm', keyOf(key, accessKeyId), nonce, {
      authTagLength: TAG_BYTES,
    }).setAAD(head)
    const sealed = Buffer.concat([cipher.update(JSON.stringify(packed)), cipher.final(), cipher.getAuthTag()])
    const sessionToken = Buffer.concat([head, sealed]).toString('base64url')
    if (sessionToken.length > TOKEN_LENGTH_MAX)
      throw new RangeError(`a session token has at most ${TOKEN_LENGTH_MAX} characters`)
    return { accessKeyId, secretAccessKey, expiresAt, sessionToken }
  }

  /** What a token holds, whether or not its time is over; null: it is none, or of another access key id, or its master key is gone. */
  open(token: string, accessKeyId: string): Session | null {
    const known = this.#kept.get(accessKeyId)
    if (known?.token === token) return known.session
    const session = this.#unseal(token, accessKeyId)
    if (session) this.#keep(token, session)
    return session
  }

  #unseal(token: string, accessKeyId: string): Session | null {
    if (token.length > TOKEN_LENGTH_MAX) return null
    const bytes = Buffer.from(token, 'base64url')
    // What is no base64url is passed over by the decoder: one session has one token.
    if (bytes.length <= HEAD_BYTES + TAG_BYTES || bytes.toString('base64url') !== token) return null
    if (bytes[0] !== FORMAT) return null
    const key = this.#key(bytes.toString('hex', 1, 1 + MASTER_KEY_ID_BYTES))
    if (!key) return null
    const head = bytes.subarray(0, HEAD_BYTES)
    const nonce = head.subarray(1 + MASTER_KEY_ID_BYTES)
    const decipher = createDecipheriv('aes-256-gcm', keyOf(key, accessKeyId), nonce, {
      authTagLength: TAG_BYTES,
    })
    decipher.setAAD(head).setAuthTag(bytes.subarray(-TAG_BYTES))
    const plain = decipher.update(bytes.subarray(HEAD_BYTES, -TAG_BYTES))
    try {
      decipher.final()
    } catch {
      // It fails for one reason only: the tag does not fit.
      return null
    }
    return sessionOf(accessKeyId, JSON.parse(plain.toString('utf8')) as Packed)
  }

  #newestKey() {
    const derived = this.#vault.deriveKey(USE)
    if (!derived) throw new TypeError('there is a newest master key')
    return derived
  }

  /** Derived once: the ids come with tokens of anybody, and only those of master keys that are here are kept. */
  #key(masterKeyId: string): Buffer | null {
    const known = this.#keys.get(masterKeyId)
    if (known) return known
    const derived = this.#vault.deriveKey(USE, masterKeyId)
    if (derived) this.#keys.set(masterKeyId, derived.key)
    return derived?.key ?? null
  }

  #keep(token: string, session: Session): void {
    this.#forget(session.accessKeyId)
    this.#kept.set(session.accessKeyId, { token, session })
    this.#keptCharacters += token.length
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT_MAX && this.#keptCharacters <= KEPT_CHARACTERS_MAX) break
      this.#forget(oldest)
    }
  }

  #forget(accessKeyId: string): void {
    this.#keptCharacters -= this.#kept.get(accessKeyId)?.token.length ?? 0
    this.#kept.delete(accessKeyId)
  }
}

const keyOf = (key: Buffer, accessKeyId: string): Buffer =>
  createHmac('sha256', key).update(accessKeyId).digest()

function sessionOf(accessKeyId: string, packed: Packed): Session {
  const [secretAccessKey, issuedAtSeconds, lastsSeconds, accountId, parentKeyId, role, parentMadeAt] = packed
  const issuedAt = issuedAtSeconds * 1_000
  const [name = '', roleId = '', sessionsSince = 0, sessionName = '', policy = null] = role ?? []
  return {
    accessKeyId,
    secretAccessKey,
    issuedAt,
    expiresAt: issuedAt + lastsSeconds * 1_000,
    accountId,
    parentKeyId,
    parentMadeAt,
    role: role && {
      name,
      roleId,
      sessionsSince,
      sessionName,
      policy: policy === null ? null : unpack(policy),
    },
  }
}

/** Share of the room for policies in tokens that a policy takes, in per cent, rounded up. */
export const packedPolicySize = (policy: string): number =>
  Math.ceil((deflateRawSync(policy).length / PACKED_POLICY_BYTES_MAX) * 100)

function pack(policy: string): string {
  const packed = deflateRawSync(policy)
  if (packed.length > PACKED_POLICY_BYTES_MAX)
    throw new DomainError('PackedPolicyTooLarge', { percent: packedPolicySize(policy) })
  return packed.toString('base64url')
}

/** What was sealed here is as it was packed. */
const unpack = (packed: string): string => inflateRawSync(Buffer.from(packed, 'base64url')).toString('utf8')
