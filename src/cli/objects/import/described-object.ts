import { isUtf8 } from 'node:buffer'
import { GetObjectTaggingCommand, S3ServiceException } from '@aws-sdk/client-s3'
import type { HeadObjectCommandOutput, Tag } from '@aws-sdk/client-s3'
import { percentEncode } from '../../../base/percent-encoding.ts'
import { ENCRYPTION_ALGORITHM } from '../../../model/s3/shapes/encryption.ts'
import { isReservedTagKey } from '../../../model/s3/shapes/tag.ts'
import type { Store } from './store.ts'
import { SourceGone } from './transfer-errors.ts'
import { isAscii } from './with-headers.ts'

/** What a response says of an object, to the question for its bytes or for its headers alone. */
export type ObjectFacts = Pick<
  HeadObjectCommandOutput,
  | 'CacheControl'
  | 'ContentDisposition'
  | 'ContentEncoding'
  | 'ContentLanguage'
  | 'ContentType'
  | 'ExpiresString'
  | 'Metadata'
  | 'MissingMeta'
  | 'ObjectLockLegalHoldStatus'
  | 'ObjectLockMode'
  | 'ObjectLockRetainUntilDate'
  | 'ServerSideEncryption'
  | 'SSECustomerAlgorithm'
  | 'StorageClass'
  | 'TagCount'
  | 'WebsiteRedirectLocation'
>

/** Whether it lies under a key of a key service, AWS's or another one's. */
export const hasKeyService = ({ ServerSideEncryption }: Pick<ObjectFacts, 'ServerSideEncryption'>): boolean =>
  ServerSideEncryption !== undefined && ServerSideEncryption !== ENCRYPTION_ALGORITHM

/** What could not come along with an object that did; a line of the report for each, with a count. */
export type Loss =
  | 'its ETag, since its parts cannot be had as they were uploaded'
  | 'its ETag, since that is no MD5 at the source'
  | 'its checksum, of a kind that is not kept'
  | 'its storage class: all objects are STANDARD'
  | 'its encryption with a key service: it is encrypted by the server'
  | 'tags whose keys begin with aws:'
  | 'its tags, if it has any: the key of the source may not read them (s3:GetObjectTagging)'
  | 'metadata that the source says it cannot send'
  | 'its lock, since the bucket at the destination has none'

/** The metadata that says which ETag the object had, where the destination's cannot be that one. */
export const SOURCE_ETAG = 'lugsail-source-etag'

/** The members of a request that make an object what another one is, but for its bytes and what its headers say. */
interface ObjectDescription {
  readonly Metadata?: Record<string, string>
  readonly Tagging?: string
  readonly ObjectLockMode?: 'GOVERNANCE' | 'COMPLIANCE'
  readonly ObjectLockRetainUntilDate?: Date
  readonly ObjectLockLegalHoldStatus?: 'ON'
}

/** How an object is to be described anew. */
export interface DescriptionOptions {
  /** Null: hidden by the source. */
  readonly tags: readonly Tag[] | null
  /** The ETag to be remembered in the metadata; undefined: the destination's is the same. */
  readonly sourceEtag: string | undefined
  readonly hasLock: boolean
  readonly nowMs: number
}

/** What the destination is told of an object, in members of a request and in headers, and what of it cannot be told. */
export function describeObject(
  facts: ObjectFacts,
  { tags, sourceEtag, hasLock, nowMs }: DescriptionOptions,
): {
  readonly description: ObjectDescription
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly losses: readonly Loss[]
} {
  const losses: Loss[] = []
  const kept = (tags ?? []).filter(({ Key = '' }) => !isReservedTagKey(Key))
  if (tags === null)
    losses.push('its tags, if it has any: the key of the source may not read them (s3:GetObjectTagging)')
  else if (kept.length < tags.length) losses.push('tags whose keys begin with aws:')
  if ((facts.MissingMeta ?? 0) > 0) losses.push('metadata that the source says it cannot send')
  if (facts.StorageClass !== undefined && facts.StorageClass !== 'STANDARD')
    losses.push('its storage class: all objects are STANDARD')
  if (hasKeyService(facts)) losses.push('its encryption with a key service: it is encrypted by the server')
  const until = facts.ObjectLockRetainUntilDate
  const isRetained = until !== undefined && until.getTime() > nowMs
  const isHeld = facts.ObjectLockLegalHoldStatus === 'ON'
  if ((isRetained || isHeld) && !hasLock)
    losses.push('its lock, since the bucket at the destination has none')
  const metadata = {
    ...asciiMetadata(facts.Metadata),
    ...(sourceEtag === undefined ? {} : { [SOURCE_ETAG]: sourceEtag }),
  }
  return {
    description: {
      ...(Object.keys(metadata).length === 0 ? {} : { Metadata: metadata }),
      ...(kept.length === 0 ? {} : { Tagging: kept.map(tagText).join('&') }),
      ...(isRetained && hasLock && facts.ObjectLockMode !== undefined
        ? { ObjectLockMode: facts.ObjectLockMode, ObjectLockRetainUntilDate: until }
        : {}),
      ...(isHeld && hasLock ? { ObjectLockLegalHoldStatus: 'ON' as const } : {}),
    },
    headers: {
      'cache-control': facts.CacheControl,
      'content-disposition': facts.ContentDisposition,
      'content-encoding': withoutChunks(facts.ContentEncoding) || undefined,
      'content-language': facts.ContentLanguage,
      'content-type': facts.ContentType,
      expires: facts.ExpiresString,
      'x-amz-website-redirect-location': facts.WebsiteRedirectLocation,
    },
    losses,
  }
}

/** Metadata as S3 answers it: what is beyond ASCII as one encoded word (RFC 2047), since it is signed, and the SDK signs other bytes than it sends. */
function asciiMetadata(metadata: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata).map(([name, value]) => [name, isAscii(value) ? value : encodedWord(value)]),
  )
}

/** The bytes are UTF-8 or, where they are not, Latin-1, as the server takes them. */
function encodedWord(value: string): string {
  const bytes = Buffer.from(value, 'latin1')
  const text = isUtf8(bytes) ? bytes : Buffer.from(value, 'utf8')
  return `=?UTF-8?B?${text.toString('base64')}?=`
}

const tagText = ({ Key = '', Value = '' }: Tag): string => `${percentEncode(Key)}=${percentEncode(Value)}`

/** Some stores keep the framing of the upload, which is none of the object, among its encodings. */
const withoutChunks = (encoding: string | undefined): string | undefined =>
  encoding
    ?.split(',')
    .map((each) => each.trim())
    .filter((each) => each !== 'aws-chunked')
    .join(',')

/** The tags of an object, or none where the store knows of none; null where it does not show them to this key. */
export async function readTags(
  store: Store,
  place: { readonly Bucket: string; readonly Key: string; readonly VersionId?: string },
  facts: ObjectFacts,
): Promise<readonly Tag[] | null> {
  if (store.knowsNoTags) return []
  // Without the right to read tags, no store counts them either: once in a bucket it is asked all the same.
  const isCountedNone = store.countsTags && (facts.TagCount ?? 0) === 0
  if (isCountedNone && store.bucketsShowingTags.has(place.Bucket)) return []
  try {
    const { TagSet = [] } = await store.client.send(new GetObjectTaggingCommand(place))
    store.bucketsShowingTags.add(place.Bucket)
    return TagSet
  } catch (error) {
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 403) return null
    if (!store.isNotOffered(error)) throw error
    // A delete marker has come on top meanwhile: it has no tags, and the store says so in the same way.
    if (isOfDeleteMarker(error)) throw new SourceGone('it was deleted meanwhile', { cause: error })
    store.knowsNoTags = true
    return []
  }
}

const isOfDeleteMarker = (error: unknown): boolean =>
  error instanceof S3ServiceException && error.$response?.headers['x-amz-delete-marker'] === 'true'

/** An object as a store describes it. */
export interface DescribedObject {
  readonly facts: ObjectFacts
  /** Null: hidden. */
  readonly tags: readonly Tag[] | null
}

/** Whether the same is said of both, of all that {@link describeObject} carries over, but for locks, and for tags where one of the stores hides them. */
export function isDescribedAlike(a: DescribedObject, b: DescribedObject): boolean {
  const isTagged = a.tags !== null && b.tags !== null
  const [said, other] = [a, b].map(({ facts, tags }) => comparedFacts(facts, isTagged ? (tags ?? []) : []))
  return said === other
}

/** What is said of an object, as one text to compare. */
function comparedFacts(facts: ObjectFacts, tags: readonly Tag[]): string {
  return JSON.stringify([
    facts.CacheControl ?? '',
    facts.ContentDisposition ?? '',
    withoutChunks(facts.ContentEncoding) ?? '',
    facts.ContentLanguage ?? '',
    facts.ContentType ?? '',
    facts.ExpiresString ?? '',
    facts.WebsiteRedirectLocation ?? '',
    Object.entries(asciiMetadata(facts.Metadata))
      .filter(([name]) => name !== SOURCE_ETAG)
      .sort(byName),
    tags
      .map(({ Key = '', Value = '' }): [string, string] => [Key, Value])
      .filter(([key]) => !isReservedTagKey(key))
      .sort(byName),
  ])
}

const byName = ([a]: readonly [string, string], [b]: readonly [string, string]): number =>
  a < b ? -1 : a > b ? 1 : 0
