import type { Sender } from '../send.ts'
import {
  factsOf,
  foldersOf,
  keyOf,
  type BucketAddress,
  type ListedObject,
  type ListingQuery,
} from './list-objects.ts'
import { sendS3ForXml } from './request.ts'
import { childText } from './xml.ts'

/** A version of an object, or the delete marker that hides it. */
export interface ListedVersion extends ListedObject {
  /** `null` where it was written before the bucket kept versions. */
  readonly versionId: string
  readonly isLatest: boolean
  readonly isDeleteMarker: boolean
}

/** A page of versions, newest first of each key. */
export interface VersionPage {
  readonly versions: readonly ListedVersion[]
  readonly folders: readonly string[]
  readonly nextToken: string | null
}

/** Stands in a token behind the version id, which never holds it. */
const BETWEEN = '\n'

/** Reads a page of a bucket's versions by name (ListObjectVersions). Throws ApiError. */
export async function listVersions(
  sender: Sender,
  { bucket, region }: BucketAddress,
  { prefix, delimiter, token = null, keysMax, signal }: ListingQuery,
): Promise<VersionPage> {
  const [keyMarker, versionIdMarker] = token === null ? [] : splitToken(token)
  const document = await sendS3ForXml(sender, {
    method: 'GET',
    bucket,
    region,
    query: {
      versions: '',
      'encoding-type': 'url',
      ...(prefix !== '' && { prefix }),
      ...(delimiter !== undefined && { delimiter }),
      ...(keysMax !== undefined && { 'max-keys': String(keysMax) }),
      ...(keyMarker !== undefined && { 'key-marker': keyMarker }),
      ...(versionIdMarker !== undefined &&
        versionIdMarker !== '' && { 'version-id-marker': versionIdMarker }),
    },
    signal,
  })
  const versions = [...document.children]
    .filter(({ localName }) => localName === 'Version' || localName === 'DeleteMarker')
    .map((entry) => ({
      key: keyOf(entry, 'Key'),
      ...factsOf(entry),
      versionId: childText(entry, 'VersionId') ?? 'null',
      isLatest: childText(entry, 'IsLatest') === 'true',
      isDeleteMarker: entry.localName === 'DeleteMarker',
    }))
  const isTruncated = childText(document, 'IsTruncated') === 'true'
  const nextToken = isTruncated
    ? `${childText(document, 'NextVersionIdMarker') ?? ''}${BETWEEN}${keyOf(document, 'NextKeyMarker')}`
    : null
  return { versions, folders: foldersOf(document), nextToken }
}

/** The version id comes first: a key may hold line breaks. */
function splitToken(token: string): [key: string, versionId: string] {
  const at = token.indexOf(BETWEEN)
  return [token.slice(at + 1), token.slice(0, at)]
}
