import type { InputOf } from '../../model/operation.ts'
import type { getObjectAttributes } from '../../model/s3/object/get-object.ts'
import { pageEntries } from '../../model/s3/shapes/listing.ts'
import type { ObjectPart, ObjectRecord } from '../../service/records/object.ts'
import { checksumOutput } from './checksum-output.ts'

/** One page of an object's parts as GetObjectAttributes shows them: those behind the marker, as many as are asked for. */
export function partsPage(
  input: Pick<InputOf<typeof getObjectAttributes>, 'MaxParts' | 'PartNumberMarker'>,
  parts: readonly ObjectPart[],
  { checksum }: Pick<ObjectRecord, 'checksum'>,
) {
  const maxParts = pageEntries(input.MaxParts)
  const marker = input.PartNumberMarker ?? 0
  const following = parts.filter(({ partNumber }) => partNumber > marker)
  const page = following.slice(0, maxParts)
  return {
    TotalPartsCount: parts.length,
    PartNumberMarker: marker,
    NextPartNumberMarker: page.at(-1)?.partNumber ?? 0,
    MaxParts: maxParts,
    IsTruncated: page.length < following.length,
    Parts: page.map((part) => ({
      PartNumber: part.partNumber,
      Size: part.sizeBytes,
      ...(checksum &&
        part.checksum !== undefined &&
        checksumOutput({ algorithm: checksum.algorithm, value: part.checksum })),
    })),
  }
}
