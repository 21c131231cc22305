import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { rotateKey } from '../../src/service/application-keys/rotate-key.ts'
import { Turns } from '../../src/service/commit/turns.ts'
import { credentialKey } from '../../src/service/keyspace.ts'
import type { Change } from '../../src/storage/metadata-store.ts'
import type { SignedClient } from '../harness/signed-client.ts'
import { KeyWorld, outcomeOf, type KeyPair, type ShownKey } from './key-world.ts'
import { takeSession } from './session-world.ts'

interface Revoked {
  readonly accessKey?: ShownKey & { readonly retiringKey?: { readonly status: string } }
  readonly abortedUploads: readonly {
    readonly bucketName: string
    readonly objectKey: string
    readonly uploadId: string
  }[]
  readonly nextPageToken?: string
}

describe('RevokeAccessKey', () => {
  let world: KeyWorld
  before(async () => {
    world = await KeyWorld.start()
  })
  after(() => world.stop())

  const begin = async (client: SignedClient, path: string): Promise<string> => {
    const { body } = await client.s3({ method: 'POST', path: `${path}?uploads` })
    return /<UploadId>(\w+)</.exec(body.toString())?.[1] ?? assert.fail(body.toString())
  }
  const uploads = async (bucket: string): Promise<string[]> => {
    const { body } = await world.root.s3({ method: 'GET', path: `/${bucket}?uploads` })
    return [...body.toString().matchAll(/<UploadId>(\w+)</g)].map(([, id = '']) => id)
  }
  const revoke = (input: object) => world.call<Revoked>('RevokeAccessKey', input)

  it('switches a key off with both halves and ends what they began, in every bucket, and nothing else', async () => {
    const old = await world.call('CreateAccessKey', { name: 'leaked', rights: ['read-write'] })
    const oldClient = world.client(old.accessKey)
    const { accessKey } = await world.call('RotateAccessKey', {
      name: 'leaked',
      retireWhenIdleSeconds: 3_600,
    })
    const client = world.client(accessKey)
    const begun = [
      await begin(client, '/photos/a/1'),
      await begin(oldClient, '/photos/b'),
      await begin(oldClient, '/papers/c'),
    ]
    const kept = await begin(world.root, '/photos/mine')
    const open = oldClient.beginS3({
      method: 'PUT',
      path: '/photos/late',
      headers: { 'content-length': '10' },
    })
    await open.write(Buffer.from('12345'))
    const revoked = await revoke({ name: 'leaked' })
    assert.equal(revoked.accessKey?.status, 'Inactive')
    assert.equal(revoked.accessKey.retiringKey?.status, 'Inactive')
    assert.equal(revoked.nextPageToken, undefined)
    assert.deepEqual(revoked.abortedUploads.map(({ uploadId }) => uploadId).sort(), begun.sort())
    assert.deepEqual([await uploads('photos'), await uploads('papers')], [[kept], []])
    assert.equal(outcomeOf(await open.end(Buffer.from('67890'))), '403 InvalidAccessKeyId')
    for (const each of [client, oldClient])
      assert.equal(outcomeOf(await each.s3({ method: 'GET', path: '/photos/a/1' })), '403 InvalidAccessKeyId')
    assert.equal(outcomeOf(await world.root.s3({ method: 'HEAD', path: '/photos/late' })), '404')
    // Once more changes nothing.
    assert.deepEqual((await revoke({ name: 'leaked' })).abortedUploads, [])
  })

  it('ends what was begun with the successor that it was given while it was switched off', async (t) => {
    const { accessKey } = await world.call('CreateAccessKey', { name: 'turning', rights: ['write'] })
    const { context } = world.server
    const { metadata } = context
    // As another gateway does it: nobody there waits for whoever changes keys here.
    const gateway = { ...context, turns: new Turns() }
    const row = credentialKey(accessKey.accessKeyId)
    const begun: string[] = []
    const commit = metadata.commit.bind(metadata)
    const changes = t.mock.method(metadata, 'commit', async (change: Change) => {
      if (begun.length === 0 && change.sets?.some(({ key }) => row.equals(key)) === true) {
        changes.mock.restore()
        const caller = { accountId: world.accountId, region: 'us-east-1' }
        const { key, secretAccessKey } = await rotateKey(gateway, caller, 'turning')
        begun.push(await begin(world.client({ ...key, secretAccessKey }), '/photos/turned'))
      }
      return await commit(change)
    })
    const { accessKey: revoked, abortedUploads } = await revoke({ name: 'turning' })
    assert.notEqual(revoked?.accessKeyId, accessKey.accessKeyId)
    assert.deepEqual(
      abortedUploads.map(({ uploadId }) => uploadId),
      begun,
    )
    assert.equal(begun.length, 1)
  })

  it('ends what was begun by temporary credentials that were had with the key, too', async () => {
    const { accessKey } = await world.call('CreateAccessKey', { name: 'parent', rights: ['read-write'] })
    await world.call('CreateRole', { name: 'uploads', rights: ['write'] })
    const key = world.client(accessKey)
    const role = { RoleArn: `arn:aws:iam::${world.accountId}:role/uploads`, RoleSessionName: 'job' }
    const begun = [
      await begin(world.client(await takeSession(key, 'GetSessionToken')), '/photos/s/1'),
      await begin(world.client(await takeSession(key, 'AssumeRole', role)), '/photos/s/2'),
    ]
    const { abortedUploads } = await revoke({ name: 'parent' })
    assert.deepEqual(abortedUploads.map(({ uploadId }) => uploadId).sort(), begun.sort())
  })

  it('is for a bucket’s key by its id, whichever region is asked, and for no other key', async () => {
    const made = await world.root.lightsail('CreateBucketAccessKey', { bucketName: 'papers' })
    const { accessKey } = JSON.parse(made.body.toString()) as { accessKey: KeyPair }
    const { accessKeyId } = accessKey
    const upload = await begin(world.client(accessKey), '/papers/x')
    const revoked = await revoke({ accessKeyId })
    assert.deepEqual(revoked.abortedUploads, [{ bucketName: 'papers', objectKey: 'x', uploadId: upload }])
    assert.equal(revoked.accessKey?.status, 'Inactive')
    for (const [input, why] of [
      [{}, 'InvalidInputException'],
      [{ name: 'nobody' }, 'NotFoundException'],
      [{ accessKeyId: 'AKIAAAAAAAAAAAAAAAAA' }, 'NotFoundException'],
    ] as const)
      assert.match(await world.refusal('RevokeAccessKey', input), new RegExp(why))
  })

  it('is for what a bucket’s key was before its rotation, too', async () => {
    await world.root.lightsail('CreateBucket', { bucketName: 'rotated', bundleId: 'small_1_0' })
    const made = await world.root.lightsail('CreateBucketAccessKey', { bucketName: 'rotated' })
    const { accessKey: old } = JSON.parse(made.body.toString()) as { accessKey: KeyPair }
    const { accessKeyId } = old
    const rotated = await world.call('RotateAccessKey', { bucketName: 'rotated', accessKeyId })
    const keys = [old, rotated.accessKey].map((key) => world.client(key))
    const begun = await Promise.all(keys.map((key, at) => begin(key, `/rotated/${at}`)))
    const revoked = await revoke({ accessKeyId: rotated.accessKey.accessKeyId })
    assert.equal(revoked.accessKey?.accessKeyId, rotated.accessKey.accessKeyId)
    assert.equal(revoked.accessKey.status, 'Inactive')
    assert.deepEqual(revoked.abortedUploads.map(({ uploadId }) => uploadId).sort(), begun.sort())
    for (const key of keys)
      assert.equal(outcomeOf(await key.s3({ method: 'GET', path: '/rotated' })), '403 InvalidAccessKeyId')
  })

  it('ends many uploads page by page', async () => {
    const made = await world.call('CreateAccessKey', { name: 'busy', rights: ['write'] })
    const client = world.client(made.accessKey)
    for (let at = 0; at < 620; at++) await begin(client, `/photos/many/${at}`)
    const sizes: number[] = []
    let pageToken: string | undefined
    do {
      const page: Revoked = await revoke({ name: 'busy', pageToken })
      sizes.push(page.abortedUploads.length)
      pageToken = page.nextPageToken
    } while (pageToken !== undefined && sizes.length < 20)
    assert.equal(
      sizes.reduce((sum, size) => sum + size, 0),
      620,
    )
    assert.ok(sizes.length > 1)
    assert.match(await world.refusal('RevokeAccessKey', { name: 'busy', pageToken: 'made up' }), /pageToken/)
  })
})
