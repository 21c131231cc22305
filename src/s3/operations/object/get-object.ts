import * as model from '../../../model/s3/object/get-object.ts'
import { S3Error } from '../../s3-error.ts'
import { withoutPartCount } from '../../../service/records/object.ts'
import { checksumOutput } from '../../response/checksum-output.ts'
import { partsPage } from '../../response/parts-page.ts'
import { handler } from '../../operation-handler.ts'
import { openPermitted } from '../../permitted-object.ts'
import { readObject } from '../../read-object.ts'
import { parseCustomerKey } from '../../request/customer-key.ts'
import { objectAddress } from '../../request/object-address.ts'

/** Sends an object or a range of it; the stream in the output belongs to whoever sends the response. Throws as `readObject`. */
export const getObjectHandler = handler(
  model.getObject,
  async (input, call) => {
    const { output, opened, range } = await readObject(input, call)
    if (opened === null) return output
    return Object.assign(output, { Body: await opened.read(range ?? undefined) })
  },
  { permitsObject: true },
)

/** Tells all that GetObject tells, without the bytes. Throws as `readObject`. */
export const headObjectHandler = handler(
  model.headObject,
  async (input, call) => (await readObject(input, call)).output,
  { permitsObject: true },
)

/** Shows those attributes of a version that are asked for, its parts by pages. Throws as `openPermitted`. */
export const getObjectAttributesHandler = handler(
  model.getObjectAttributes,
  async (input, call) => {
    if (input.ObjectAttributes === undefined)
      throw new S3Error(
        'InvalidRequest',
        'The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty',
      )
    const wanted = new Set(input.ObjectAttributes)
    const customerKey = parseCustomerKey(input)
    const address = { ...objectAddress(call, input), ...(customerKey && { customerKey }) }
    const opened = await openPermitted(call, address)
    const { record, versionId } = opened
    const { checksum } = record
    return {
      LastModified: record.lastModified,
      VersionId: versionId,
      ETag: wanted.has('ETag') ? record.etag : undefined,
      Checksum:
        wanted.has('Checksum') && checksum
          ? {
              ...checksumOutput({ algorithm: checksum.algorithm, value: withoutPartCount(checksum) }),
              ChecksumType: checksum.type,
            }
          : undefined,
      ObjectParts:
        wanted.has('ObjectParts') && record.partCount !== undefined
          ? partsPage(input, opened.parts(), record)
          : undefined,
      StorageClass: wanted.has('StorageClass') ? (record.storageClass ?? 'STANDARD') : undefined,
      ObjectSize: wanted.has('ObjectSize') ? record.sizeBytes : undefined,
    }
  },
  { permitsObject: true },
)
