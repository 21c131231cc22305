import type { AccessCache, FoundCredential } from '../credentials/access-cache.ts'
import { credentialKey, lastUsedKey, roleKey, roleLastUsedKey } from '../keyspace.ts'
import type { RolePrincipal } from '../principal.ts'
import type { LastUsedRecord } from '../records/credential.ts'
import { roleCodec, type RoleRecord } from '../records/role.ts'
import { LastUseTable, type LastUseParts, type NotedUse, type UsedRows } from './last-use-table.ts'

/** A key: an id that was brought along may be another key's later. */
interface UsedKey {
  readonly accessKeyId: string
  /** Epoch milliseconds. */
  readonly createdAt: number
}

/** A role, and the session that uses it. */
type UsedRole = Pick<RoleRecord, 'accountId' | 'name' | 'roleId'> &
  Partial<Pick<RolePrincipal, 'sessionName' | 'parent'>>

const rowsOfKey = ({ accessKeyId }: Pick<UsedKey, 'accessKeyId'>): UsedRows => ({
  owner: credentialKey(accessKeyId),
  lastUse: lastUsedKey(accessKeyId),
})

const rowsOfRole = ({ accountId, name, roleId }: UsedRole): UsedRows => ({
  owner: roleKey(accountId, name),
  lastUse: roleLastUsedKey(roleId),
})

/** Remembers when access keys and roles were last used ({@link LastUseTable}). One for each process; close it when the server stops. */
export class AccessKeyUses {
  readonly #keys: LastUseTable<UsedKey>
  readonly #roles: LastUseTable<UsedRole>

  /** `onFailure` hears of writes that failed; what they carried stays and is tried again. */
  constructor(
    { accessCache, ...parts }: LastUseParts & { readonly accessCache: AccessCache },
    onFailure: (error: unknown) => void = () => undefined,
  ) {
    this.#keys = new LastUseTable<UsedKey>(
      parts,
      {
        rowsOf: rowsOfKey,
        // Another key may have been brought along with the id by now, also by another account.
        isThere: ({ accessKeyId, createdAt }, entry) =>
          accessCache.credential(accessKeyId, entry).usedKeyMadeAt === createdAt,
        isSame: (one, other) => one.createdAt === other.createdAt,
        usedBy: () => ({}),
      },
      onFailure,
    )
    this.#roles = new LastUseTable<UsedRole>(
      parts,
      {
        rowsOf: rowsOfRole,
        // Another role may have the name by now.
        isThere: ({ roleId }, { value }) => roleCodec.decode(value).roleId === roleId,
        // One state of a session of it is one object.
        isSame: (one, other) => one === other,
        usedBy: ({ sessionName, parent }) => ({
          ...(sessionName !== undefined && { sessionName }),
          ...(parent && { accessKeyId: parent.accessKeyId }),
        }),
      },
      onFailure,
    )
  }

  /**
   * Notes a request at `at` (epoch milliseconds): it is a use of the key by which the credentials were had, and of the role that was taken. Called for each
   * verified request: cheap, and never waits.
   */
  recordUseOf(
    {
      usedKeyId,
      usedKeyMadeAt,
      principal,
    }: Pick<FoundCredential, 'usedKeyId' | 'usedKeyMadeAt' | 'principal'>,
    at: number,
    use: NotedUse,
  ): void {
    if (usedKeyId !== null && usedKeyMadeAt !== null)
      this.recordUse({ accessKeyId: usedKeyId, createdAt: usedKeyMadeAt }, at, use)
    if (principal.type === 'role') this.#roles.recordUse(principal.roleId, principal, at, use)
  }

  /** Notes that a key was used. */
  recordUse(key: UsedKey, at: number, use: NotedUse): void {
    this.#keys.recordUse(key.accessKeyId, key, at, use)
  }

  /** The last use of each key, this process's pending ones included; a key that was never used is absent. */
  read(accessKeyIds: readonly string[]): Promise<Map<string, LastUsedRecord>> {
    return this.#keys.read(
      new Map(accessKeyIds.map((accessKeyId) => [accessKeyId, rowsOfKey({ accessKeyId })])),
    )
  }

  /** The last use of each role, by its id, as {@link read}. */
  readRoles(roles: readonly UsedRole[]): Promise<Map<string, LastUsedRecord>> {
    return this.#roles.read(new Map(roles.map((role) => [role.roleId, rowsOfRole(role)])))
  }

  /** Writes what is pending; resolves when all that was noted before the call is durable. Rejects when the store cannot answer. */
  async flush(): Promise<void> {
    await Promise.all([this.#keys.flush(), this.#roles.flush()])
  }

  /** Writes what is pending and stops. */
  async close(): Promise<void> {
    await Promise.all([this.#keys.close(), this.#roles.close()])
  }
}
