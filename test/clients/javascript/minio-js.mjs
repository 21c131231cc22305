/** minio-js in its defaults. */
import { Client, CopyConditions } from 'minio'

export function openStore({ endpoint, region, bucket, accessKeyId: accessKey, secretAccessKey: secretKey }) {
  const { hostname: endPoint, port } = new URL(endpoint)
  const options = { endPoint, port: Number(port), useSSL: false, region, accessKey, secretKey }
  const client = new Client(options)
  const collect = async (stream) => Buffer.concat(await stream.toArray())
  return {
    put: (key, body) => client.putObject(bucket, key, body),
    putInParts: (key, body, partSize) => new Client({ ...options, partSize }).putObject(bucket, key, body),
    get: async (key) => collect(await client.getObject(bucket, key)),
    getRange: async (key, first, last) =>
      collect(await client.getPartialObject(bucket, key, first, last - first + 1)),
    size: async (key) => (await client.statObject(bucket, key)).size,
    copy: (from, to) => client.copyObject(bucket, to, `/${bucket}/${from}`, new CopyConditions()),
    list: async (prefix) =>
      (await client.listObjectsV2(bucket, prefix, true).toArray()).map(({ name }) => name),
    presign: (key) => client.presignedGetObject(bucket, key, 300),
    delete: (keys) => client.removeObjects(bucket, keys),
  }
}
