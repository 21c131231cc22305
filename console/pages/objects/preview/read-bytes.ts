import { versionQuery, type ObjectAddress } from '../../../api/s3/objects.ts'
import { sendS3 } from '../../../api/s3/request.ts'
import type { Sender } from '../../../api/send.ts'
import { OBJECTS } from '../../../data/objects.ts'

/** The key of a query for the bytes of an object. */
export const bytesKey = ({ bucket, key, versionId }: ObjectAddress, as: string): readonly unknown[] => [
  OBJECTS,
  bucket,
  'bytes',
  as,
  key,
  versionId ?? null,
]

/** The bytes of an object, or the first of them, without the type that it says. Throws ApiError. */
export async function readBytes(
  sender: Sender,
  { versionId, ...address }: ObjectAddress,
  { bytesMax, signal }: { readonly bytesMax?: number; readonly signal: AbortSignal },
): Promise<Blob> {
  const response = await sendS3(sender, {
    method: 'GET',
    ...address,
    query: versionQuery({ versionId }),
    ...(bytesMax !== undefined && { headers: { range: `bytes=0-${bytesMax - 1}` } }),
    signal,
  })
  return await response.blob()
}
