import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  CreateBucketCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { S3_RULES } from '../../src/auth/service-rules.ts'
import { presignRequest } from '../../src/auth/presign-request.ts'
import { createKey } from '../../src/service/application-keys/create-key.ts'
import { createRole } from '../../src/service/roles/create-role.ts'
import { lookUpAccess } from '../../src/service/credentials/look-up-access.ts'
import { assumeRole } from '../../src/service/sessions/assume-role.ts'
import { DAY_MS, startFeatureServer, type FeatureAccount, type FeatureServer } from './feature-server.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

describe('what has a date, when the clock is set', () => {
  let server: FeatureServer
  let owner: FeatureAccount
  let caller: { readonly accountId: string; readonly region: string }
  const Bucket = 'dated'

  before(async () => {
    server = await startFeatureServer()
    owner = await server.createAccount('owner')
    caller = { accountId: owner.accountId, region: 'us-east-1' }
    await owner.s3.send(new CreateBucketCommand({ Bucket }))
  })
  after(() => server.stop())

  const put = (Key: string, bucket = Bucket) =>
    owner.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Key }))
  const keysOf = async (bucket: string) =>
    ((await owner.s3.send(new ListObjectsV2Command({ Bucket: bucket }))).Contents ?? []).map(({ Key }) => Key)
  /** What comes of `ask` when the clock is set by so much; then it is as before. */
  const when = async (jumpMs: number, ask: () => Promise<string>): Promise<string> => {
    server.clock.advance(jumpMs)
    try {
      return await ask()
    } finally {
      server.clock.advance(-jumpMs)
    }
  }

  it('an access key and a session end by the clock, and count again when it is set back before their end', async () => {
    const { context } = server
    const { key } = await createKey(context, caller, {
      name: 'until-tomorrow',
      rights: ['full'],
      expiresInSeconds: DAY_MS / 1_000,
    })
    await createRole(context, caller, { name: 'reader', rights: ['read'] })
    const { credential } = await lookUpAccess(context, key.accessKeyId, null)
    assert.ok(credential)
    const { credentials } = await assumeRole(context, credential, {
      roleArn: `arn:aws:iam::${owner.accountId}:role/reader`,
      sessionName: 'job',
      address: '127.0.0.1',
      seconds: 3_600,
    })
    const ofKey = async () => (await lookUpAccess(context, key.accessKeyId, null)).refusal?.why ?? 'taken'
    const ofSession = async () =>
      (await lookUpAccess(context, credentials.accessKeyId, null, credentials.sessionToken)).refusal?.why ??
      'taken'
    for (let round = 0; round < 2; round++) {
      assert.deepEqual([await ofKey(), await ofSession()], ['taken', 'taken'])
      assert.equal(await when(DAY_MS - 1, ofKey), 'taken')
      assert.notEqual(await when(DAY_MS, ofKey), 'taken')
      assert.equal(await when(HOUR_MS - 1, ofSession), 'taken')
      assert.notEqual(await when(HOUR_MS, ofSession), 'taken')
      assert.equal(await when(-DAY_MS, ofKey), 'taken')
    }
  })

  it('a signature is taken within 15 minutes of the clock either way, a presigned URL from its date to its end', async () => {
    const { rootKeys, clock } = { rootKeys: await owner.s3.config.credentials(), clock: server.clock }
    await put('read')
    const url = new URL(`${server.endpoint}/${Bucket}/read`)
    const signedAt = clock.now()
    const path = presignRequest({
      method: 'GET',
      url: url.pathname,
      headers: { host: url.host },
      credentials: rootKeys,
      rules: S3_RULES,
      region: 'us-east-1',
      nowMs: signedAt,
      expiresSeconds: 3_600,
    })
    const read = async () => String((await fetch(new URL(path, url))).status)
    assert.equal(await read(), '200')
    assert.equal(await when(HOUR_MS - 1_000, read), '200')
    assert.equal(await when(HOUR_MS + 1_000, read), '403')
    assert.equal(await when(-14 * MINUTE_MS, read), '200')
    assert.equal(await when(-16 * MINUTE_MS, read), '403')
    assert.equal(await read(), '200')
  })

  it('lifecycle rules remove what is due by it, once, and nothing when it is set back', async () => {
    const bucket = 'expiring'
    await owner.s3.send(new CreateBucketCommand({ Bucket: bucket }))
    await owner.s3.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket: bucket,
        LifecycleConfiguration: {
          Rules: [{ ID: 'r', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 2 } }],
        },
      }),
    )
    await put('kept', bucket)
    server.clock.advance(-10 * DAY_MS)
    await server.pass(HOUR_MS)
    assert.deepEqual(await keysOf(bucket), ['kept'])
    // Written on a day that is long ago once the clock is right again.
    await put('old', bucket)
    server.clock.advance(10 * DAY_MS)
    await server.pass(HOUR_MS)
    assert.deepEqual(await keysOf(bucket), ['kept'])
    server.clock.advance(5 * DAY_MS)
    await server.pass(HOUR_MS)
    assert.deepEqual(await keysOf(bucket), [])
    server.clock.advance(-5 * DAY_MS)
  })

  it('versions keep the order in which they were written', async () => {
    const bucket = 'versions'
    await owner.s3.send(new CreateBucketCommand({ Bucket: bucket }))
    const VersioningConfiguration = { Status: 'Enabled' } as const
    await owner.s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }))
    const written: (string | undefined)[] = []
    for (const jumpMs of [0, -DAY_MS, 3 * DAY_MS, -40 * DAY_MS, 38 * DAY_MS]) {
      server.clock.advance(jumpMs)
      written.unshift((await put('key', bucket)).VersionId)
    }
    const { Versions = [] } = await owner.s3.send(new ListObjectVersionsCommand({ Bucket: bucket }))
    assert.deepEqual(
      Versions.map(({ VersionId }) => VersionId),
      written,
    )
  })
})
