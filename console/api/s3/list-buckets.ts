import type { Sender } from '../send.ts'
import { sendS3ForXml } from './request.ts'
import { childrenOf, childText, find } from './xml.ts'

/** A bucket that the key at hand can see. */
export interface SeenBucket {
  readonly name: string
  readonly region: string
  /** Epoch milliseconds. */
  readonly createdAt: number
}

/** Pages that are read at most: of a thousand buckets each, more than an account may have by default. */
const PAGES_MAX = 100
const REGION = 'us-east-1'

/** Lists the buckets of all regions that the key at hand can see, by name (ListBuckets). */
export async function listBuckets(sender: Sender, signal?: AbortSignal): Promise<readonly SeenBucket[]> {
  const buckets: SeenBucket[] = []
  let token: string | null = null
  for (let page = 0; page < PAGES_MAX; page++) {
    const query: Record<string, string> = {
      'max-buckets': '1000',
      ...(token !== null && { 'continuation-token': token }),
    }
    const document = await sendS3ForXml(sender, { method: 'GET', region: REGION, query, signal })
    const list = find(document, 'Buckets')
    for (const bucket of list ? childrenOf(list, 'Bucket') : [])
      buckets.push({
        name: childText(bucket, 'Name') ?? '',
        region: childText(bucket, 'BucketRegion') ?? REGION,
        createdAt: Date.parse(childText(bucket, 'CreationDate') ?? ''),
      })
    token = childText(document, 'ContinuationToken')
    if (token === null) break
  }
  return buckets
}
