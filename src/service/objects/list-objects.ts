import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { DomainError } from '../errors/domain-error.ts'
import { currentVersionKey, objectPrefix } from '../keyspace.ts'
import { decodeListed, decodeObject } from '../records/object-codec.ts'
import type { ListedFields, ObjectRecord } from '../records/object.ts'
import {
  checkPageSize,
  commonPrefixOf,
  scanItems,
  startAfterKey,
  startAfterPrefix,
} from '../listing/list-page.ts'

/** Which objects are to be listed, and from where on. */
export interface ListObjectsInput {
  /** Absent or empty: all keys. */
  readonly prefix?: string
  /** Absent or empty: no grouping. */
  readonly delimiter?: string
  /** Only what sorts after this key; when it is a common prefix of the listing, what lies under it was listed already. */
  readonly startAfter?: string
  /** As `startAfter`, of version 1 of the API: where it lies under a common prefix, that one was listed already. */
  readonly marker?: string
  /** Goes on where an earlier page ended; goes before `startAfter`. */
  readonly continuationToken?: string
  /** Objects and common prefixes together, 0 to `PAGE_MAX`; more is taken as that. */
  readonly maxKeys: number
}

/** An object in a listing. */
export class ListedObject {
  readonly objectKey: string
  readonly fields: ListedFields
  readonly #value: Buffer

  /** `value`: the stored record. */
  constructor(objectKey: string, value: Buffer) {
    this.objectKey = objectKey
    this.fields = decodeListed(value)
    this.#value = value
  }

  /** All of its record; read anew each time. */
  get record(): ObjectRecord {
    return decodeObject(this.#value).record
  }
}

interface ListObjectsPage {
  readonly objects: readonly ListedObject[]
  /** Each ends with the delimiter and starts with the prefix. */
  readonly commonPrefixes: readonly string[]
  readonly isTruncated: boolean
  /** The last key or common prefix listed, when truncated: what version 1 of the API calls NextMarker. */
  readonly nextMarker?: string
  /** Opaque; present when truncated. */
  readonly nextContinuationToken?: string
}

/** One page of a bucket's current objects, in byte order of their keys. Throws `InvalidContinuationToken` and `InvalidPageSize`. */
export async function listObjects(
  context: ServiceContext,
  admission: Pick<Admission, 'bucket'>,
  input: ListObjectsInput,
): Promise<ListObjectsPage> {
  const { bucketId } = admission.bucket.record
  const { prefix = '', delimiter } = input
  const maxKeys = checkPageSize(input.maxKeys, 'maxKeys')
  const begin =
    input.continuationToken === undefined
      ? (input.marker ?? input.startAfter)
      : decodeToken(input.continuationToken)
  if (maxKeys === 0) return { objects: [], commonPrefixes: [], isTruncated: false }

  const bucketPrefix = objectPrefix(bucketId)
  const items = await scanItems(context, {
    prefix: currentVersionKey(bucketId, prefix),
    start: startOf(bucketId, begin, { prefix, delimiter, isMarker: input.marker !== undefined }),
    delimiter,
    limit: maxKeys + 1,
  })
  const objects: ListedObject[] = []
  const commonPrefixes: string[] = []
  let last = ''
  for (const item of items.length > maxKeys ? items.slice(0, maxKeys) : items) {
    if (item.type === 'entry') {
      last = item.entry.key.toString('utf8', bucketPrefix.length)
      objects.push(new ListedObject(last, item.entry.value))
    } else {
      last = item.prefix.toString('utf8', bucketPrefix.length)
      commonPrefixes.push(last)
    }
  }
  const isTruncated = items.length > maxKeys
  return {
    objects,
    commonPrefixes,
    isTruncated,
    ...(isTruncated && { nextMarker: last, nextContinuationToken: encodeToken(last) }),
  }
}

function startOf(
  bucketId: string,
  begin: string | undefined,
  listing: { readonly prefix: string; readonly delimiter: string | undefined; readonly isMarker: boolean },
): Buffer {
  const { prefix, delimiter, isMarker } = listing
  if (begin === undefined || begin === '') return currentVersionKey(bucketId, prefix)
  const commonPrefix = commonPrefixOf(begin, prefix, delimiter)
  return commonPrefix !== null && (isMarker || commonPrefix === begin)
    ? startAfterPrefix(currentVersionKey(bucketId, commonPrefix))
    : startAfterKey(currentVersionKey(bucketId, begin))
}

const TOKEN_VERSION = '1'
const encodeToken = (last: string) => TOKEN_VERSION + Buffer.from(last).toString('base64url')

function decodeToken(token: string): string {
  const last = Buffer.from(token.slice(1), 'base64url').toString()
  if (token === '' || encodeToken(last) !== token) throw new DomainError('InvalidContinuationToken')
  return last
}
