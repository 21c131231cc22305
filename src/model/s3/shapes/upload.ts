import { integer, structure } from '../../shape.ts'
import { requiredInQuery } from '../bindings.ts'
import { checksumElements } from './checksum.ts'
import { IntegerValue, IsoSecond, LongValue, objectInAddress, StringValue } from './primitives.ts'

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

/** A part of an upload: its number from 1 to 10,000, and its size in bytes. */
export const ListedPart = structure({
  PartNumber: IntegerValue,
  LastModified: IsoSecond,
  ETag: StringValue,
  Size: LongValue,
  ...checksumElements,
})
