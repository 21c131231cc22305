import assert from 'node:assert/strict'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import {
  CreateBucketAccessKeyCommand,
  CreateBucketCommand,
  DeleteBucketAccessKeyCommand,
  DeleteBucketCommand,
  GetBucketsCommand,
  GetOperationsForResourceCommand,
} from '@aws-sdk/client-lightsail'
import { PutBucketTaggingCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { lightsailClient, s3Client } from '../harness/clients.ts'
import { presignRequest } from '../../src/auth/presign-request.ts'
import { startServer, type RunningServer } from '../harness/server.ts'
import { runServerCommand } from '../harness/server-command.ts'
import { until } from '../harness/until.ts'

const bucketName = 'audited'

for (const workers of [1, 3]) {
  describe(`the audit log of ${workers} process(es)`, () => {
    let server: RunningServer
    let keyId = ''
    let secret = ''
    let signature = ''
    let lines: Record<string, unknown>[] = []
    let text = ''

    before(async () => {
      server = await startServer({ workers })
      const lightsail = lightsailClient(server)
      await lightsail.send(new CreateBucketCommand({ bucketName, bundleId: 'small_1_0' }))
      const { accessKey } = await lightsail.send(new CreateBucketAccessKeyCommand({ bucketName }))
      keyId = accessKey?.accessKeyId ?? ''
      secret = accessKey?.secretAccessKey ?? ''
      const s3 = s3Client(server)
      const Tagging = { TagSet: [{ Key: 'a', Value: 'b' }] }
      await Promise.all(
        Array.from({ length: 30 }, () =>
          s3.send(new PutBucketTaggingCommand({ Bucket: bucketName, Tagging })).catch(() => undefined),
        ),
      )
      await s3.send(new PutObjectCommand({ Bucket: bucketName, Key: 'k', Body: 'x' }))
      await lightsail.send(new GetBucketsCommand({}))
      await s3Client(server, { accessKeyId: keyId, secretAccessKey: secret })
        .send(new PutBucketTaggingCommand({ Bucket: 'no-such-bucket-here', Tagging }))
        .catch(() => undefined)
      await lightsailClient({ ...server, credentials: { accessKeyId: keyId, secretAccessKey: secret } })
        .send(new DeleteBucketCommand({ bucketName }))
        .catch(() => undefined)
      await fetch(`${server.endpoint}/${bucketName}?policy`, { method: 'DELETE' })
      const url = presignRequest({
        method: 'DELETE',
        url: `/${bucketName}?cors`,
        headers: { host: new URL(server.endpoint).host },
        credentials: server.credentials,
        region: server.region,
        nowMs: Date.now(),
        expiresSeconds: 60,
      })
      const presigned = await fetch(server.endpoint + url, { method: 'DELETE' })
      assert.equal(presigned.status, 204)
      signature = new URL(presigned.url).searchParams.get('X-Amz-Signature') ?? 'none'
      const rotated = JSON.parse(
        runServerCommand('account', 'rotate', 'default', '--data', server.dataFolder, '--output', 'json')
          .stdout,
      ) as { secretAccessKey: string }
      runServerCommand('account', 'create', 'default', '--data', server.dataFolder)
      // The lines wait for a moment for others.
      await until(() => {
        text = readFileSync(join(server.dataFolder, 'audit.log'), 'utf8')
        return text.includes('no-such-bucket-here')
      })
      lines = text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>)
      for (const one of [secret, rotated.secretAccessKey, server.credentials.secretAccessKey, signature])
        assert.ok(!text.includes(one))
    })
    after(() => server.stop())

    const of = (operation: string) => lines.filter((line) => line['operation'] === operation)

    it('has a whole line for each change: who, from where, what, on what, how it ended', () => {
      const [created] = of('CreateBucket')
      const { accountId, agent, requestId, time, ...rest } = created ?? {}
      assert.match(String(accountId), /^\d{12}$/)
      assert.match(String(agent), /aws-sdk-js/)
      assert.match(String(requestId), /./)
      assert.ok(Math.abs(Date.parse(String(time)) - Date.now()) < 600_000)
      assert.deepEqual(rest, {
        source: 'lightsail',
        operation: 'CreateBucket',
        accessKeyId: server.credentials.accessKeyId,
        address: '127.0.0.1',
        bucketName,
        details: { bundleId: 'small_1_0' },
        outcome: 'succeeded',
        status: 200,
      })
      assert.deepEqual(of('CreateBucketAccessKey')[0]?.['details'], { accessKeyId: keyId })
      assert.ok(of('PutBucketTagging').length >= 30)
    })

    it('tells of changes that were refused, but not of what strangers tried, nor of reading and storing', () => {
      const refused = of('PutBucketTagging').find((line) => line['bucketName'] === 'no-such-bucket-here')
      assert.equal(refused?.['outcome'], 'failed')
      assert.match(String(refused['errorCode']), /AccessDenied|NoSuchBucket/)
      const [byBucketKey] = of('DeleteBucket')
      assert.deepEqual(
        [byBucketKey?.['accessKeyId'], byBucketKey?.['errorCode']],
        [keyId, 'AccessDeniedException'],
      )
      for (const operation of ['DeleteBucketPolicy', 'GetBuckets', 'PutObject'])
        assert.deepEqual(of(operation), [])
    })

    it('begins with the account that the first start made', () => {
      const [made, ...others] = of('serve')
      assert.deepEqual(others, [])
      assert.equal(made?.['outcome'], 'succeeded')
      const { accountId, ...details } = made['details'] as Record<string, string>
      assert.match(accountId ?? '', /^\d{12}$/)
      const { accessKeyId } = server.credentials
      assert.deepEqual(details, { made: 'account', name: 'default', accessKeyId })
      assert.equal(lines.indexOf(made), 0)
    })

    it('tells of the server’s commands, and of the user who gave them', () => {
      const [rotated] = of('account rotate')
      assert.equal(rotated?.['source'], 'command')
      assert.equal(rotated['outcome'], 'succeeded')
      assert.match(String(rotated['user']), /./)
      assert.match(JSON.stringify(rotated['details']), /"name":"default".*"accessKeyId":"AKIA/)
      assert.equal(of('account create')[0]?.['outcome'], 'failed')
    })

    it('is its owner’s alone', () => {
      assert.equal(statSync(join(server.dataFolder, 'audit.log')).mode & 0o777, 0o600)
    })
  })
}

describe('records of operations', () => {
  it('name the access key that was made or deleted', async () => {
    const server = await startServer({ engines: 'memory', options: { 'audit-log': 'off' } })
    const lightsail = lightsailClient(server)
    await lightsail.send(new CreateBucketCommand({ bucketName, bundleId: 'small_1_0' }))
    const { accessKey } = await lightsail.send(new CreateBucketAccessKeyCommand({ bucketName }))
    const accessKeyId = accessKey?.accessKeyId
    await lightsail.send(new DeleteBucketAccessKeyCommand({ bucketName, accessKeyId }))
    const { operations = [] } = await lightsail.send(
      new GetOperationsForResourceCommand({ resourceName: bucketName }),
    )
    const details = operations
      .filter(({ operationType }) => operationType?.endsWith('BucketAccessKey') === true)
      .map(({ operationDetails }) => operationDetails)
    assert.deepEqual(details, [accessKeyId, accessKeyId])
    assert.throws(() => statSync(join(server.dataFolder, 'audit.log')), { code: 'ENOENT' })
    await server.stop()
  })
})
