import { BODY_BYTES_MAX } from '../../model/s3/shapes/new-object.ts'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import type { CompletedPart } from '@aws-sdk/client-s3'
import { percentEncode, percentEncodePath } from '../../base/percent-encoding.ts'
import type { ObjectPlace } from './place.ts'
import type { TransferContext } from './transfer.ts'

const COPIED_PART_BYTES = 1024 ** 3

/** Copies an object with what is said of it; the bytes stay on the server. Above 5 GiB, S3 copies in parts only. */
export async function copyObject(
  context: TransferContext,
  source: ObjectPlace & { readonly sizeBytes: number },
  target: ObjectPlace,
): Promise<void> {
  if (source.sizeBytes > BODY_BYTES_MAX) await copyInParts(context, source, target)
  else
    await context.client.send(
      new CopyObjectCommand({ Bucket: target.bucketName, Key: target.key, CopySource: copySource(source) }),
    )
  context.progress.advance(source.sizeBytes)
}

const copySource = ({ bucketName, key }: ObjectPlace): string =>
  `${percentEncode(bucketName)}/${percentEncodePath(key)}`

async function copyInParts(
  { client }: TransferContext,
  source: ObjectPlace & { readonly sizeBytes: number },
  target: ObjectPlace,
): Promise<void> {
  const to = { Bucket: target.bucketName, Key: target.key }
  const head = await client.send(new HeadObjectCommand({ Bucket: source.bucketName, Key: source.key }))
  const { CacheControl, ContentDisposition, ContentEncoding, ContentLanguage, ContentType, Metadata } = head
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({
      ...to,
      CacheControl,
      ContentDisposition,
      ContentEncoding,
      ContentLanguage,
      ContentType,
      Metadata,
    }),
  )
  try {
    const parts: CompletedPart[] = []
    for (let from = 0; from < source.sizeBytes; from += COPIED_PART_BYTES) {
      const end = Math.min(from + COPIED_PART_BYTES, source.sizeBytes) - 1
      const { CopyPartResult } = await client.send(
        new UploadPartCopyCommand({
          ...to,
          UploadId,
          PartNumber: parts.length + 1,
          CopySource: copySource(source),
          // Another object that has come under the key meanwhile is not mixed in.
          CopySourceIfMatch: head.ETag,
          CopySourceRange: `bytes=${from}-${end}`,
        }),
      )
      parts.push({ ETag: CopyPartResult?.ETag, PartNumber: parts.length + 1 })
    }
    await client.send(
      new CompleteMultipartUploadCommand({ ...to, UploadId, MultipartUpload: { Parts: parts } }),
    )
  } catch (error) {
    await client.send(new AbortMultipartUploadCommand({ ...to, UploadId })).catch(() => undefined)
    throw error
  }
}
