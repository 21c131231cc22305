import type { Sender } from '../send.ts'
import { sendS3ForXml } from './request.ts'
import { childrenOf, childText } from './xml.ts'

/** A bucket, by name and region. */
export interface BucketAddress {
  readonly bucket: string
  readonly region: string
}

/** An object as listings tell of it. */
export interface ListedObject {
  readonly key: string
  readonly size: number
  /** Epoch milliseconds. */
  readonly modifiedAt: number
  /** With its quotes. */
  readonly etag: string
}

/** A page of a listing. */
export interface ObjectPage {
  readonly objects: readonly ListedObject[]
  /** Prefixes that end with the delimiter. */
  readonly folders: readonly string[]
  /** Where the next page begins; null: this was the last. */
  readonly nextToken: string | null
}

/** What is listed: all whose keys begin with the prefix, and with a delimiter what is deeper as folders. */
export interface ListingQuery {
  readonly prefix: string
  readonly delimiter?: string
  readonly token?: string | null
  readonly keysMax?: number
  readonly signal?: AbortSignal | undefined
}

/** Reads a page of a bucket's objects by name (ListObjectsV2). Throws ApiError. */
export async function listObjects(
  sender: Sender,
  { bucket, region }: BucketAddress,
  { prefix, delimiter, token = null, keysMax, signal }: ListingQuery,
): Promise<ObjectPage> {
  const document = await sendS3ForXml(sender, {
    method: 'GET',
    bucket,
    region,
    query: {
      'list-type': '2',
      'encoding-type': 'url',
      ...(prefix !== '' && { prefix }),
      ...(delimiter !== undefined && { delimiter }),
      ...(keysMax !== undefined && { 'max-keys': String(keysMax) }),
      ...(token !== null && { 'continuation-token': token }),
    },
    signal,
  })
  return {
    objects: childrenOf(document, 'Contents').map((entry) => ({
      key: keyOf(entry, 'Key'),
      ...factsOf(entry),
    })),
    folders: foldersOf(document),
    nextToken:
      childText(document, 'IsTruncated') === 'true' ? childText(document, 'NextContinuationToken') : null,
  }
}

/** All objects below a prefix, page by page. */
export async function* eachPage(
  sender: Sender,
  address: BucketAddress,
  prefix: string,
  signal?: AbortSignal,
): AsyncGenerator<readonly ListedObject[]> {
  let token: string | null = null
  do {
    const page: ObjectPage = await listObjects(sender, address, { prefix, token, signal })
    yield page.objects
    token = page.nextToken
  } while (token !== null)
}

/** The prefixes that a listing puts together. */
export const foldersOf = (document: Element): string[] =>
  childrenOf(document, 'CommonPrefixes').map((entry) => keyOf(entry, 'Prefix'))

/** A key as listings of `encoding-type=url` write it. */
export const keyOf = (entry: Element, name: string): string =>
  decodeURIComponent(childText(entry, name) ?? '')

/** Size, time and ETag of an entry. */
export const factsOf = (entry: Element): Pick<ListedObject, 'size' | 'modifiedAt' | 'etag'> => ({
  size: Number(childText(entry, 'Size') ?? 0),
  modifiedAt: Date.parse(childText(entry, 'LastModified') ?? ''),
  etag: childText(entry, 'ETag') ?? '',
})
