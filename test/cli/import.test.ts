import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import {
  AbortMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketLifecycleCommand,
  DeleteObjectCommand,
  GetBucketLifecycleConfigurationCommand,
  ListMultipartUploadsCommand,
  PutBucketLifecycleConfigurationCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { DeleteBucketAccessKeyCommand, LightsailClient } from '@aws-sdk/client-lightsail'
import type { TestCredentials } from '../../src/testing/types.ts'
import { ended } from './object-lab.ts'
import type { Ended } from './object-lab.ts'
import { ImportLab } from './import-lab.ts'
import { describeImport, putParts } from './import-suite.ts'
import { listed, textOf } from './import-world.ts'
import type { ImportReport } from './import-world.ts'
import { until } from '../harness/until.ts'

const MIB = 1024 * 1024

const lab = new ImportLab()
describeImport(lab)

describe('a source that fails now and then', () => {
  before(() => lab.here.send(new CreateBucketCommand({ Bucket: 'shakier' })))

  it('is asked again, and damaged bytes are never stored', async () => {
    await lab.put('shakier', 'small')
    await lab.put('shakier', 'large', { Body: randomBytes(3 * MIB) })
    for (const objectKey of ['small', 'large'])
      for (const code of ['WrongChecksum', 'CutBody', 'CutConnection', 'SlowDown'])
        lab.source.failNext({ operation: 'GetObject', objectKey, code })
    lab.source.failNext({ operation: 'ListObjects', code: 'ServiceUnavailable' })
    const { exitCode, failures, buckets } = await lab.report('shakier')
    assert.deepEqual([exitCode, failures, buckets[0]?.['copied']], [0, [], 2])
    assert.deepEqual(await listed(lab.there, 'shakier'), await listed(lab.here, 'shakier'))
  })

  it('and a destination too give objects of parts whole in the end', async () => {
    await putParts(lab, 'shakier', 'again')
    for (const code of ['SlowDown', 'CutBody', 'InternalError'])
      lab.source.failNext({ operation: 'GetObject', objectKey: 'again', code })
    const { exitCode, failures } = await lab.report('shakier')
    assert.deepEqual([exitCode, failures], [0, []])
    assert.deepEqual(await listed(lab.there, 'shakier'), await listed(lab.here, 'shakier'))
  })
})

describe('settings that the source takes away while it is followed', () => {
  const follow = async (bucket: string, ...more: readonly string[]) => {
    await lab.here.send(new CreateBucketCommand({ Bucket: bucket }))
    await lab.put(bucket, 'a')
    await lab.here.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket: bucket,
        LifecycleConfiguration: {
          Rules: [{ ID: 'old', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 30 } }],
        },
      }),
    )
    const child = lab.begin(bucket, '--follow', '--interval', '1s', '--json', ...more)
    const end = ended(child)
    const rulesThere = async (): Promise<number> =>
      (
        await lab.there
          .send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }))
          .catch(() => ({ Rules: [] }))
      ).Rules?.length ?? 0
    await until(async () => (await rulesThere()) === 1)
    await lab.here.send(new DeleteBucketLifecycleCommand({ Bucket: bucket }))
    /** Ends it between two passes, as it is ended. */
    const stop = async (): Promise<Ended> => {
      await new Promise((next) => child.stderr.once('data', next))
      child.kill('SIGINT')
      return await end
    }
    return { stop, rulesThere }
  }

  const outcomesOf = ({ stdout }: Ended): readonly string[] =>
    (JSON.parse(stdout) as ImportReport).settings.map(({ setting, outcome }) => `${setting}: ${outcome}`)

  it('are taken away at the destination with --delete', async () => {
    const { stop, rulesThere } = await follow('unruled', '--delete')
    await until(async () => (await rulesThere()) === 0)
    assert.deepEqual(outcomesOf(await stop()), ['lifecycle: removed'])
  })

  it('are told without it, and stay', async () => {
    const { stop, rulesThere } = await follow('ruled')
    await lab.put('ruled', 'b')
    // Settings come behind the objects: the pass after the one that brings this one has seen that the rule is gone.
    await until(async () => (await listed(lab.there, 'ruled')).length === 2)
    await lab.put('ruled', 'c')
    await until(async () => (await listed(lab.there, 'ruled')).length === 3)
    const over = await stop()
    assert.deepEqual([over.exitCode, outcomesOf(over)], [2, ['lifecycle: not removed']])
    assert.equal(await rulesThere(), 1)
  })
})

describe('an import that is cut short', () => {
  const count = 60
  before(async () => {
    await lab.here.send(new CreateBucketCommand({ Bucket: 'cut' }))
    await Promise.all(Array.from({ length: count }, (_, index) => lab.put('cut', `object-${index}`)))
    await putParts(lab, 'cut', 'a-large-one')
  })

  /** Begins an import of which nothing but some objects can get through. */
  const beginHeldUp = async (prefix: string) => {
    lab.source.failNext({ operation: 'GetObject', objectKey: 'a-large-one', delay: '5m' })
    const child = lab.begin('cut', '--concurrency', '2')
    const isOver = new Promise<readonly [number | null, string]>((done) => {
      let stderr = ''
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
      child.once('close', (code) => done([code, stderr]))
    })
    await until(() => hasObjects(prefix))
    return { child, isOver }
  }

  const uploadsThere = async (): Promise<readonly (string | undefined)[]> =>
    ((await lab.there.send(new ListMultipartUploadsCommand({ Bucket: 'cut' }))).Uploads ?? []).map(
      ({ UploadId }) => UploadId,
    )

  const hasObjects = async (prefix: string): Promise<boolean> =>
    (await listed(lab.there, 'cut').catch(() => [])).filter((line) => line.startsWith(prefix)).length > 5

  it('by Ctrl-C ends cleanly, and goes on when it is run again', async () => {
    const { child, isOver } = await beginHeldUp('object-')
    child.kill('SIGINT')
    assert.deepEqual(await isOver, [130, 'lugsail import: interrupted\n'])
    assert.deepEqual(await uploadsThere(), [])
    const { exitCode, buckets } = await lab.report('cut')
    assert.equal(exitCode, 0)
    assert.ok(Number(buckets[0]?.['same']) > 5)
    assert.deepEqual(await listed(lab.there, 'cut'), await listed(lab.here, 'cut'))
  })

  it('by a kill goes on when it is run again', async () => {
    for (let index = 0; index < count; index++) await lab.put('cut', `second-${index}`)
    await putParts(lab, 'cut', 'a-large-one')
    const { child, isOver } = await beginHeldUp('second-')
    // Somebody else's, of the same object.
    const others = { Bucket: 'cut', Key: 'a-large-one' }
    const { UploadId } = await lab.there.send(new CreateMultipartUploadCommand(others))
    await until(async () => (await uploadsThere()).length === 2)
    child.kill('SIGKILL')
    await isOver
    assert.equal((await uploadsThere()).length, 2)
    assert.equal((await lab.report('cut')).exitCode, 0)
    assert.deepEqual(await listed(lab.there, 'cut'), await listed(lab.here, 'cut'))
    assert.deepEqual(await uploadsThere(), [UploadId])
    await lab.there.send(new AbortMultipartUploadCommand({ ...others, UploadId }))
  })

  it('leaves the uploads of a run that goes on', async () => {
    await putParts(lab, 'cut', 'a-large-one')
    const { child, isOver } = await beginHeldUp('second-')
    await until(async () => (await uploadsThere()).length === 1)
    assert.equal((await lab.report('photos')).exitCode, 0)
    assert.equal((await uploadsThere()).length, 1)
    child.kill('SIGINT')
    assert.equal((await isOver)[0], 130)
    assert.deepEqual(await uploadsThere(), [])
  })
})

describe('access keys', () => {
  const keyFile = (secret: string): string =>
    JSON.stringify({
      accessKeys: [
        {
          name: 'reports',
          accessKeyId: 'REPORTS',
          secretAccessKey: secret,
          buckets: ['keyed'],
          rights: ['read', 'list'],
        },
      ],
    })

  const importFrom = (text: string, ...more: readonly string[]): Promise<Ended> => {
    const child = lab.spawn(['import', 's3', '--keys', '-', ...more])
    child.stdin.end(text)
    return ended(child)
  }

  it('open what they opened, under the names that buckets have now, and are not imported twice', async () => {
    await lab.here.send(new CreateBucketCommand({ Bucket: 'keyed' }))
    await lab.put('keyed', 'a')
    const secret = randomBytes(20).toString('hex')
    const from = ['--from', lab.source.endpoint, '--profile', 'old', '--bucket', 'keyed=opened']
    const first = await importFrom(keyFile(secret), ...from)
    assert.deepEqual([first.exitCode, first.stderr], [0, ''])
    assert.match(first.stdout, /^key reports \(REPORTS\): imported$/m)
    const client = new S3Client({
      endpoint: lab.target.endpoint,
      region: lab.target.region,
      forcePathStyle: true,
      credentials: { accessKeyId: 'REPORTS', secretAccessKey: secret },
    })
    assert.equal(await textOf(client, 'opened', 'a'), 'a')
    client.destroy()
    const again = await importFrom(keyFile(secret))
    assert.deepEqual([again.exitCode, again.stdout], [0, 'key reports (REPORTS): is there already\n'])
  })

  it('that cannot be are told by their names, and no secret is', async () => {
    const refused = await importFrom(keyFile('a secret with spaces').replaceAll('reports', 'other'))
    assert.equal(refused.exitCode, 1)
    assert.match(refused.stderr, /^lugsail import: key other \(REPORTS\): /)
    const noText = await importFrom(
      '{"accessKeys": [{"name": "a", "accessKeyId": "b", "secretAccessKey": 12345678}]}',
    )
    assert.equal(noText.exitCode, 2)
    assert.match(
      noText.stderr,
      /key 1 of standard input: expected name, accessKeyId and secretAccessKey as texts/,
    )
    const noJson = await importFrom('hush-hush')
    assert.equal(noJson.exitCode, 2)
    for (const { stdout, stderr } of [refused, noText, noJson])
      assert.doesNotMatch(stdout + stderr, /a secret with|12345678|hush/)
  })
})

describe('following', () => {
  it('copies what is new and removes what is deleted until Ctrl-C, and then says what it did', async () => {
    await lab.here.send(new CreateBucketCommand({ Bucket: 'followed' }))
    await lab.put('followed', 'first')
    const child = lab.begin('followed', '--follow', '--delete', '--interval', '1s')
    const passes: string[] = []
    let [stdout, wake] = ['', (): void => undefined]
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      passes.push(text)
      wake()
    })
    const isOver = new Promise<number | null>((done) => child.once('close', done))
    const pass = async (pattern: RegExp): Promise<void> => {
      while (!passes.some((text) => pattern.test(text))) await new Promise<void>((next) => (wake = next))
      passes.length = 0
    }
    await pass(/pass 1: 1 copied; the destination is what the source was at \S+, \d+s ago\n/)
    await lab.put('followed', 'second')
    await pass(/pass \d+: 1 copied;/)
    await lab.here.send(new DeleteObjectCommand({ Bucket: 'followed', Key: 'first' }))
    await pass(/pass \d+: 1 removed;/)
    child.kill('SIGINT')
    assert.equal(await isOver, 0)
    assert.equal(stdout, 'followed: 2 copied (11 B), 1 there already, 1 removed\n')
    assert.deepEqual(await listed(lab.there, 'followed'), await listed(lab.here, 'followed'))
  })
})

describe('credentials that end while it runs', () => {
  it('are had anew from their profile', async () => {
    await lab.here.send(new CreateBucketCommand({ Bucket: 'lasting' }))
    await lab.put('lasting', 'first')
    const file = join(lab.folder, 'process.json')
    const give = ({ accessKeyId, secretAccessKey }: TestCredentials): void =>
      writeFileSync(
        file,
        JSON.stringify({
          Version: 1,
          AccessKeyId: accessKeyId,
          SecretAccessKey: secretAccessKey,
          // So soon that the SDK looks for others at once.
          Expiration: new Date(Date.now() + 240_000).toISOString(),
        }),
      )
    writeFileSync(join(lab.folder, '.aws/config'), `[profile lasting]\ncredential_process = cat ${file}\n`)
    const first = await lab.source.createBucketAccessKey('lasting')
    give(first)
    const child = lab.spawn([
      ...['import', 's3', '--from', lab.source.endpoint, '--profile', 'lasting', '--bucket', 'lasting'],
      ...['--follow', '--interval', '1s', '--no-settings'],
    ])
    const end = ended(child)
    await until(async () => (await listed(lab.there, 'lasting').catch(() => [])).length === 1)
    give(await lab.source.createBucketAccessKey('lasting'))
    const lightsail = new LightsailClient(lab.source.lightsailClientOptions)
    const { accessKeyId } = first
    await lightsail.send(new DeleteBucketAccessKeyCommand({ bucketName: 'lasting', accessKeyId }))
    lightsail.destroy()
    await lab.put('lasting', 'second')
    await until(async () => (await listed(lab.there, 'lasting')).length === 2)
    await new Promise((next) => child.stderr.once('data', next))
    child.kill('SIGINT')
    assert.equal((await end).exitCode, 0)
  })
})

describe('an object that changes while it is copied', () => {
  it('is copied as it is in the end', async () => {
    await lab.here.send(new CreateBucketCommand({ Bucket: 'restless' }))
    await putParts(lab, 'restless', 'changing')
    lab.source.failNext({ operation: 'GetObject', objectKey: 'changing', delay: '1s' })
    const child = lab.begin('restless')
    const end = ended(child)
    const hasBegun = async (): Promise<boolean> =>
      (
        await lab.there
          .send(new ListMultipartUploadsCommand({ Bucket: 'restless' }))
          .catch(() => ({ Uploads: [] }))
      ).Uploads?.length === 1
    await until(hasBegun)
    await lab.put('restless', 'changing', { Body: 'the end' })
    assert.deepEqual([(await end).exitCode, await textOf(lab.there, 'restless', 'changing')], [0, 'the end'])
    const { Uploads = [] } = await lab.there.send(new ListMultipartUploadsCommand({ Bucket: 'restless' }))
    assert.deepEqual(Uploads, [])
  })
})
