import { createHash } from 'node:crypto'
import { bodyBuffers } from '../../base/buffer-pool.ts'
import { blobsOfObject } from '../../service/bodies/object-blobs.ts'
import { partsOf, readBody } from '../../service/bodies/read-body.ts'
import type { ServiceContext } from '../../service/context.ts'
import { isDamage } from '../../service/damage/damaged-object.ts'
import { openEncryption } from '../../service/encryption/object-encryption.ts'
import { DomainError } from '../../service/errors/domain-error.ts'
import type { DecodedObject } from '../../service/records/object.ts'
import type { BlobId, ByteRange } from '../../storage/blob-store.ts'

/** The bytes are whole by their checksums, and yet not those of the ETag. */
class OtherBytes extends Error {
  override readonly name = 'OtherBytes'
}

/**
 * What is wrong with an object's bytes, or null. The ETag is the MD5 of the bytes, or, for an object made of parts, the MD5 of the parts' MD5s and
 * their count. Of objects under a customer's key the stored bytes are compared with their checksums; delete markers have no bytes.
 */
export async function wrongBytes(context: ServiceContext, object: DecodedObject): Promise<Error | null> {
  const { record } = object
  if (record.isDeleteMarker) return null
  try {
    if (record.encryption?.type === 'SSE-C') {
      for (const blobId of blobsOfObject(object)) await readStored(context, blobId)
      return null
    }
    const etag = await etagOf(context, object)
    return etag === record.etag
      ? null
      : new OtherBytes(`the bytes have ETag ${etag}, the record says ${record.etag}`)
  } catch (error) {
    if (isDamage(error) || error instanceof DomainError) return error
    throw error
  }
}

/** Reads a blob as it is stored, to its end, and gives its size; rejects as that does. */
export async function readStored({ blobs }: Pick<ServiceContext, 'blobs'>, blobId: BlobId): Promise<number> {
  let sizeBytes = 0
  const stream: AsyncIterable<Uint8Array> = await blobs.get(blobId)
  for await (const bytes of stream) {
    sizeBytes += bytes.length
    bodyBuffers.giveBack(bytes)
  }
  return sizeBytes
}

async function etagOf(context: ServiceContext, object: DecodedObject): Promise<string> {
  const key = openEncryption(context, object.record.encryption, undefined)
  const md5 = async (range: ByteRange | null) => {
    const hash = createHash('md5')
    const body = await readBody(context, object, { dataKey: key, range, epoch: null })
    if (Buffer.isBuffer(body)) return hash.update(body).digest()
    const stream: AsyncIterable<Uint8Array> = body
    for await (const chunk of stream) hash.update(chunk)
    return hash.digest()
  }
  const { body, sizeBytes } = object.record
  if (body !== 'parts')
    return (await md5(sizeBytes === 0 ? null : { start: 0, end: sizeBytes - 1 })).toString('hex')
  const digests: Buffer[] = []
  let offset = 0
  for (const part of partsOf(object)) {
    const range = part.sizeBytes === 0 ? null : { start: offset, end: offset + part.sizeBytes - 1 }
    digests.push(await md5(range))
    offset += part.sizeBytes
  }
  const all = createHash('md5').update(Buffer.concat(digests)).digest('hex')
  return `${all}-${digests.length}`
}
