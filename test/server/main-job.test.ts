import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import {
  CreateBucketAccessKeyCommand,
  CreateBucketCommand,
  DeleteBucketAccessKeyCommand,
  GetBucketAccessKeysCommand,
  type AccessKey,
} from '@aws-sdk/client-lightsail'
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3'
import { lightsailClient, s3Client } from '../harness/clients.ts'
import { startServer, type RunningServer } from '../harness/server.ts'

const SMALL = 'small body'
const LARGE = 'large body '.repeat(20_000)

for (const workers of [1, 2]) {
  describe(`a bucket access key on a server with ${workers} worker(s)`, () => {
    let server: RunningServer
    const keys: AccessKey[] = []
    before(async () => {
      server = await startServer({ workers })
      const lightsail = lightsailClient(server)
      await lightsail.send(new CreateBucketCommand({ bucketName: 'photos', bundleId: 'small_1_0' }))
      for (let count = 0; count < 2; count++) {
        const { accessKey } = await lightsail.send(new CreateBucketAccessKeyCommand({ bucketName: 'photos' }))
        if (accessKey) keys.push(accessKey)
      }
    })
    after(() => server.stop())

    it('stores, lists and reads objects, small and large', async () => {
      const s3 = s3Client(server, keys[0])
      for (const [Key, Body] of [
        ['small', SMALL],
        ['large', LARGE],
      ] as const) {
        await s3.send(new PutObjectCommand({ Bucket: 'photos', Key, Body }))
        const { Body: stored } = await s3.send(new GetObjectCommand({ Bucket: 'photos', Key }))
        assert.equal(await stored?.transformToString(), Body)
      }
      const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: 'photos' }))
      assert.deepEqual(
        Contents?.map(({ Key }) => Key),
        ['large', 'small'],
      )
    })

    it('shows when, where and with what it was last used', async () => {
      const { accessKeys } = await lightsailClient(server).send(
        new GetBucketAccessKeysCommand({ bucketName: 'photos' }),
      )
      const lastUseOf = (key: AccessKey | undefined) =>
        accessKeys?.find(({ accessKeyId }) => accessKeyId === key?.accessKeyId)?.lastUsed
      assert.equal(lastUseOf(keys[0])?.serviceName, 's3')
      assert.equal(lastUseOf(keys[0])?.region, 'us-east-1')
      assert.equal(lastUseOf(keys[1])?.serviceName, 'N/A')
    })

    it('is refused on the very next request once it is deleted', async () => {
      const [, second] = keys
      const s3 = s3Client(server, second)
      await s3.send(new ListObjectsV2Command({ Bucket: 'photos' }))
      await lightsailClient(server).send(
        new DeleteBucketAccessKeyCommand({ bucketName: 'photos', accessKeyId: second?.accessKeyId }),
      )
      for (let round = 0; round < 2 * workers; round++) {
        await assert.rejects(s3.send(new ListObjectsV2Command({ Bucket: 'photos' })), {
          name: 'InvalidAccessKeyId',
        })
      }
    })

    it('is counted in the metrics of all processes together', async () => {
      const text = await (await fetch(`${server.endpoint}/-/metrics`)).text()
      assert.match(text, /lugsail_requests_total\{service="s3",operation="PutObject",status="200"\} 2/)
      assert.match(
        text,
        /lugsail_requests_total\{service="lightsail",operation="CreateBucketAccessKey",status="200"\} 2/,
      )
      assert.equal(await (await fetch(`${server.endpoint}/-/ready`)).text(), 'ok\n')
    })

    it('leaves no secret in the data folder, the log, the metrics or the output', async () => {
      const metrics = await (await fetch(`${server.endpoint}/-/metrics`)).text()
      const secrets = [server.credentials, ...keys].map(({ secretAccessKey }) => secretAccessKey ?? '')
      assert.ok(secrets.every((secret) => secret.length === 40))
      const places = {
        log: Buffer.from(server.log()),
        output: Buffer.from(server.output()),
        metrics: Buffer.from(metrics),
        ...filesIn(join(server.dataFolder, 'store')),
      }
      for (const [place, content] of Object.entries(places)) {
        for (const secret of secrets) assert.ok(!content.includes(secret), `a secret is in ${place}`)
      }
    })
  })
}

describe('boto3', () => {
  const hasBoto = spawnSync('python3', ['-c', 'import boto3']).status === 0
  it(
    'does the same with nothing but the credentials file',
    { skip: hasBoto ? false : 'boto3 is not installed' },
    async () => {
      const server = await startServer({ engines: 'memory' })
      try {
        const { status, stdout, stderr } = spawnSync('python3', ['-c', BOTO_PROGRAM], {
          encoding: 'utf8',
          env: {
            PATH: process.env['PATH'],
            HOME: server.dataFolder,
            AWS_SHARED_CREDENTIALS_FILE: join(server.dataFolder, 'credentials'),
          },
        })
        assert.equal(status, 0, stderr)
        assert.equal(stdout, 'hello\n')
      } finally {
        await server.stop()
      }
    },
  )
})

const BOTO_PROGRAM = `
import boto3
lightsail = boto3.client("lightsail")
lightsail.create_bucket(bucketName="photos", bundleId="small_1_0")
key = lightsail.create_bucket_access_key(bucketName="photos")["accessKey"]
s3 = boto3.client("s3", aws_access_key_id=key["accessKeyId"], aws_secret_access_key=key["secretAccessKey"])
s3.put_object(Bucket="photos", Key="a/b", Body=b"hello")
print(s3.get_object(Bucket="photos", Key="a/b")["Body"].read().decode())
`

function filesIn(folder: string): Record<string, Buffer> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => join(folder, name))
      .filter((file) => statSync(file).isFile())
      .map((file) => [file, readFileSync(file)]),
  )
}
