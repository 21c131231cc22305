/** The SDK for JavaScript v3 with lib-storage and the presigner, in their defaults. */
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'

export function openStore({ endpoint, region, bucket: Bucket, ...credentials }) {
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true })
  const get = async (Key, Range) =>
    Buffer.from(
      await (await client.send(new GetObjectCommand({ Bucket, Key, Range }))).Body.transformToByteArray(),
    )
  return {
    put: (Key, Body) => client.send(new PutObjectCommand({ Bucket, Key, Body })),
    putInParts: (Key, Body, partSize) =>
      new Upload({ client, params: { Bucket, Key, Body }, partSize }).done(),
    get: (Key) => get(Key),
    getRange: (Key, first, last) => get(Key, `bytes=${first}-${last}`),
    size: async (Key) => (await client.send(new HeadObjectCommand({ Bucket, Key }))).ContentLength,
    copy: (from, Key) =>
      client.send(
        new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/${encodeURIComponent(from)}` }),
      ),
    async list(Prefix, pageSize) {
      const keys = []
      for await (const { Contents = [] } of paginateListObjectsV2({ client, pageSize }, { Bucket, Prefix }))
        keys.push(...Contents.map(({ Key }) => Key))
      return keys
    },
    presign: (Key) => getSignedUrl(client, new GetObjectCommand({ Bucket, Key }), { expiresIn: 300 }),
    async delete(keys) {
      await client.send(new DeleteObjectCommand({ Bucket, Key: keys[0] }))
      const Objects = keys.slice(1).map((Key) => ({ Key }))
      const { Errors = [] } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }))
      if (Errors.length > 0) throw new Error(JSON.stringify(Errors))
    },
  }
}
