import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  CreateBucketAccessKeyCommand,
  CreateBucketCommand,
  DeleteBucketAccessKeyCommand,
  DeleteBucketCommand,
  SetResourceAccessForBucketCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateBucketBundleCommand,
  UpdateBucketCommand,
  type LightsailClient,
} from '@aws-sdk/client-lightsail'
import { lightsailOperations } from '../../src/model/lightsail/index.ts'
import { rotateRootKey } from '../../src/service/accounts/rotate-root-key.ts'
import { createAccessKey } from '../../src/service/access-keys/create-access-key.ts'
import { createAccount } from '../../src/service/accounts/create-account.ts'
import type { AccessKeyPair } from '../../src/service/credentials/mint-access-key.ts'
import { credentialKey } from '../../src/service/keyspace.ts'
import { addResource } from '../../src/service/resources/add-resource.ts'
import type { MetadataStore } from '../../src/storage/metadata-store.ts'
import { startControlServer, type ControlServer } from './control-server.ts'

const bucketName = 'callers-bucket'
const region = 'us-east-1'
const tags = [{ key: 'a', value: 'b' }]

/** A change of the bucket, or of another; `keyId` is that of a key that the bucket has. */
type Change = (client: LightsailClient, keyId: string) => Promise<unknown>
const CHANGES: Readonly<Record<string, Change>> = {
  CreateBucket: (client) =>
    client.send(new CreateBucketCommand({ bucketName: 'another-bucket', bundleId: 'small_1_0' })),
  CreateBucketAccessKey: (client) => client.send(new CreateBucketAccessKeyCommand({ bucketName })),
  DeleteBucket: (client) => client.send(new DeleteBucketCommand({ bucketName, forceDelete: true })),
  DeleteBucketAccessKey: (client, accessKeyId) =>
    client.send(new DeleteBucketAccessKeyCommand({ bucketName, accessKeyId })),
  SetResourceAccessForBucket: (client) =>
    client.send(new SetResourceAccessForBucketCommand({ bucketName, resourceName: 'web', access: 'allow' })),
  TagResource: (client) => client.send(new TagResourceCommand({ resourceName: bucketName, tags })),
  UntagResource: (client) =>
    client.send(new UntagResourceCommand({ resourceName: bucketName, tagKeys: ['old'] })),
  UpdateBucket: (client) => client.send(new UpdateBucketCommand({ bucketName, versioning: 'Enabled' })),
  UpdateBucketBundle: (client) =>
    client.send(new UpdateBucketBundleCommand({ bucketName, bundleId: 'medium_1_0' })),
}

/** Sends a change of a new account, and does something to its key when all but the commit is done. */
async function atCommit(
  server: ControlServer,
  change: Change,
  meanwhile: (accountId: string, key: AccessKeyPair) => Promise<unknown>,
): Promise<{ readonly outcome: string; readonly commits: number }> {
  const { context } = server
  const { account, rootKey } = await createAccount(context, 'caller')
  const owner = { accountId: account.accountId, region }
  const client = server.client(rootKey)
  await client.send(new CreateBucketCommand({ bucketName, bundleId: 'small_1_0', tags: [{ key: 'old' }] }))
  await addResource(context, owner, 'web')
  const { accessKey } = await createAccessKey(context, owner, bucketName)
  const checked = credentialKey(rootKey.accessKeyId)
  const metadata = context.metadata as { commit: MetadataStore['commit'] }
  const { commit } = metadata
  let isBegun = false
  let commits = 0
  metadata.commit = async (wanted) => {
    const isCallers = wanted.checks?.some(({ key }) => checked.equals(key)) === true
    if (isCallers && !isBegun) {
      isBegun = true
      await meanwhile(account.accountId, rootKey)
    }
    const outcome = await commit.call(metadata, wanted)
    if (isCallers && outcome === 'ok') commits++
    return outcome
  }
  try {
    await change(client, accessKey.accessKeyId)
    return { outcome: 'done', commits }
  } catch (error) {
    return { outcome: (error as Error).name, commits }
  } finally {
    metadata.commit = commit
  }
}

describe('a change whose caller is gone before its commit', () => {
  it('is tried with every operation that changes something', () => {
    const changing = Object.keys(lightsailOperations).filter((name) => !name.startsWith('Get'))
    assert.deepEqual(changing.sort(), Object.keys(CHANGES))
  })

  for (const [name, change] of Object.entries(CHANGES))
    describe(name, () => {
      let server: ControlServer
      before(async () => {
        server = await startControlServer()
      })
      after(() => server.stop())

      it('is not made', async () => {
        // As another process does it: what this one does to an account waits for its creation of buckets.
        const remove = (_: string, { accessKeyId }: AccessKeyPair) =>
          server.context.metadata.commit({ deletes: [credentialKey(accessKeyId)] })
        assert.deepEqual(await atCommit(server, change, remove), {
          outcome: 'UnrecognizedClientException',
          commits: 0,
        })
      })
    })

  it('is not made after a new root key was given out', async () => {
    const server = await startControlServer()
    const { TagResource } = CHANGES
    assert.ok(TagResource)
    const rotate = (accountId: string) => rotateRootKey(server.context, accountId, { retireInSeconds: 0 })
    assert.deepEqual(await atCommit(server, TagResource, rotate), {
      outcome: 'UnrecognizedClientException',
      commits: 0,
    })
    await server.stop()
  })

  it('is made when the key was only sealed anew', async () => {
    const server = await startControlServer()
    const { metadata } = server.context
    const { UpdateBucket } = CHANGES
    assert.ok(UpdateBucket)
    const reseal = async (_: string, { accessKeyId }: AccessKeyPair) => {
      const [entry] = await metadata.getMany([credentialKey(accessKeyId)])
      assert.ok(entry)
      await metadata.commit({ sets: [{ key: entry.key, value: entry.value }] })
    }
    assert.deepEqual(await atCommit(server, UpdateBucket, reseal), { outcome: 'done', commits: 1 })
    await server.stop()
  })
})
