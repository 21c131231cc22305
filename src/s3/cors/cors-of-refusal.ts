import type { Exchange } from '../../base/exchange.ts'
import type { ServiceContext } from '../../service/context.ts'
import { lookUpAccess } from '../../service/credentials/look-up-access.ts'
import { StoreUnavailable } from '../../storage/metadata-store.ts'
import { noteBucket } from '../access-log/note-bucket.ts'
import { bucketOfHost } from '../request/address.ts'
import { actualCorsHeaders } from './answer-cors.ts'

/**
 * What the rules of the bucket say to a page of another origin whose request was refused before its bucket was read: without them the page
 * sees nothing but a failed fetch, and its SDK tries again. Nothing where no page asks, or the bucket is not there or not known.
 */
export async function corsOfRefusal(
  context: ServiceContext,
  { request, facts }: Exchange,
): Promise<readonly string[]> {
  if (request.headers.origin === undefined || facts.bucketId !== undefined) return []
  const bucketName =
    facts.bucketName ?? namedBucket(request.url ?? '', request.headers.host, context.settings.domain)
  if (bucketName === null) return []
  try {
    const { bucket } = await lookUpAccess(context, null, bucketName)
    if (!bucket) return []
    noteBucket(facts, bucket.record)
    return actualCorsHeaders(bucket.record, request.method ?? 'GET', request.headers)
  } catch (error) {
    if (error instanceof StoreUnavailable) return []
    throw error
  }
}

const PLAIN_NAME = /^[\w.-]{3,255}$/

/** The bucket of a request that cannot be read as a whole: for what its rules say, and for nothing that is decided. */
function namedBucket(url: string, host: string | undefined, domain: string | null): string | null {
  const ofHost = domain === null || host === undefined ? null : bucketOfHost(host, domain)
  if (ofHost !== null) return ofHost
  const [name = ''] = url.slice(1).split(/[/?]/, 1)
  return url.startsWith('/') && PLAIN_NAME.test(name) ? name : null
}
