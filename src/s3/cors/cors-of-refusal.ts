import type { Exchange } from '../../api/exchange.ts'
import type { ServiceContext } from '../../service/context.ts'
import { lookUpAccess } from '../../service/credentials/look-up-access.ts'
import { StoreUnavailable } from '../../storage/metadata-store.ts'
import { noteBucket } from '../access-log/note-bucket.ts'
import { bucketOfHost } from '../request/address.ts'
import type { S3Response } from '../response/response-writer.ts'
import type { BucketRecord } from '../../service/records/bucket.ts'
import { actualCorsHeaders, preflightResponse } from './cors-response.ts'

/**
 * Finds the bucket of a request that was refused before its bucket was read, so that the refusal names the bucket's region; and gives what the
 * bucket's rules say to a page of another origin: without them the page sees nothing but a failed fetch, and its SDK tries again. Nothing where
 * the bucket is not there or not known.
 */
export async function corsOfRefusal(context: ServiceContext, exchange: Exchange): Promise<readonly string[]> {
  const { request, facts } = exchange
  if (facts.bucketId !== undefined) return []
  const bucket = await findBucket(context, exchange)
  return bucket ? actualCorsHeaders(bucket, request.method ?? 'GET', request.headers) : []
}

/**
 * Answers the preflight of a request that will be refused for its address, so that the page may send it and read why; null: this was no
 * preflight, or the bucket is not there or not known. Throws what {@link preflightResponse} throws.
 */
export async function preflightOfRefusal(
  context: ServiceContext,
  exchange: Exchange,
): Promise<S3Response | null> {
  const { request, facts } = exchange
  if (request.method !== 'OPTIONS' || facts.bucketId !== undefined) return null
  const bucket = await findBucket(context, exchange)
  if (!bucket) return null
  facts.operation = 'PreflightRequest'
  return preflightResponse(bucket, request.headers, 'object')
}

async function findBucket(
  context: ServiceContext,
  { request, facts }: Exchange,
): Promise<BucketRecord | null> {
  const bucketName =
    facts.bucketName ?? namedBucket(request.url ?? '', request.headers.host, context.settings.domain)
  if (bucketName === null) return null
  try {
    const { bucket } = await lookUpAccess(context, null, bucketName)
    if (!bucket) return null
    noteBucket(facts, bucket.record)
    return bucket.record
  } catch (error) {
    if (error instanceof StoreUnavailable) return null
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
