import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3'
import { SignedClient } from '../harness/signed-client.ts'
import { sdkWorld } from './sdk-world.ts'

const world = sdkWorld()

describe('a key with control characters', () => {
  it('is written, listed, and deleted in a batch by the reference that its listing shows', async () => {
    const { server, owner, s3, makeBucket } = world()
    const Bucket = await makeBucket('control-characters')
    const client = new SignedClient({ endpoint: server.url, region: 'us-east-1' }, owner.rootKey)
    for (const Key of ['a\u0001b', 'line\u000btab', 'plain'])
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }))
    const listed = (await client.s3({ method: 'GET', path: `/${Bucket}?list-type=2` })).body.toString()
    const keys = [...listed.matchAll(/<Key>(.*?)<\/Key>/gs)].map(([, key]) => key)
    assert.deepEqual(keys, ['a&#x1;b', 'line&#xb;tab', 'plain'])
    const objects = keys.slice(0, 2).map((key) => `<Object><Key>${key}</Key></Object>`)
    const body = Buffer.from(`<Delete>${objects.join('')}</Delete>`)
    const headers = { 'content-md5': createHash('md5').update(body).digest('base64') }
    const response = await client.s3({ method: 'POST', path: `/${Bucket}?delete`, headers, body })
    assert.match(response.body.toString(), /<Deleted><Key>a&#x1;b<\/Key><\/Deleted>/)
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }))
    assert.deepEqual(
      Contents.map(({ Key }) => Key),
      ['plain'],
    )
    client.close()
  })
})
