/** The SDK for JavaScript v2, which is no longer kept, and which many programs still have inside. */
import AWS from 'aws-sdk'

export function openStore({ endpoint, region, bucket: Bucket, accessKeyId, secretAccessKey }) {
  const s3 = new AWS.S3({ endpoint, region, accessKeyId, secretAccessKey, s3ForcePathStyle: true })
  const get = async (Key, Range) =>
    (await s3.getObject({ Bucket, Key, ...(Range && { Range }) }).promise()).Body
  return {
    put: (Key, Body) => s3.putObject({ Bucket, Key, Body }).promise(),
    putInParts: (Key, Body, partSize) => s3.upload({ Bucket, Key, Body }, { partSize }).promise(),
    get: (Key) => get(Key),
    getRange: (Key, first, last) => get(Key, `bytes=${first}-${last}`),
    size: async (Key) => (await s3.headObject({ Bucket, Key }).promise()).ContentLength,
    copy: (from, Key) =>
      s3.copyObject({ Bucket, Key, CopySource: `${Bucket}/${encodeURIComponent(from)}` }).promise(),
    async list(Prefix, MaxKeys) {
      const keys = []
      let ContinuationToken
      do {
        const page = await s3.listObjectsV2({ Bucket, Prefix, MaxKeys, ContinuationToken }).promise()
        keys.push(...page.Contents.map(({ Key }) => Key))
        ContinuationToken = page.NextContinuationToken
      } while (ContinuationToken)
      return keys
    },
    presign: (Key) => s3.getSignedUrlPromise('getObject', { Bucket, Key, Expires: 300 }),
    async delete(keys) {
      await s3.deleteObject({ Bucket, Key: keys[0] }).promise()
      const Objects = keys.slice(1).map((Key) => ({ Key }))
      const { Errors } = await s3.deleteObjects({ Bucket, Delete: { Objects } }).promise()
      if (Errors.length > 0) throw new Error(JSON.stringify(Errors))
    },
  }
}
