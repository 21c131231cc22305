/** Refusals that say more than S3's own words, where the server knows more. */
import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { CreateBucketAccessKeyCommand, CreateBucketCommand } from '@aws-sdk/client-lightsail'
import { lightsailClient } from '../harness/clients.ts'
import { startServer, type RunningServer } from '../harness/server.ts'
import { SignedClient } from '../harness/signed-client.ts'

let server: RunningServer
let owner: SignedClient
let key: SignedClient
before(async () => {
  server = await startServer({ engines: 'memory' })
  const lightsail = lightsailClient(server)
  for (const bucketName of ['photos', 'others'])
    await lightsail.send(new CreateBucketCommand({ bucketName, bundleId: 'small_1_0' }))
  const { accessKey } = await lightsail.send(new CreateBucketAccessKeyCommand({ bucketName: 'photos' }))
  owner = new SignedClient(server, server.credentials)
  key = new SignedClient(server, {
    accessKeyId: accessKey?.accessKeyId ?? '',
    secretAccessKey: accessKey?.secretAccessKey ?? '',
  })
})
after(async () => {
  owner.close()
  key.close()
  await server.stop()
})

const sayingOf = async (
  client: SignedClient,
  method: string,
  path: string,
  host?: string,
): Promise<string> => {
  const { port } = new URL(server.endpoint)
  const { body, status } = await client.s3({
    method,
    path,
    headers: { 'content-length': '0', ...(host !== undefined && { host: `${host}:${port}` }) },
  })
  assert.ok(status >= 400, `${method} ${path}: ${status}`)
  return /<Message>(.*)<\/Message>/.exec(body.toString())?.[1] ?? ''
}

describe('a bucket named in the host of a server without a domain', () => {
  it('is said to its account to be no address, whatever was asked of it', async () => {
    const told =
      /The host photos\.storage\.test was not taken for the bucket photos: use path-style addresses, or start the server with --domain storage\.test\.$/
    for (const [method, path] of [
      ['GET', '/a.txt'],
      ['PUT', '/a.txt?tagging'],
      ['DELETE', '/folder/a.txt'],
      ['GET', '/?list-type=2'],
    ] as const)
      assert.match(await sayingOf(owner, method, path, 'photos.storage.test'), told, `${method} ${path}`)
    assert.match(await sayingOf(key, 'GET', '/a.txt', 'PHOTOS.storage.test'), told)
  })

  it('is not said of hosts that name no bucket, or one of nobody who asks', async () => {
    const plain = 'The specified bucket does not exist'
    assert.equal(await sayingOf(owner, 'GET', '/a.txt', 'storage.test'), plain)
    assert.equal(await sayingOf(owner, 'GET', '/a.txt'), plain)
    const anonymous = await fetch(`${server.endpoint}/a.txt`)
    assert.match(await anonymous.text(), new RegExp(`<Message>${plain}</Message>`))
  })
})

describe('a bucket key that is denied', () => {
  it('is told what it is for', async () => {
    assert.match(
      await sayingOf(key, 'DELETE', '/photos?policy'),
      /Access Denied\. AKIA\w+ is an access key of the bucket photos: .*root key\.$/,
    )
    assert.match(
      await sayingOf(key, 'GET', '/others/a'),
      /is an access key of the bucket photos and opens no other\.$/,
    )
  })

  it('is told nothing of the key where the denial says what is wrong', async () => {
    const headersOf = (fill: string) => {
      const bytes = Buffer.alloc(32, fill)
      const prefix = 'x-amz-server-side-encryption-customer'
      return {
        [`${prefix}-algorithm`]: 'AES256',
        [`${prefix}-key`]: bytes.toString('base64'),
        [`${prefix}-key-md5`]: hash('md5', bytes, 'base64'),
      }
    }
    const put = await key.s3({
      method: 'PUT',
      path: '/photos/sealed',
      headers: headersOf('a'),
      body: Buffer.from('x'),
    })
    assert.equal(put.status, 200)
    const { status, body } = await key.s3({ method: 'GET', path: '/photos/sealed', headers: headersOf('b') })
    assert.equal(status, 403)
    assert.match(
      body.toString(),
      /<Message>The provided encryption parameters did not match the ones used originally\.<\/Message>/,
    )
  })
})
