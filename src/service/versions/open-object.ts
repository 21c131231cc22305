import type { Readable } from 'node:stream'
import type { ByteRange } from '../../storage/blob-store.ts'
import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import type { DamagedVersion } from '../damage/damage-ledger.ts'
import { isDamage, refuseDamaged } from '../damage/damaged-object.ts'
import { openEncryption } from '../encryption/object-encryption.ts'
import { DomainError } from '../errors/domain-error.ts'
import type { DecodedObject, ObjectPart, ObjectRecord } from '../records/object.ts'
import { findPermitted } from './find-version.ts'
import type { PermittedAddress } from './find-version.ts'
import type { CustomerKey } from '../encryption/encryption-request.ts'
import { partsOf, readBody } from '../bodies/read-body.ts'
import { shownVersionId } from './written-version.ts'

/** What of which object is to be read. */
export interface OpenObjectInput extends PermittedAddress {
  /** Reads this part only (`partNumber` of GetObject and HeadObject), 1–10,000. */
  readonly partNumber?: number
  /** The key of an object encrypted with a customer's key. */
  readonly customerKey?: CustomerKey
}

/** A version that was found, and how to read its bytes. */
export interface OpenObject {
  readonly record: ObjectRecord
  /** To be shown: absent when the bucket never had versioning. */
  readonly versionId?: string
  /** Whether it is the newest version. */
  readonly isCurrent: boolean
  /** The part asked for with `partNumber`. */
  readonly part?: OpenPart
  /**
   * The bytes in `range` (default: all, or the part's), which must lie inside the object; an empty object has an empty body. Small bodies
   * come as a buffer, others as a stream that opens one blob after the other as it is read; the caller consumes or destroys it. Its bytes stay
   * until then, whatever becomes of the object. Throws `RecordBusy` when the object went between its look-up and this call.
   */
  read(range?: ByteRange): Promise<Buffer | Readable>
  /** The parts of an object that a multipart upload made, in ascending order of number; empty for any other. */
  parts(): readonly ObjectPart[]
}

/** An object that was not made by a multipart upload is its own part 1. */
interface OpenPart {
  readonly partNumber: number
  /** Absent for an object that was not made by a multipart upload. */
  readonly partsCount?: number
  /** The bytes of the object that it covers; null when it has none. */
  readonly range: ByteRange | null
  /** Checksum of this part, of the object's algorithm. */
  readonly checksum?: string
}

/**
 * Finds a version and its metadata, to be read afterwards or not: GetObject and HeadObject. What it returns holds nothing open until
 * `read` is called. Throws as findVersion and openEncryption; `NoSuchPart`; `DamagedObject` when its bytes are known to be.
 */
export async function openObject(
  context: ServiceContext,
  admission: Pick<Admission, 'bucket'>,
  input: OpenObjectInput,
): Promise<OpenObject> {
  const bucket = admission.bucket.record
  const epoch = context.blobLedger.epoch
  const { stored, isCurrent } = await findPermitted(context, bucket, input)
  const { record } = stored
  const version = {
    bucketId: bucket.bucketId,
    key: input.objectKey,
    order: record.order,
    versionId: record.versionId,
  }
  await refuseDamaged(context, version)
  const part = input.partNumber === undefined ? undefined : findPart(stored, input.partNumber)
  const dataKey = openEncryption(context, record.encryption, input.customerKey)
  const all = part ? part.range : wholeRange(record.sizeBytes)
  return {
    record,
    isCurrent,
    ...shownVersionId(bucket, record),
    ...(part && { part }),
    parts: () => partsOf(stored),
    read: (range) => readNoting(context, version, stored, { dataKey, range: range ?? all, epoch }),
  }
}

/** As {@link readBody}; damage that it meets, then or later, is written down. */
async function readNoting(
  context: ServiceContext,
  version: DamagedVersion,
  ...reading: [DecodedObject, Parameters<typeof readBody>[2]]
): Promise<Buffer | Readable> {
  try {
    const body = await readBody(context, ...reading)
    if (Buffer.isBuffer(body)) return body
    return body.once('error', (error) => {
      // Who reads the body hears of the error itself.
      if (isDamage(error)) context.damage.noteBytes(version, error).catch(() => undefined)
    })
  } catch (error) {
    if (isDamage(error)) await context.damage.noteBytes(version, error)
    throw error
  }
}

/** The range of all bytes; null when there are none. */
const wholeRange = (sizeBytes: number): ByteRange | null =>
  sizeBytes === 0 ? null : { start: 0, end: sizeBytes - 1 }

function findPart(object: DecodedObject, partNumber: number): OpenPart {
  const { record } = object
  if (record.body !== 'parts') {
    if (partNumber === 1) return { partNumber, range: wholeRange(record.sizeBytes) }
    throw noSuchPart(partNumber)
  }
  let start = 0
  for (const part of partsOf(object)) {
    if (part.partNumber === partNumber) {
      return {
        partNumber,
        ...(record.partCount !== undefined && { partsCount: record.partCount }),
        range: part.sizeBytes === 0 ? null : { start, end: start + part.sizeBytes - 1 },
        ...(part.checksum !== undefined && { checksum: part.checksum }),
      }
    }
    start += part.sizeBytes
  }
  throw noSuchPart(partNumber)
}

const noSuchPart = (partNumber: number) => new DomainError('NoSuchPart', { partNumber })
