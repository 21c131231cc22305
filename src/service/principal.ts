/** Who a request acts as, once its signature is verified. */
export type Principal = AccountPrincipal | BucketKeyPrincipal | ResourcePrincipal | AnonymousPrincipal

/** An account's root key pair: everything in that account. */
export interface AccountPrincipal {
  readonly type: 'account'
  readonly accountId: string
  readonly accessKeyId: string
}

/** A bucket access key: everything in one bucket and nothing else. */
export interface BucketKeyPrincipal {
  readonly type: 'bucket-key'
  readonly accountId: string
  readonly accessKeyId: string
  readonly bucketName: string
  /** A bucket of the same name made later has another id, so an old key never opens it. */
  readonly bucketId: string
}

/** A resource (an instance, say) of the account: the buckets that were attached to it. */
export interface ResourcePrincipal {
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
