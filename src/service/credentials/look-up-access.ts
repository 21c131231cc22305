import type { Key } from '../../storage/metadata-store.ts'
import type { StoredBucket } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { bucketKey } from '../keyspace.ts'
import type { FoundCredential } from './access-cache.ts'
import type { KeyRefusal } from '../errors/access-key.ts'
import { credentialRows, findCredential, type ShownKey } from './find-credential.ts'

interface AccessLookup {
  /** Null when no key was asked for, and when that key does not exist (any more), is not active, or is over. */
  readonly credential: FoundCredential | null
  /** Why there is no credential; null when there is one, and when no key was asked for. */
  readonly refusal: KeyRefusal | null
  /** The key that was refused, where it is there at all: whoever has its secret still is told of as its user. */
  readonly stopped: FoundCredential | null
  /** Null when no bucket was asked for, and when it does not exist. */
  readonly bucket: StoredBucket | null
}

/**
 * Reads an access key and a bucket in one consistent round trip: each request does so, so that a deleted key stops at once, and with it what was taken
 * from it for a time. A bucket key speaks for one bucket id; `authorize` refuses it when the bucket found under the name has another.
 * `sessionToken`: as it came with the key.
 */
export async function lookUpAccess(
  context: ServiceContext,
  accessKeyId: string | null,
  bucketName: string | null,
  sessionToken?: string,
): Promise<AccessLookup> {
  const shown = accessKeyId === null ? null : showKey(context, accessKeyId, sessionToken)
  const rows = shown ? credentialRows(shown) : NO_ROWS
  if (rows.length === 0 && bucketName === null)
    return { credential: null, refusal: refusalOfShown(shown), stopped: null, bucket: null }
  const isInvalid = shown?.session === 'invalid'
  const entries = await context.accessReads.read(context.metadata, {
    accessKeyId: isInvalid ? null : accessKeyId,
    session: shown && shown.session !== 'invalid' ? shown.session : null,
    bucketName,
    keys: () => (bucketName === null ? rows : [...rows, bucketKey(bucketName)]),
  })
  const bucketEntry = bucketName === null ? null : entries[rows.length]
  const bucket =
    bucketEntry && bucketName !== null ? context.accessCache.bucket(bucketName, bucketEntry) : null
  if (!shown) return { credential: null, refusal: null, stopped: null, bucket }
  return { ...findCredential(context, shown, entries), bucket }
}

/** The key of a request with its token opened, which needs nothing that is stored. */
function showKey(context: ServiceContext, accessKeyId: string, sessionToken: string | undefined): ShownKey {
  if (sessionToken === undefined) return { accessKeyId, session: null }
  return { accessKeyId, session: context.sessionTokens.open(sessionToken, accessKeyId) ?? 'invalid' }
}

const NO_ROWS: readonly Key[] = []

const refusalOfShown = (shown: ShownKey | null): KeyRefusal | null =>
  shown?.session === 'invalid' ? { why: 'token-invalid' } : null
