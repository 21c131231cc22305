import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { ApiError } from '../api/api-error.ts'
import { sendS3, sendS3ForXml } from '../api/s3/request.ts'
import type { Sender } from '../api/send.ts'
import { useSession } from '../session/session-context.tsx'
import { utf8 } from '../signing/bytes.ts'
import { sha256 } from '../signing/hashing.ts'

/** A setting of a bucket that S3 keeps as a document, by the argument that names it. */
type Subresource = 'cors' | 'lifecycle' | 'policy' | 'versioning'

/** Which document of which bucket. */
export interface DocumentPlace {
  readonly bucket: string
  readonly region: string
  readonly name: Subresource
}

/** A document of a bucket; null: it has none. */
export function useBucketDocument({ bucket, region, name }: DocumentPlace): UseQueryResult<Element | null> {
  const { session } = useSession()
  return useQuery({
    queryKey: ['document', bucket, name],
    // Elements are not compared with each other.
    structuralSharing: false,
    queryFn: async ({ signal }) =>
      await orNull(sendS3ForXml(session, { method: 'GET', bucket, region, query: { [name]: '' }, signal })),
  })
}

/** The policy of a bucket, as it was written; null: it has none. */
export function useBucketPolicy(bucket: string, region: string): UseQueryResult<string | null> {
  const { session } = useSession()
  return useQuery({
    queryKey: ['document', bucket, 'policy'],
    queryFn: async ({ signal }) => {
      const response = await orNull(
        sendS3(session, { method: 'GET', bucket, region, query: { policy: '' }, signal }),
      )
      return response ? await response.text() : null
    },
  })
}

async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof ApiError && error.isMissing && error.code !== 'NoSuchBucket') return null
    throw error
  }
}

/** Puts a document in place of the one that there is. */
export async function putBucketDocument(
  sender: Sender,
  { bucket, region, name }: DocumentPlace,
  body: string,
): Promise<void> {
  const digest = await sha256(utf8(body))
  await sendS3(sender, {
    method: 'PUT',
    bucket,
    region,
    query: { [name]: '' },
    headers: { 'x-amz-checksum-sha256': btoa(String.fromCharCode(...digest)) },
    body,
  })
}

/** Takes a document away. */
export async function deleteBucketDocument(
  sender: Sender,
  { bucket, region, name }: DocumentPlace,
): Promise<void> {
  await sendS3(sender, { method: 'DELETE', bucket, region, query: { [name]: '' } })
}
