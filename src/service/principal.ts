import type { KeyScope } from './authorization/key-scope.ts'

/** Who a request acts as, once its signature is verified. */
export type Principal =
  | AccountPrincipal
  | BucketKeyPrincipal
  | ApplicationKeyPrincipal
  | RolePrincipal
  | ResourcePrincipal
  | AnonymousPrincipal

/** Who has a key, lasting or temporary. */
export type KeyHolder = Exclude<Principal, AnonymousPrincipal>

/** An account's root key pair: everything in that account. */
interface AccountPrincipal {
  readonly type: 'account'
  readonly accountId: string
  readonly accessKeyId: string
}

/** A bucket access key: everything in one bucket and nothing else. */
interface BucketKeyPrincipal {
  readonly type: 'bucket-key'
  readonly accountId: string
  readonly accessKeyId: string
  readonly bucketName: string
  /** A bucket of the same name made later has another id, so an old key never opens it. */
  readonly bucketId: string
}

/** An application key: what its scope says, in buckets of its account. */
interface ApplicationKeyPrincipal {
  readonly type: 'application-key'
  readonly accountId: string
  readonly accessKeyId: string
  readonly name: string
  readonly scope: KeyScope
}

/** Who took a role: what its scope says, in buckets of its account, and of that no more than whoever took it may. */
export interface RolePrincipal {
  readonly type: 'role'
  readonly accountId: string
  /** Of the temporary credentials. */
  readonly accessKeyId: string
  readonly name: string
  readonly roleId: string
  readonly sessionName: string
  readonly scope: KeyScope
  /** Whose key took it; null: nobody's, a token of another issuer was shown. */
  readonly parent: Exclude<KeyHolder, RolePrincipal> | null
}

/** A resource (an instance, say) of the account: the buckets that were attached to it. */
interface ResourcePrincipal {
  readonly type: 'resource'
  readonly accountId: string
  readonly accessKeyId: string
  readonly resourceName: string
  readonly region: string
}

interface AnonymousPrincipal {
  readonly type: 'anonymous'
}

/** Who asks without a signature. */
export const ANONYMOUS: AnonymousPrincipal = { type: 'anonymous' }
