import type { ServiceContext } from '../context.ts'
import { bucketKey } from '../keyspace.ts'
import type { AccessLookup } from './access-lookup.ts'
import type { KeyRefusal } from '../errors/access-key.ts'
import { credentialRows, findCredential, type ShownKey } from './find-credential.ts'

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
  const isInvalid = shown?.session === 'invalid'
  if ((shown === null || isInvalid) && bucketName === null)
    return { credential: null, refusal: refusalOfShown(shown), stopped: null, bucket: null }
  const read = await context.accessReads.read(context.metadata, {
    accessKeyId: isInvalid ? null : accessKeyId,
    session: shown && shown.session !== 'invalid' ? shown.session : null,
    bucketName,
    keys: () => [
      ...(shown ? credentialRows(shown) : []),
      ...(bucketName === null ? [] : [bucketKey(bucketName)]),
    ],
  })
  const { entries, meaning } = read
  // Of one state of the store, time alone makes another thing of it.
  if (meaning?.credential && context.clock.now() < (meaning.credential.validUntil ?? Infinity)) return meaning
  const bucketEntry = bucketName === null ? null : entries.at(-1)
  const bucket =
    bucketEntry && bucketName !== null ? context.accessCache.bucket(bucketName, bucketEntry) : null
  if (!shown) return { credential: null, refusal: null, stopped: null, bucket }
  const lookup = { ...findCredential(context, shown, entries), bucket }
  if (!isInvalid) read.meaning = lookup
  return lookup
}

/** The key of a request with its token opened, which needs nothing that is stored. */
function showKey(context: ServiceContext, accessKeyId: string, sessionToken: string | undefined): ShownKey {
  if (sessionToken === undefined) return { accessKeyId, session: null }
  return { accessKeyId, session: context.sessionTokens.open(sessionToken, accessKeyId) ?? 'invalid' }
}

const refusalOfShown = (shown: ShownKey | null): KeyRefusal | null =>
  shown?.session === 'invalid' ? { why: 'token-invalid' } : null
