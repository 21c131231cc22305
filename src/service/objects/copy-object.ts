import { BODY_BYTES_MAX } from '../../model/s3/shapes/new-object.ts'
import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { DomainError } from '../errors/domain-error.ts'
import type { BucketRecord } from '../records/bucket.ts'
import type { ObjectRecord } from '../records/object.ts'
import type { WriteConditions } from '../versions/conditions.ts'
import { copiedBody, openCopySource } from '../versions/copy-source.ts'
import type { CopySource, DigestBody } from '../versions/copy-source.ts'
import type { ObjectAttributes } from '../versions/object-attributes.ts'
import { putObject } from './put-object.ts'
import type { WrittenVersion } from '../versions/written-version.ts'

export type { CopySource, DigestBody } from '../versions/copy-source.ts'

/** A copy that is to be made: from where, under which key, and what it takes from its source. */
export interface CopyObjectInput extends WriteConditions {
  readonly source: CopySource
  readonly objectKey: string
  /** COPY takes headers, user metadata and website redirect from the source; REPLACE takes those given. */
  readonly metadataDirective: 'COPY' | 'REPLACE'
  /** COPY takes the source's tags; REPLACE takes those in `attributes`. */
  readonly taggingDirective: 'COPY' | 'REPLACE'
  readonly attributes: ObjectAttributes
  /** The request names a storage class, be it the one that the source has: that alone makes a copy onto itself one that changes something. */
  readonly namesStorageClass?: boolean
  /** Wraps the bytes on their way, so that MD5 and the wanted checksum are known at the end. */
  readonly digest: DigestBody
}

interface CopiedObject extends WrittenVersion {
  /** To be shown: absent when the source bucket never had versioning. */
  readonly sourceVersionId?: string
}

/**
 * Copies an object: a small body inside its record, a large one through a blob of its own. Throws as opening the source and
 * as putObject; `CopyOntoItself` and `CopySourceTooLarge` (over 5 GiB).
 */
export async function copyObject(
  context: ServiceContext,
  admission: Admission,
  input: CopyObjectInput,
): Promise<CopiedObject> {
  checkChangesSomething(admission, input)
  const open = await openCopySource(context, input.source)
  if (open.record.sizeBytes > BODY_BYTES_MAX)
    throw new DomainError('CopySourceTooLarge', { sizeBytesMax: BODY_BYTES_MAX })
  const written = await putObject(context, admission, {
    ...(input.ifMatch && { ifMatch: input.ifMatch }),
    ...(input.ifNoneMatch && { ifNoneMatch: input.ifNoneMatch }),
    objectKey: input.objectKey,
    body: await copiedBody(open, input.digest),
    attributes: copiedAttributes(open.record, input),
  })
  return { ...written, ...(open.versionId !== undefined && { sourceVersionId: open.versionId }) }
}

function copiedAttributes(source: ObjectRecord, input: CopyObjectInput): ObjectAttributes {
  const { tags: givenTags, ...given } = input.attributes
  const tags = input.taggingDirective === 'COPY' ? source.tags : givenTags
  const redirect = given.websiteRedirectLocation ?? source.websiteRedirectLocation
  return {
    ...given,
    ...(tags && { tags }),
    ...(input.metadataDirective === 'COPY' && {
      headers: source.headers,
      userMetadata: source.userMetadata,
      ...(redirect !== undefined && { websiteRedirectLocation: redirect }),
    }),
  }
}

/** What a bucket was made with does not count: S3 lets a copy in place pass only where somebody has set the encryption. */
const isAskedFor = (encryption: BucketRecord['encryption']): boolean =>
  encryption !== undefined && encryption.startedWith !== 'in force'

function checkChangesSomething({ bucket }: Admission, input: CopyObjectInput): void {
  const { source, attributes } = input
  const isSameKey =
    source.bucket.record.bucketId === bucket.record.bucketId &&
    source.objectKey === input.objectKey &&
    source.versionId === undefined
  if (!isSameKey || input.metadataDirective === 'REPLACE') return
  if (
    input.namesStorageClass === true ||
    isAskedFor(bucket.record.encryption) ||
    attributes.websiteRedirectLocation !== undefined ||
    attributes.encryption !== undefined
  )
    return
  throw new DomainError('CopyOntoItself')
}
