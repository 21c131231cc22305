import { integer, structure } from '../../shape.ts'
import { requiredInQuery } from '../bindings.ts'
import { checksumElements } from './checksum.ts'
import { IntegerValue, IsoSecond, LongValue, objectInAddress, StringValue } from './primitives.ts'

/** Parts are numbered from 1 to this. */
export const PART_NUMBER_MAX = 10_000

/** Every part but the last has at least this many bytes, unless the settings say otherwise. */
export const PART_BYTES_MIN = 5 * 1024 ** 2

/** The number of a part. */
export const PartNumber = integer({ min: 1, max: PART_NUMBER_MAX })

/** The upload that a request belongs to. */
export const uploadInAddress = {
  ...objectInAddress,
  UploadId: requiredInQuery('uploadId', StringValue),
}

/** The part of an upload that a request is about. */
export const partInAddress = {
  ...uploadInAddress,
  PartNumber: requiredInQuery('partNumber', PartNumber),
}

/** A part of an upload: its number from 1 to 10,000, and its size in bytes. */
export const ListedPart = structure({
  PartNumber: IntegerValue,
  LastModified: IsoSecond,
  ETag: StringValue,
  Size: LongValue,
  ...checksumElements,
})
