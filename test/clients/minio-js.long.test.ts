import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { before, describe, it } from 'node:test'
import { Client } from 'minio'
import { assertSameFile, plantFile } from './files.ts'
import { startWorld } from './world.ts'

describe('minio-js', () => {
  const world = startWorld()
  let client: Client

  before(() => {
    const { hostname, port } = new URL(world().endpoint)
    const { accessKeyId: accessKey, secretAccessKey: secretKey } = world().key
    client = new Client({
      endPoint: hostname,
      port: Number(port),
      useSSL: false,
      accessKey,
      secretKey,
      partSize: 5 * 1024 * 1024,
    })
  })

  it('puts a file of 100 MB in parts and gets it back byte for byte', async () => {
    const { bucket, path } = bind()
    const large = await plantFile(path('large'), 100_000_000)
    await client.fPutObject(bucket, 'large', large, { 'x-amz-meta-origin': 'minio-js' })
    await client.fGetObject(bucket, 'large', path('back'))
    await assertSameFile(path('back'), large)
    const stat = await client.statObject(bucket, 'large')
    assert.equal(stat.size, 100_000_000)
    assert.equal(stat.metaData['origin'], 'minio-js')
  })

  it('puts, lists, copies, tags and removes objects with names that are hard to encode', async () => {
    const { bucket } = bind()
    const keys = ['n/plus+and space', 'n/ü&=%', "n/quote'(1)!*"]
    for (const key of keys) await client.putObject(bucket, key, Buffer.from(key))
    const listed: string[] = []
    for await (const item of client.listObjectsV2(bucket, 'n/', true))
      listed.push((item as { name: string }).name)
    assert.deepEqual(listed, [...keys].sort())
    for (const key of keys) assert.equal(await textOf(await client.getObject(bucket, key)), key)
    await client.setObjectTagging(bucket, 'n/ü&=%', { colour: 'red' })
    assert.deepEqual(await client.getObjectTagging(bucket, 'n/ü&=%'), [{ Key: 'colour', Value: 'red' }])
    await client.removeObjects(bucket, keys)
    await assert.rejects(client.statObject(bucket, 'n/ü&=%'), { code: 'NotFound' })
  })

  it('makes URLs that need no key, for reading and writing, and a form for browsers', async () => {
    const { bucket } = bind()
    const put = await fetch(await client.presignedPutObject(bucket, 'by URL'), {
      method: 'PUT',
      body: 'sent by URL',
    })
    assert.equal(put.status, 200)
    assert.equal(await (await fetch(await client.presignedGetObject(bucket, 'by URL'))).text(), 'sent by URL')
    const policy = client.newPostPolicy()
    policy.setBucket(bucket)
    policy.setKey('by form')
    policy.setExpires(new Date(Date.now() + 600_000))
    const { postURL, formData } = await client.presignedPostPolicy(policy)
    const form = new FormData()
    for (const [name, value] of Object.entries(formData)) form.append(name, String(value))
    form.append('file', new Blob(['sent by form']))
    assert.equal((await fetch(postURL, { method: 'POST', body: form })).status, 204)
    assert.equal(await textOf(await client.getObject(bucket, 'by form')), 'sent by form')
  })

  it('gets a part of an object', async () => {
    const { bucket } = bind()
    const bytes = createHash('sha512').update('x').digest()
    await client.putObject(bucket, 'part', bytes)
    const pieces: Buffer[] = []
    for await (const piece of await client.getPartialObject(bucket, 'part', 10, 20))
      pieces.push(piece as Buffer)
    assert.deepEqual(Buffer.concat(pieces), bytes.subarray(10, 30))
  })

  const bind = () => ({ bucket: world().bucket, path: (name: string) => world().path(name) })
})

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of stream) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}
