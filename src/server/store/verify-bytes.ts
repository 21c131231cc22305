import { createHash } from 'node:crypto'
import type { ServiceContext } from '../../service/context.ts'
import { openEncryption } from '../../service/encryption/object-encryption.ts'
import { partsOf, readBody } from '../../service/bodies/read-body.ts'
import type { DecodedObject } from '../../service/records/object.ts'
import { BlobNotFound, type ByteRange } from '../../storage/blob-store.ts'

/**
 * What is wrong with an object's bytes, in words, or null. The ETag is the MD5 of the bytes, or, for an object made of parts, the MD5 of the parts' MD5s and
 * their count. Objects under a customer's key cannot be read without it; delete markers have no bytes.
 */
export async function wrongBytes(context: ServiceContext, object: DecodedObject): Promise<string | null> {
  const { record } = object
  if (record.isDeleteMarker || record.encryption?.type === 'SSE-C') return null
  try {
    const etag = await etagOf(context, object)
    return etag === record.etag ? null : `the bytes have ETag ${etag}, the record says ${record.etag}`
  } catch (error) {
    if (error instanceof BlobNotFound || error instanceof RangeError) return error.message
    throw error
  }
}

async function etagOf(context: ServiceContext, object: DecodedObject): Promise<string> {
  const key = openEncryption(context, object.record.encryption, undefined)
  const md5 = async (range: ByteRange | null) => {
    const hash = createHash('md5')
    const body = await readBody(context, object, { objectKey: key, range, epoch: null })
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
