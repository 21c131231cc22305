import type { Caller } from './session.ts'

/** What pages ask before they offer something. */
export type Doing =
  /** Lightsail's API and the account's keys: buckets made and deleted, plans, settings by Lightsail, application keys. */
  | 'manage-account'
  /** The other accounts of the server. */
  | 'manage-server'
  /** What opens a bucket or locks its account out: policy, ACLs, public access, ownership, logging, object lock. */
  | 'open-bucket'
  /** What applications set too: lifecycle, CORS, versioning, tags. */
  | 'set-up-bucket'
  | 'list'
  | 'read'
  | 'write'
  | 'delete'

/** Whether the key at hand may do something, as far as its bounds tell: a bucket's own policy may still refuse it. */
export function may(
  { callerType, isFirstAccount, rights, policy, buckets, prefixes }: Caller,
  doing: Doing,
): boolean {
  if (callerType === 'account') return doing !== 'manage-server' || isFirstAccount
  if (doing === 'manage-account' || doing === 'manage-server') return false
  const isFull = rights?.includes('full') === true
  if (doing === 'open-bucket')
    return isFull && callerType === 'application-key' && buckets === undefined && prefixes === undefined
  if (doing === 'set-up-bucket') return isFull && prefixes === undefined
  // What a policy allows is seen when it is tried.
  if (policy !== undefined || isFull) return true
  const given = new Set<string>(rights)
  return given.has(doing) || given.has('read-write')
}
