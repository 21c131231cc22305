import type { Entry, Version } from '../../storage/metadata-store.ts'
import type { CredentialState, StoredBucket } from '../admission.ts'
import { roleScope, scopeOf } from '../authorization/within-scope.ts'
import type { KeyHolder, RolePrincipal } from '../principal.ts'
import { bucketCodec } from '../records/bucket.ts'
import { credentialCodec } from '../records/credential.ts'
import type { CredentialRecord } from '../records/credential.ts'
import { roleCodec, type RoleRecord } from '../records/role.ts'
import type { SecretVault } from '../secrets/secret-vault.ts'
import type { Session } from '../sessions/session.ts'

/** An access key as it was read, with who it speaks for. One state of a key is one object: equal versions give the same object. */
export interface FoundCredential extends Pick<CredentialRecord, 'status' | 'validUntil'> {
  readonly accessKeyId: string
  readonly principal: KeyHolder
  /** What a write checks again. */
  readonly state: CredentialState
  /** The stored key by which it was made, which its uses are uses of; null: a role, taken without a key. */
  readonly usedKeyId: string | null
  /** When that key was made, epoch milliseconds. */
  readonly usedKeyMadeAt: number | null
  /** Names a state of the secret. A derived signing key may be kept by (accessKeyId, secretVersion, date, region, service). */
  readonly secretVersion: Version
  /** Opens the secret access key: costs two decryptions, so call it only when no derived signing key is at hand. */
  secret(): string
}

/** A role as it was read. */
export interface StoredRole {
  readonly key: Buffer
  readonly record: RoleRecord
  readonly version: Version
}

/** Decoded records kept at most; the oldest go first. */
const CACHED_CREDENTIALS_MAX = 10_000
/** Bytes of the stored form of all decoded credentials: an application key of many prefixes or of a long policy is large. */
const CACHED_CREDENTIALS_BYTES_MAX = 32 * 1024 * 1024
const CACHED_BUCKETS_MAX = 2_000
/** A role has some ten thousand bytes at most. */
const CACHED_ROLES_MAX = 500

/** Decoded records by name, valid only for the version they were decoded from; saves parsing them on each request. */
export class AccessCache {
  readonly #vault: SecretVault
  readonly #credentials = new Map<string, FoundCredential>()
  readonly #credentialBytes = new Map<string, number>()
  #credentialBytesKept = 0
  readonly #buckets = new Map<string, StoredBucket>()
  readonly #roles = new Map<string, StoredRole>()
  /** For as long as the opened token of the session is kept. */
  readonly #sessions = new WeakMap<Session, SessionCredential>()

  constructor(vault: SecretVault) {
    this.#vault = vault
  }

  /** What the entry of a key says, whether the key counts or not. */
  credential(accessKeyId: string, entry: Entry): FoundCredential {
    const known = this.#credentials.get(accessKeyId)
    if (known?.secretVersion === entry.version) return known
    const found = this.#read(accessKeyId, entry)
    this.#keep(found, entry.value.byteLength)
    return found
  }

  #keep(found: FoundCredential, bytes: number): void {
    this.#forget(found.accessKeyId)
    this.#credentials.set(found.accessKeyId, found)
    this.#credentialBytes.set(found.accessKeyId, bytes)
    this.#credentialBytesKept += bytes
    for (const oldest of this.#credentials.keys()) {
      const isTooMuch =
        this.#credentials.size > CACHED_CREDENTIALS_MAX ||
        this.#credentialBytesKept > CACHED_CREDENTIALS_BYTES_MAX
      if (!isTooMuch) break
      this.#forget(oldest)
    }
  }

  #forget(accessKeyId: string): void {
    this.#credentials.delete(accessKeyId)
    this.#credentialBytesKept -= this.#credentialBytes.get(accessKeyId) ?? 0
    this.#credentialBytes.delete(accessKeyId)
  }

  /** What the entry of a bucket says. */
  bucket(name: string, entry: Entry): StoredBucket {
    const known = this.#buckets.get(name)
    if (known?.version === entry.version) return known
    const stored = { record: bucketCodec.decode(entry.value), version: entry.version }
    remember(this.#buckets, name, stored, CACHED_BUCKETS_MAX)
    return stored
  }

  /** What the entry of a role says. */
  role(entry: Entry): StoredRole {
    const name = entry.key.toString('latin1')
    const known = this.#roles.get(name)
    if (known?.version === entry.version) return known
    const stored = { key: entry.key, record: roleCodec.decode(entry.value), version: entry.version }
    remember(this.#roles, name, stored, CACHED_ROLES_MAX)
    return stored
  }

  /** What the entry of the role says that a session took: mostly what it said when the session was asked about before. */
  roleOf(session: Session, entry: Entry): StoredRole {
    const known = this.#sessions.get(session)?.role
    return known?.version === entry.version ? known : this.role(entry)
  }

  /** A session of a key that counts (`parent`), of a role that does, or of both. */
  session(session: Session, parent: FoundCredential | null, role: StoredRole | null): FoundCredential {
    const known = this.#sessions.get(session)
    if (known?.parent === parent && known.role === role) return known.found
    const found = sessionCredential(session, parent, role)
    this.#sessions.set(session, { found, parent, role })
    return found
  }

  #read(accessKeyId: string, entry: Entry): FoundCredential {
    const record = credentialCodec.decode(entry.value)
    const { status, validUntil, createdAt } = record
    const vault = this.#vault
    const end = validUntil === undefined ? {} : { validUntil }
    return {
      accessKeyId,
      status,
      ...end,
      principal: principalOf(record),
      state: { key: entry.key, version: entry.version, ...end },
      usedKeyId: accessKeyId,
      usedKeyMadeAt: createdAt,
      secretVersion: entry.version,
      secret: () => vault.open(record.secret, accessKeyId),
    }
  }
}

interface SessionCredential {
  readonly found: FoundCredential
  readonly parent: FoundCredential | null
  readonly role: StoredRole | null
}

/** The secret of a session is sealed in its token, and never changes. */
const SESSION_SECRET_VERSION = 'session'

function sessionCredential(
  session: Session,
  parent: FoundCredential | null,
  role: StoredRole | null,
): FoundCredential {
  const { accessKeyId, secretAccessKey, expiresAt } = session
  const source = parent?.state ?? role
  const principal = role ? rolePrincipal(session, parent, role) : parent?.principal
  if (!source || !principal) throw new TypeError('a session is of a key, of a role, or of both')
  const validUntil = Math.min(expiresAt, parent?.validUntil ?? Infinity, role?.record.validUntil ?? Infinity)
  return {
    accessKeyId,
    status: 'Active',
    validUntil,
    principal,
    state: {
      key: source.key,
      version: source.version,
      validUntil,
      session,
      ...(parent && role && { role: { key: role.key, version: role.version } }),
    },
    usedKeyId: session.parentKeyId,
    usedKeyMadeAt: session.parentMadeAt,
    secretVersion: SESSION_SECRET_VERSION,
    secret: () => secretAccessKey,
  }
}

function rolePrincipal(
  { accessKeyId, accountId, role }: Session,
  parent: FoundCredential | null,
  { record }: StoredRole,
): RolePrincipal {
  const { name, roleId } = record
  const policy = role?.policy ?? null
  const scope = roleScope(record, {
    roleId,
    session: policy === null ? null : { id: accessKeyId, text: policy },
  })
  if (parent?.principal.type === 'role') throw new TypeError('a role is taken by a key, or by nobody')
  return {
    type: 'role',
    accountId,
    accessKeyId,
    name,
    roleId,
    sessionName: role?.sessionName ?? '',
    scope,
    parent: parent?.principal ?? null,
  }
}

function principalOf(record: CredentialRecord): Exclude<KeyHolder, RolePrincipal> {
  const { accountId, accessKeyId } = record
  switch (record.type) {
    case 'account':
      return { type: 'account', accountId, accessKeyId }
    case 'bucket-key':
      return {
        type: 'bucket-key',
        accountId,
        accessKeyId,
        bucketName: record.bucketName,
        bucketId: record.bucketId,
      }
    case 'application-key':
      return { type: 'application-key', accountId, accessKeyId, name: record.name, scope: scopeOf(record) }
    case 'resource':
      return {
        type: 'resource',
        accountId,
        accessKeyId,
        resourceName: record.resourceName,
        region: record.region,
      }
  }
}

function remember<T>(cache: Map<string, T>, name: string, value: T, entriesMax: number): void {
  cache.delete(name)
  if (cache.size >= entriesMax) {
    const oldest = cache.keys().next()
    if (oldest.done !== true) cache.delete(oldest.value)
  }
  cache.set(name, value)
}
