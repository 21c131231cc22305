import type { ApplicationCredential } from './credential.ts'
import { recordCodec } from './codec.ts'

/** A set of rights that is taken for a time: bound as an application key is, without a secret of its own. */
export interface RoleRecord extends Pick<
  ApplicationCredential,
  | 'accountId'
  | 'buckets'
  | 'createdAt'
  | 'description'
  | 'name'
  | 'policy'
  | 'prefixes'
  | 'rights'
  | 'sourceNetworks'
  | 'status'
  | 'tags'
  | 'validUntil'
> {
  /** `AROA` and 17 of `A`–`Z`, `2`–`7`: another one where the name is given anew. */
  readonly roleId: string
  /** Longest time, in seconds, for which it is taken. */
  readonly sessionSecondsMax: number
  /** Who outside the account may take it by a token of theirs. */
  readonly trusts?: readonly RoleTrust[]
  /** When its sessions were ended, epoch milliseconds, another time each time: those that were taken while this said something else do not count any more. */
  readonly sessionsSince?: number
}

/** Whose tokens let somebody take a role. All that is said counts together. */
export interface RoleTrust {
  /** The issuer's URL, as its tokens name it. */
  readonly issuer: string
  /** One of them must be an audience of the token. */
  readonly audiences: readonly string[]
  /** One of them must be the token's authorized party. */
  readonly authorizedParties?: readonly string[]
  /** Patterns with `*` and `?`, of which one must match the token's subject. */
  readonly subjects: readonly string[]
  /** Further claims, each with patterns of which one must match. */
  readonly claims?: readonly { readonly name: string; readonly values: readonly string[] }[]
}

/** The stored form of a role. */
export const roleCodec = recordCodec<RoleRecord>('role', 1)
