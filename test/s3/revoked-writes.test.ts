import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createAccessKey } from '../../src/service/access-keys/create-access-key.ts'
import { setResourceAccess } from '../../src/service/buckets/set-resource-access.ts'
import { createServiceContext } from '../../src/service/create-context.ts'
import { putObjectTagging } from '../../src/service/objects/object-tagging.ts'
import { bucketKey, credentialKey } from '../../src/service/keyspace.ts'
import { bucketCodec } from '../../src/service/records/bucket.ts'
import { addResource } from '../../src/service/resources/add-resource.ts'
import type { MetadataStore } from '../../src/storage/metadata-store.ts'
import { SignedClient, type HttpResponse } from '../harness/signed-client.ts'
import {
  BODY,
  BUCKET,
  good,
  md5Of,
  OBJECT_CASES,
  rightsWorld,
  sampleOf,
  sendAsOther,
  setPolicy,
  xml,
} from './rights-world.ts'

const REGION = 'us-east-1'
const LATE_BUCKET = 'late-bucket'
/** What the commit of each of these writes checks. */
const CHECKED = [bucketKey(BUCKET), bucketKey(LATE_BUCKET)]

/** Sends a request, and takes its right away when all but its commit is done. */
async function revokedAtCommit(
  send: () => Promise<HttpResponse>,
  revoke: () => Promise<unknown>,
): Promise<HttpResponse> {
  const metadata = rightsWorld().server.context.metadata as { commit: MetadataStore['commit'] }
  const { commit } = metadata
  metadata.commit = async (change) => {
    // The background commits, too: last uses of keys, leases of blobs.
    if (!change.checks?.some(({ key }) => CHECKED.some((checked) => checked.equals(key))))
      return await commit.call(metadata, change)
    metadata.commit = commit
    await revoke()
    return await commit.call(metadata, change)
  }
  try {
    return await send()
  } finally {
    metadata.commit = commit
  }
}

const everything = { Effect: 'Allow', Action: ['s3:*'] } as const
const NO_POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:Get*', Resource: `arn:aws:s3:::${BUCKET}/*` }],
})
const nobody = { Effect: 'Deny', Action: ['s3:*'], Principal: '*' } as const
const codeOf = ({ status, body }: HttpResponse) =>
  `${status} ${/<Code>(.*)<\/Code>/.exec(body.toString())?.[1] ?? ''}`

/** An enforced owner takes no ACL, so this one ends before its commit. */
const writing = OBJECT_CASES.filter(
  ({ operation: { name, http } }) =>
    http?.method !== 'GET' && http?.method !== 'HEAD' && name !== 'PutObjectAcl',
)

for (const { operation, title, namesVersion, needed } of writing)
  describe(`${title} under way`, () => {
    for (const action of needed)
      it(`is refused at its commit when ${action} is taken away`, async () => {
        await setPolicy(everything)
        const draft = await sampleOf(operation, namesVersion)
        const revoke = () => setPolicy(everything, { Effect: 'Deny', Action: [action] })
        assert.equal(codeOf(await revokedAtCommit(() => sendAsOther(draft), revoke)), '403 AccessDenied')
      })
    it('is let in when another right is taken away', async () => {
      await setPolicy(everything)
      const draft = await sampleOf(operation, namesVersion)
      const revoke = () => setPolicy(everything, { Effect: 'Deny', Action: ['s3:GetBucketLocation'] })
      const response = await revokedAtCommit(() => sendAsOther(draft), revoke)
      assert.ok(response.status < 300, codeOf(response))
    })
  })

describe('a write under way', () => {
  const put = (client: SignedClient) => client.s3({ method: 'PUT', path: `/${BUCKET}/late`, body: BODY })
  const clientOf = (key: { accessKeyId: string; secretAccessKey: string }) =>
    new SignedClient({ endpoint: rightsWorld().server.url, region: REGION }, key, { keepAlive: false })
  const owner = () => ({ accountId: rightsWorld().ownerId, region: REGION })
  const isThere = async () =>
    (await rightsWorld().owner.s3({ method: 'HEAD', path: `/${BUCKET}/late` })).status !== 404

  it('of nobody in particular is refused when the policy goes', async () => {
    await setPolicy({ ...everything, Principal: '*' })
    const send = async (): Promise<HttpResponse> => {
      const url = `${rightsWorld().server.url}/${BUCKET}/late`
      const response = await fetch(url, { method: 'PUT', body: BODY })
      return {
        status: response.status,
        headers: {},
        rawHeaders: [],
        body: Buffer.from(await response.text()),
      }
    }
    const revoke = () => good(rightsWorld().owner, { method: 'DELETE', path: `/${BUCKET}?policy` })
    assert.equal(codeOf(await revokedAtCommit(send, revoke)), '403 AccessDenied')
    assert.equal(await isThere(), false)
  })

  it('of a resource is refused when the resource is detached', async () => {
    const { context } = rightsWorld().server
    const { key } = await addResource(context, owner(), 'web')
    const access = { bucketName: BUCKET, resourceName: 'web' }
    await setResourceAccess(context, owner(), { ...access, access: 'allow' })
    const revoke = () => setResourceAccess(context, owner(), { ...access, access: 'deny' })
    assert.equal(codeOf(await revokedAtCommit(() => put(clientOf(key)), revoke)), '403 AccessDenied')
    assert.equal(await isThere(), false)
  })

  it("of a bucket key, and of the account's own, is refused when a policy denies it", async () => {
    const { server, owner: root } = rightsWorld()
    const { accessKey, secretAccessKey } = await createAccessKey(server.context, owner(), BUCKET)
    const key = clientOf({ accessKeyId: accessKey.accessKeyId, secretAccessKey })
    for (const client of [key, root]) {
      await setPolicy(everything)
      assert.equal(
        codeOf(
          await revokedAtCommit(
            () => put(client),
            () => setPolicy(nobody),
          ),
        ),
        '403 AccessDenied',
      )
      await setPolicy(everything)
      assert.equal(await isThere(), false)
    }
  })

  it('is decided by the state that it replaces, when a policy that looks at it came in between, and then the state', async () => {
    const { server, other } = rightsWorld()
    const secret = { StringEquals: { 's3:ExistingObjectTag/class': 'secret' } }
    const path = `/${BUCKET}/replaced`
    await setPolicy(everything)
    await good(rightsWorld().owner, { method: 'PUT', path, body: BODY })
    /** As another process would, which takes no turns with this one. */
    const tag = async (): Promise<void> => {
      const [entry] = await server.context.metadata.getMany([bucketKey(BUCKET)])
      assert.ok(entry)
      const bucket = { record: bucketCodec.decode(entry.value), version: entry.version }
      const principal = { type: 'account', accountId: rightsWorld().ownerId, accessKeyId: '' } as const
      await putObjectTagging(
        createServiceContext(server.context),
        { principal, credential: null, bucket },
        {
          objectKey: 'replaced',
          tags: [{ key: 'class', value: 'secret' }],
        },
      )
    }
    const send = () => other.s3({ method: 'PUT', path, body: BODY })
    const landed: string[] = []
    const response = await revokedAtCommit(send, async () => {
      await setPolicy(everything, { Effect: 'Deny', Action: ['s3:PutObject'], Condition: secret })
      landed.push('policy')
      // At the commit of the second attempt, which was decided with the policy and the state of before.
      const metadata = server.context.metadata as { commit: MetadataStore['commit'] }
      const { commit } = metadata
      metadata.commit = async (change) => {
        const isWrite = change.checks?.some(({ key }) => bucketKey(BUCKET).equals(key)) === true
        if (!isWrite) return await commit.call(metadata, change)
        metadata.commit = commit
        await tag()
        landed.push('tag')
        return await commit.call(metadata, change)
      }
    })
    assert.deepEqual(landed, ['policy', 'tag'])
    assert.equal(codeOf(response), '403 AccessDenied')
  })

  it('of settings is refused when the right to set them goes', async () => {
    const { metadata } = rightsWorld().server.context
    const tags = xml('Tagging', '<TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet>')
    /** As another process would: the writers of this one wait for each other. */
    const replacePolicy = async (): Promise<void> => {
      const [entry] = await metadata.getMany([bucketKey(BUCKET)])
      assert.ok(entry)
      const record = { ...bucketCodec.decode(entry.value), policy: NO_POLICY }
      await metadata.commit({ sets: [{ key: entry.key, value: bucketCodec.encode(record) }] })
    }
    for (const draft of [
      { method: 'PUT', path: `/${BUCKET}?tagging`, body: tags },
      { method: 'DELETE', path: `/${BUCKET}?cors` },
      { method: 'DELETE', path: `/${BUCKET}` },
    ]) {
      await setPolicy(everything)
      const send = () => rightsWorld().other.s3({ ...draft, headers: md5Of(draft.body) })
      assert.equal(codeOf(await revokedAtCommit(send, replacePolicy)), '403 AccessDenied', draft.path)
    }
  })

  it('that makes a bucket is refused when its key is gone', async () => {
    const { server } = rightsWorld()
    const { rootKey } = await server.createAccount('rotated')
    const make = () => clientOf(rootKey).s3({ method: 'PUT', path: `/${LATE_BUCKET}` })
    const remove = () => server.context.metadata.commit({ deletes: [credentialKey(rootKey.accessKeyId)] })
    assert.equal(codeOf(await revokedAtCommit(make, remove)), '403 InvalidAccessKeyId')
  })
})
