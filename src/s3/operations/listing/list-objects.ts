import { pageEntries } from '../../../model/s3/shapes/listing.ts'
import * as model from '../../../model/s3/listing/list-objects.ts'
import { listObjects } from '../../../service/objects/list-objects.ts'
import { keyEncoder, shownPrefix } from '../../response/encode-keys.ts'
import { listedObjects } from '../../response/listed-objects.ts'
import { handler } from '../../operation-handler.ts'
import { listedKeys } from '../../request/listed-keys.ts'

/** Lists the current objects, by pages, with continuation tokens. */
export const listObjectsV2Handler = handler(model.listObjectsV2, async (input, call) => {
  const maxKeys = pageEntries(input.MaxKeys)
  const encode = keyEncoder(input.EncodingType)
  const page = await listObjects(call.context, call.admission, {
    maxKeys,
    ...listedKeys(input),
    ...(input.StartAfter !== undefined && { startAfter: input.StartAfter }),
    ...(input.ContinuationToken !== undefined && { continuationToken: input.ContinuationToken }),
  })
  return {
    Name: call.bucket.name,
    Prefix: encode(input.Prefix ?? ''),
    // A page that goes on where another ended begins there, wherever that one began.
    StartAfter:
      input.StartAfter === undefined || input.ContinuationToken !== undefined
        ? undefined
        : encode(input.StartAfter),
    ContinuationToken: input.ContinuationToken,
    NextContinuationToken: page.nextContinuationToken,
    KeyCount: page.objects.length + page.commonPrefixes.length,
    MaxKeys: maxKeys,
    Delimiter: input.Delimiter ? encode(input.Delimiter) : undefined,
    EncodingType: input.EncodingType,
    IsTruncated: page.isTruncated,
    Contents: await listedObjects(call, page.objects, { encode, withOwner: input.FetchOwner === true }),
    CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  }
})

/** Lists the current objects, by pages, as version 1 of the API did: with markers. */
export const listObjectsHandler = handler(model.listObjects, async (input, call) => {
  const maxKeys = pageEntries(input.MaxKeys)
  const encode = keyEncoder(input.EncodingType)
  const page = await listObjects(call.context, call.admission, {
    maxKeys,
    ...listedKeys(input),
    ...(input.Marker !== undefined && { marker: input.Marker }),
  })
  return {
    Name: call.bucket.name,
    Prefix: shownPrefix(input.Prefix ?? '', input.EncodingType),
    Marker: encode(input.Marker ?? ''),
    // Only a listing with a delimiter says where to go on; otherwise it is the last key.
    NextMarker: page.isTruncated && input.Delimiter ? encode(page.nextMarker ?? '') : undefined,
    MaxKeys: maxKeys,
    Delimiter: input.Delimiter ? encode(input.Delimiter) : undefined,
    EncodingType: input.EncodingType,
    IsTruncated: page.isTruncated,
    Contents: await listedObjects(call, page.objects, { encode, withOwner: true }),
    CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  }
})
