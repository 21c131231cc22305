import assert from 'node:assert/strict'
import type { ByteRange } from '../../storage/blob-store.ts'
import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { DomainError, isDomainError } from '../errors/domain-error.ts'
import type { ObjectRecord } from '../records/object.ts'
import { checkSourceConditions } from './conditions.ts'
import type { ReadConditions } from './conditions.ts'
import type { CustomerKey } from '../encryption/encryption-request.ts'
import type { ObjectBody } from '../bodies/object-body.ts'
import type { PermitVersion } from './find-version.ts'
import { openObject } from './open-object.ts'
import type { OpenObject } from './open-object.ts'

/** Where a copy takes its bytes from; `permit` is the caller's check that the principal may read there. */
export interface CopySource {
  readonly bucket: Admission['bucket']
  readonly objectKey: string
  readonly versionId?: string
  readonly conditions?: ReadConditions
  readonly customerKey?: CustomerKey
  readonly permit?: PermitVersion
}

/**
 * Digests bytes that pass through a copy: gives them back as a body whose `finish` tells their MD5 and the checksum wanted. `record` is
 * the source's: a copy keeps the source's checksum algorithm when the request names none.
 */
export type DigestBody = (
  source:
    | { readonly bytes: Uint8Array }
    | { readonly stream: AsyncIterable<Uint8Array>; readonly sizeBytes: number },
  record: ObjectRecord,
) => ObjectBody

/** Finds the source. Throws as openObject, and `PreconditionFailed`; `CopySourceIsDeleteMarker` for one that was named. */
export async function openCopySource(context: ServiceContext, source: CopySource): Promise<OpenObject> {
  try {
    const open = await openObject(context, source, source)
    if (source.conditions) checkSourceConditions(source.conditions, open.record, context.clock.now())
    return open
  } catch (error) {
    if (isDomainError(error, 'VersionIsDeleteMarker') && error.fields.isNamed)
      throw new DomainError('CopySourceIsDeleteMarker', {}, { cause: error })
    throw error
  }
}

/**
 * The source's bytes (all, or those in `range`) as a body to be stored. Those of a blob are opened when the first is asked for, so that
 * nothing stays open when the target refuses the copy before.
 */
export async function copiedBody(
  open: OpenObject,
  digest: DigestBody,
  range?: ByteRange,
): Promise<ObjectBody> {
  const { body, sizeBytes: wholeBytes } = open.record
  const sizeBytes = range ? range.end - range.start + 1 : wholeBytes
  if (body !== 'inline' && sizeBytes > 0)
    return digest({ stream: readWhenAsked(open, range), sizeBytes }, open.record)
  const content = await open.read(range)
  assert(Buffer.isBuffer(content), 'what lies in no blob is read as a buffer')
  return digest({ bytes: content }, open.record)
}

async function* readWhenAsked(open: OpenObject, range?: ByteRange): AsyncGenerator<Uint8Array> {
  const content = await open.read(range)
  if (Buffer.isBuffer(content)) yield content
  else yield* content as AsyncIterable<Uint8Array>
}
