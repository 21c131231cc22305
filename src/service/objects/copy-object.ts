import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { ServiceError } from '../errors.ts'
import type { ReadConditions, WriteConditions } from './conditions.ts'
import type { CustomerKey, ObjectAttributes } from './object-attributes.ts'
import type { ObjectBody } from './object-body.ts'
import type { WrittenVersion } from './written-version.ts'

/** Where a copy takes its bytes from; that the principal may read there is the caller's check. */
export interface CopySource {
  readonly bucket: Admission['bucket']
  readonly key: string
  readonly versionId?: string
  readonly conditions?: ReadConditions
  readonly customerKey?: CustomerKey
}

/** Digests bytes that pass through a copy: the caller's way to add an {@link ObjectBody}'s `finish`. */
export type DigestBody = (
  source:
    | { readonly bytes: Uint8Array }
    | { readonly stream: AsyncIterable<Uint8Array>; readonly sizeBytes: number },
) => ObjectBody

export interface CopyObjectInput extends WriteConditions {
  readonly source: CopySource
  readonly key: string
  /** COPY takes headers, user metadata and website redirect from the source; REPLACE takes those given. */
  readonly metadataDirective: 'COPY' | 'REPLACE'
  /** COPY takes the source's tags; REPLACE takes those in `attributes`. */
  readonly taggingDirective: 'COPY' | 'REPLACE'
  readonly attributes: ObjectAttributes
  /** Wraps the bytes on their way, so that MD5 and the wanted checksum are known at the end. */
  readonly digest: DigestBody
}

export interface CopiedObject extends WrittenVersion {
  /** To be shown: absent when the source bucket never had versioning. */
  readonly sourceVersionId?: string
}

/**
 * Copies an object. Errors (S3): those of opening the source; `PreconditionFailed` (a condition on the source or the target);
 * `InvalidRequest` (a copy onto itself that changes nothing; a source over 5 GiB; copying a delete marker); those of putObject.
 */
export async function copyObject(
  _context: ServiceContext,
  _admission: Admission,
  _input: CopyObjectInput,
): Promise<CopiedObject> {
  throw new ServiceError('NotImplemented')
}
