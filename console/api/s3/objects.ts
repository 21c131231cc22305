import { sha256 } from '../../signing/hashing.ts'
import { base64, utf8 } from '../../signing/bytes.ts'
import { encodePath, encodeValue } from '../../signing/percent-encoding.ts'
import { ApiError } from '../api-error.ts'
import type { Sender } from '../send.ts'
import type { BucketAddress } from './list-objects.ts'
import { sendS3, sendS3ForXml } from './request.ts'
import { childrenOf, childText, find, parseXml, writeXml } from './xml.ts'

/** An object, or one of its versions. */
export interface ObjectAddress extends BucketAddress {
  readonly key: string
  readonly versionId?: string
}

/** A version to delete; without an id the object as it is now. */
export interface ToDelete {
  readonly key: string
  readonly versionId?: string
}

/** Why the server did not delete one of several. */
export interface NotDeleted {
  readonly key: string
  readonly code: string
  readonly message: string
}

/** The most that DeleteObjects takes at once. */
export const DELETE_BATCH_MAX = 1_000

/** The query that names a version. */
export const versionQuery = ({
  versionId,
}: Pick<ObjectAddress, 'versionId'>): Readonly<Record<string, string>> =>
  versionId === undefined ? {} : { versionId }

/** Deletes up to 1,000 objects or versions at once (DeleteObjects); gives those that were not. Throws ApiError. */
export async function deleteObjects(
  sender: Sender,
  { bucket, region }: BucketAddress,
  objects: readonly ToDelete[],
  signal?: AbortSignal,
): Promise<readonly NotDeleted[]> {
  const body = writeXml('Delete', {
    Object: objects.map(({ key, versionId }) => ({ Key: key, VersionId: versionId })),
    Quiet: true,
  })
  const document = await sendS3ForXml(sender, {
    method: 'POST',
    bucket,
    region,
    query: { delete: '' },
    headers: { 'content-type': 'application/xml', 'x-amz-checksum-sha256': base64(await sha256(utf8(body))) },
    body,
    isIdempotent: true,
    signal,
  })
  return childrenOf(document, 'Error').map((entry) => ({
    key: childText(entry, 'Key') ?? '',
    code: childText(entry, 'Code') ?? '',
    message: childText(entry, 'Message') ?? '',
  }))
}

/** Makes an empty object whose key ends with a slash, as other programs make folders. Throws ApiError: `PreconditionFailed` when it is there. */
export async function createFolder(sender: Sender, address: ObjectAddress): Promise<void> {
  await sendS3(sender, { method: 'PUT', ...address, headers: { 'if-none-match': '*' }, body: '' })
}

/** What a copy is given; absent members stay as they are. */
export interface CopyOptions {
  /** Takes the place of all headers and metadata of the source. */
  readonly headers?: Readonly<Record<string, string>>
  /** The headers that give it an ACL; its owner's alone when absent. */
  readonly acl?: Readonly<Record<string, string>>
  /** Fails with `PreconditionFailed` when the source has another ETag. */
  readonly ifSourceIs?: string
  /** Fails with `PreconditionFailed` when there is an object of the new key. */
  readonly isNew?: boolean
  readonly signal?: AbortSignal | undefined
}

/** The most that CopyObject copies; beyond, it is done in parts. */
export const COPY_BYTES_MAX = 5 * 1024 ** 3

/** How a request names the source of a copy. */
export const copySource = ({ bucket, key, versionId }: ObjectAddress): string =>
  `${encodeValue(bucket)}/${encodePath(key)}${versionId === undefined ? '' : `?versionId=${encodeValue(versionId)}`}`

/** Copies an object of up to 5 GB (CopyObject). Throws ApiError. */
export async function copyObject(
  sender: Sender,
  from: ObjectAddress,
  to: Omit<ObjectAddress, 'versionId'>,
  { headers, acl, ifSourceIs, isNew = false, signal }: CopyOptions = {},
): Promise<void> {
  const response = await sendS3(sender, {
    method: 'PUT',
    ...to,
    headers: {
      ...headers,
      ...acl,
      'x-amz-copy-source': copySource(from),
      ...(headers && { 'x-amz-metadata-directive': 'REPLACE' }),
      ...(ifSourceIs !== undefined && { 'x-amz-copy-source-if-match': ifSourceIs }),
      ...(isNew && { 'if-none-match': '*' }),
    },
    signal,
  })
  // A copy that fails late says so in a document under status 200.
  await requireDone(response)
}

/** Throws ApiError when an answer of status 200 is an error all the same. */
export async function requireDone(response: Response): Promise<Element> {
  const document = parseXml(await response.text())
  if (document.localName !== 'Error') return document
  throw new ApiError(childText(document, 'Code') ?? 'Unreadable', childText(document, 'Message') ?? '', {
    status: response.status,
  })
}

/** Tags of an object. */
export type Tags = readonly { readonly key: string; readonly value: string }[]

/** The tags of an object (GetObjectTagging). Throws ApiError. */
export async function getTags(
  sender: Sender,
  { versionId, ...address }: ObjectAddress,
  signal?: AbortSignal,
): Promise<Tags> {
  const query = { tagging: '', ...versionQuery({ versionId }) }
  const document = await sendS3ForXml(sender, { method: 'GET', ...address, query, signal })
  const set = find(document, 'TagSet')
  return (set ? childrenOf(set, 'Tag') : []).map((tag) => ({
    key: childText(tag, 'Key') ?? '',
    value: childText(tag, 'Value') ?? '',
  }))
}

/** Gives an object these tags and no others (PutObjectTagging). Throws ApiError. */
export async function putTags(
  sender: Sender,
  { versionId, ...address }: ObjectAddress,
  tags: Tags,
): Promise<void> {
  const body = writeXml('Tagging', {
    TagSet: { Tag: tags.map(({ key, value }) => ({ Key: key, Value: value })) },
  })
  await sendS3(sender, {
    method: 'PUT',
    ...address,
    query: { tagging: '', ...versionQuery({ versionId }) },
    headers: { 'content-type': 'application/xml' },
    body,
  })
}

/** Whether a bucket keeps versions: `Enabled`, `Suspended`, or null where it never did (GetBucketVersioning). Throws ApiError. */
export async function getVersioning(
  sender: Sender,
  { bucket, region }: BucketAddress,
  signal?: AbortSignal,
): Promise<string | null> {
  const document = await sendS3ForXml(sender, {
    method: 'GET',
    bucket,
    region,
    query: { versioning: '' },
    signal,
  })
  return childText(document, 'Status')
}
