import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  PutBucketAclCommand,
  PutBucketPolicyCommand,
} from '@aws-sdk/client-s3'
import { sdkWorld } from './sdk-world.ts'

const world = sdkWorld({ newBucketDefaults: 'legacy' })

async function publicByAcl(Bucket: string): Promise<void> {
  await world().s3.send(new PutBucketAclCommand({ Bucket, ACL: 'public-read-write' }))
}

async function publicByPolicy(Bucket: string): Promise<void> {
  const statement = { Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: `arn:aws:s3:::${Bucket}/*` }
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  await world().s3.send(new PutBucketPolicyCommand({ Bucket, Policy }))
}

async function ask(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body?: string,
) {
  const response = await fetch(world().server.url + path, {
    method,
    headers,
    ...(body !== undefined && { body }),
  })
  const text = await response.text()
  const element = (name: string) => new RegExp(`<${name}>(.*?)</${name}>`).exec(text)?.[1]
  return { status: response.status, code: element('Code'), message: element('Message') }
}

describe('everyone who may write', () => {
  for (const [how, Bucket, open] of [
    ['by an ACL', 'open-by-acl', publicByAcl],
    ['by a policy', 'open-by-policy', publicByPolicy],
  ] as const)
    it(`${how} puts objects, and begins and goes on with no upload in parts`, async () => {
      await world().makeBucket(Bucket)
      await open(Bucket)
      assert.equal((await ask('PUT', `/${Bucket}/plain`, {}, 'plain')).status, 200)
      const refused = { status: 403, code: 'AccessDenied' }
      assert.deepEqual(await ask('POST', `/${Bucket}/parts?uploads`), {
        ...refused,
        message: 'Anonymous users cannot initiate multipart uploads.  Please authenticate.',
      })
      const { UploadId = '' } = await world().s3.send(
        new CreateMultipartUploadCommand({ Bucket, Key: 'parts' }),
      )
      const upload = `/${Bucket}/parts?uploadId=${encodeURIComponent(UploadId)}`
      const message = 'Access Denied'
      assert.deepEqual(await ask('PUT', `${upload}&partNumber=1`, {}, 'part'), { ...refused, message })
      const source = { 'x-amz-copy-source': `${Bucket}/plain` }
      assert.deepEqual(await ask('PUT', `${upload}&partNumber=1`, source), { ...refused, message })
      const part = '<Part><PartNumber>1</PartNumber><ETag>"0"</ETag></Part>'
      const document = `<CompleteMultipartUpload>${part}</CompleteMultipartUpload>`
      assert.deepEqual(await ask('POST', upload, {}, document), { ...refused, message })
      const { Uploads } = await world().s3.send(new ListMultipartUploadsCommand({ Bucket }))
      assert.deepEqual(
        Uploads?.map(({ UploadId: id }) => id),
        [UploadId],
      )
    })

  it('may not, and is told no more than that', async () => {
    await world().makeBucket('closed')
    const response = await ask('POST', '/closed/parts?uploads')
    assert.deepEqual(response, { status: 403, code: 'AccessDenied', message: 'Access Denied' })
  })
})
