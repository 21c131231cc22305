/**
 * The SDK for JavaScript v3 with whatever credentials its own chain finds: stores, reads, lists and presigns below `in/`, and tries to store outside.
 *
 * Arguments: bucket; "renewed" where credentials are to be renewed meanwhile, else "kept". Prints a line of JSON: presigned URLs, two where credentials
 * were renewed, and the code with which the object outside was refused.
 */
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'

const [, , Bucket, course] = process.argv
const BODY = 'from JavaScript'
const RENEWAL_MS_MAX = 60_000
const Key = 'in/a b'
const s3 = new S3Client({ forcePathStyle: true })

const presign = () => getSignedUrl(s3, new GetObjectCommand({ Bucket, Key }), { expiresIn: 300 })

async function roundTrip() {
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: BODY }))
  const got = await s3.send(new GetObjectCommand({ Bucket, Key }))
  if ((await got.Body.transformToString()) !== BODY) throw new Error('another body')
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'in/' }))
  const found = JSON.stringify(Contents.map((object) => object.Key))
  if (found !== JSON.stringify([Key])) throw new Error(found)
}

const keyOf = (url) => new URL(url).searchParams.get('X-Amz-Credential').split('/')[0]

await roundTrip()
const urls = [await presign()]
const refusedWith = await s3.send(new PutObjectCommand({ Bucket, Key: 'out', Body: BODY })).then(
  () => null,
  (error) => error.name,
)
if (course === 'renewed') {
  const giveUp = Date.now() + RENEWAL_MS_MAX
  while (keyOf(await presign()) === keyOf(urls[0])) {
    if (Date.now() > giveUp) throw new Error('not renewed')
    await roundTrip()
  }
  await roundTrip()
  urls.push(await presign())
}
console.log(JSON.stringify({ urls, refusedWith }))
