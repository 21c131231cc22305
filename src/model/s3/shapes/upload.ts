import { integer, structure } from '../../shape.ts'
import { requiredInQuery } from '../bindings.ts'
import { checksumElements } from './checksum.ts'
import { IntegerValue, IsoDate, LongValue, objectInAddress, StringValue } from './primitives.ts'

/** The upload that a request belongs to. */
export const uploadInAddress = {
  ...objectInAddress,
  UploadId: requiredInQuery('uploadId', StringValue),
}

/** The part of an upload that a request is about. */
export const partInAddress = {
  ...uploadInAddress,
  PartNumber: requiredInQuery('partNumber', integer({ min: 1, max: 10_000 })),
}

export const ListedPart = structure({
  PartNumber: IntegerValue,
  LastModified: IsoDate,
  ETag: StringValue,
  Size: LongValue,
  ...checksumElements,
})
