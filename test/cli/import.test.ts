import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, describe, it } from 'node:test'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketLifecycleCommand,
  DeleteObjectCommand,
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
  PutObjectTaggingCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import type { CompletedPart, CreateMultipartUploadCommandInput } from '@aws-sdk/client-s3'
import { DeleteBucketAccessKeyCommand, LightsailClient, UpdateBucketCommand } from '@aws-sdk/client-lightsail'
import { startServer } from '../../src/testing/index.ts'
import type { TestCredentials } from '../../src/testing/types.ts'
import { withHeaders } from '../../src/cli/objects/import/with-headers.ts'
import { ended } from './object-lab.ts'
import type { Ended } from './object-lab.ts'
import { headOf, ImportLab, listed, textOf, versionsOf } from './import-lab.ts'
import type { ImportReport } from './import-lab.ts'
import { until } from '../harness/until.ts'

const lab = new ImportLab()
before(() => lab.start())
after(() => lab.stop())

const ODD = 'a b/pl+us%41 é~/x?y#z&\u0007.txt'

describe('lugsail import s3', () => {
  it('copies the objects of a bucket with all that is said of them', async () => {
    await lab.here.send(new CreateBucketCommand({ Bucket: 'photos' }))
    await lab.put('photos', ODD, {
      ContentType: 'text/plain; charset=utf-8',
      CacheControl: 'max-age=60',
      ContentEncoding: 'gzip',
      ContentLanguage: 'de',
      Expires: new Date('2031-01-01T00:00:00Z'),
      Metadata: { plain: 'text', odd: '=?UTF-8?B?w6k=?=', spaced: 'a  b' },
      Tagging: 'one=1&t%2Bo=%C3%A9%20',
      ChecksumAlgorithm: 'SHA256',
    })
    await lab.put('photos', 'empty', { Body: '' })
    const disposition = 'attachment; filename="\u00c3\u00a9.txt"'
    await lab.here.send(
      withHeaders(new PutObjectCommand({ Bucket: 'photos', Key: 'bytes' }), {
        'content-disposition': disposition,
      }),
    )
    const { exitCode, stderr, failures, buckets } = await lab.report('photos')
    assert.deepEqual([exitCode, stderr, failures], [0, '', []])
    assert.deepEqual(buckets[0]?.['copied'], 3)
    assert.deepEqual(await listed(lab.there, 'photos'), await listed(lab.here, 'photos'))
    assert.equal(await textOf(lab.there, 'photos', ODD), ODD)
    assert.deepEqual(await headOf(lab.there, 'photos', ODD), await headOf(lab.here, 'photos', ODD))
    assert.equal((await headOf(lab.there, 'photos', 'bytes')).ContentDisposition, disposition)
  })

  it('finds what is there already, and copies what is new', async () => {
    await lab.put('photos', 'new')
    const { exitCode, buckets } = await lab.report('photos')
    assert.deepEqual([exitCode, buckets[0]?.['copied'], buckets[0]?.['same']], [0, 1, 3])
  })
})

const MIB = 1024 * 1024

/** An object of two parts, the first of 5 MiB. */
async function putParts(bucket: string, key: string, more: Partial<CreateMultipartUploadCommandInput> = {}) {
  const place = { Bucket: bucket, Key: key }
  const { UploadId } = await lab.here.send(new CreateMultipartUploadCommand({ ...place, ...more }))
  const parts: CompletedPart[] = []
  for (const [index, size] of [5 * MIB, 1_000].entries()) {
    const PartNumber = index + 1
    const { ETag, ChecksumCRC32C } = await lab.here.send(
      new UploadPartCommand({
        ...place,
        UploadId,
        PartNumber,
        Body: randomBytes(size),
        ...(more.ChecksumAlgorithm === undefined ? {} : { ChecksumAlgorithm: more.ChecksumAlgorithm }),
      }),
    )
    parts.push({ ETag, PartNumber, ChecksumCRC32C })
  }
  await lab.here.send(
    new CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload: { Parts: parts } }),
  )
}

describe('objects that were uploaded in parts', () => {
  before(() => lab.here.send(new CreateBucketCommand({ Bucket: 'parts' })))

  it('keep ETag, checksum and metadata, whatever sizes their parts have', async () => {
    await putParts('parts', 'plain', { Metadata: { a: 'b' }, ContentType: 'video/mp4' })
    await putParts('parts', 'summed', { ChecksumAlgorithm: 'CRC32C', ChecksumType: 'COMPOSITE' })
    const { exitCode, failures, losses } = await lab.report('parts')
    assert.deepEqual([exitCode, failures, losses], [0, [], []])
    assert.deepEqual(await listed(lab.there, 'parts'), await listed(lab.here, 'parts'))
    for (const key of ['plain', 'summed'])
      assert.deepEqual(await headOf(lab.there, 'parts', key), await headOf(lab.here, 'parts', key))
  })

  it('survive faults of either store', async () => {
    await putParts('parts', 'again')
    for (const code of ['SlowDown', 'CutBody', 'InternalError'])
      lab.source.failNext({ operation: 'GetObject', objectKey: 'again', code })
    const { exitCode, failures } = await lab.report('parts')
    assert.deepEqual([exitCode, failures], [0, []])
    assert.deepEqual(await listed(lab.there, 'parts'), await listed(lab.here, 'parts'))
  })
})

describe('a source that fails', () => {
  before(() => lab.here.send(new CreateBucketCommand({ Bucket: 'shaky' })))

  it('now and then is asked again, and damaged bytes are never stored', async () => {
    await lab.put('shaky', 'small')
    await lab.put('shaky', 'large', { Body: randomBytes(3 * MIB) })
    for (const objectKey of ['small', 'large'])
      for (const code of ['WrongChecksum', 'CutBody', 'CutConnection', 'SlowDown'])
        lab.source.failNext({ operation: 'GetObject', objectKey, code })
    lab.source.failNext({ operation: 'ListObjects', code: 'ServiceUnavailable' })
    const { exitCode, failures, buckets } = await lab.report('shaky')
    assert.deepEqual([exitCode, failures, buckets[0]?.['copied']], [0, [], 2])
    assert.deepEqual(await listed(lab.there, 'shaky'), await listed(lab.here, 'shaky'))
  })

  it('for good names the object, and the next run picks it up', async () => {
    await lab.put('shaky', 'bad\u001b[31m')
    await lab.put('shaky', 'good')
    lab.source.failNext({ operation: 'GetObject', objectKey: 'bad\u001b[31m', code: 'AccessDenied' })
    const first = await lab.run('shaky')
    assert.equal(first.exitCode, 1)
    assert.match(
      first.stderr,
      /^lugsail import: s3:\/\/shaky\/bad\\u001b\[31m: source: these credentials may not .*AccessDenied.*\n$/,
    )
    assert.match(first.stdout, /^shaky: 1 copied \(4 B\), 2 there already, 1 failed$/m)
    const second = await lab.report('shaky')
    assert.deepEqual([second.exitCode, second.buckets[0]?.['copied']], [0, 1])
  })
})

describe('versions', () => {
  before(async () => {
    await lab.here.send(new CreateBucketCommand({ Bucket: 'versions' }))
    await lab.here.send(
      new PutBucketVersioningCommand({
        Bucket: 'versions',
        VersioningConfiguration: { Status: 'Enabled' },
      }),
    )
    for (const body of ['one', 'two', 'two', 'three']) await lab.put('versions', 'changed', { Body: body })
    await lab.put('versions', 'deleted')
    await lab.here.send(new DeleteObjectCommand({ Bucket: 'versions', Key: 'deleted' }))
    await lab.put('versions', 'deleted', { Body: 'again' })
    await lab.here.send(new DeleteObjectCommand({ Bucket: 'versions', Key: 'deleted' }))
  })

  const areAlike = async (): Promise<void> => {
    for (const key of ['changed', 'deleted'])
      assert.deepEqual(
        await versionsOf(lab.there, 'versions', key),
        await versionsOf(lab.here, 'versions', key),
      )
  }

  it('come along in their order, with delete markers', async () => {
    const { exitCode, failures, settings, buckets } = await lab.report('versions')
    assert.deepEqual([exitCode, failures], [0, []])
    assert.deepEqual(settings, [{ bucket: 'versions', setting: 'versioning', outcome: 'copied' }])
    assert.deepEqual([buckets[0]?.['copied'], buckets[0]?.['deleteMarkers']], [6, 2])
    await areAlike()
  })

  it('are not copied twice, and later ones come on top', async () => {
    await lab.put('versions', 'changed', { Body: 'four' })
    const { exitCode, buckets } = await lab.report('versions')
    assert.deepEqual([exitCode, buckets[0]?.['copied'], buckets[0]?.['same']], [0, 1, 8])
    await areAlike()
  })

  it('stay behind where only what is current is wanted', async () => {
    const { buckets } = await lab.report('versions=current', '--versions', 'current')
    assert.equal(buckets[0]?.['copied'], 1)
    assert.equal(await textOf(lab.there, 'current', 'changed'), 'four')
    assert.equal(
      (await lab.there.send(new GetBucketVersioningCommand({ Bucket: 'current' }))).Status,
      'Enabled',
    )
  })

  it('that the source deletes from their midst are no hindrance, and go with --delete', async () => {
    for (const Body of ['one', 'two', 'three']) await lab.put('versions', 'thinned', { Body })
    await lab.report('versions')
    const { Versions = [] } = await lab.here.send(
      new ListObjectVersionsCommand({ Bucket: 'versions', Prefix: 'thinned' }),
    )
    const VersionId = Versions[1]?.VersionId ?? ''
    await lab.here.send(new DeleteObjectCommand({ Bucket: 'versions', Key: 'thinned', VersionId }))
    const kept = await lab.report('versions')
    assert.deepEqual(
      [kept.exitCode, kept.buckets[0]?.['copied'], kept.buckets[0]?.['onlyAtDestination']],
      [0, 0, 1],
    )
    await lab.put('versions', 'thinned', { Body: 'four' })
    const removed = await lab.report('versions', '--delete')
    assert.deepEqual([removed.exitCode, removed.buckets[0]?.['copied']], [0, 1])
    assert.deepEqual(
      await versionsOf(lab.there, 'versions', 'thinned'),
      await versionsOf(lab.here, 'versions', 'thinned'),
    )
  })

  it('are told where the destination alone has deleted the object, and come back with --delete', async () => {
    await lab.put('versions', 'deleted there')
    await lab.report('versions')
    await lab.there.send(new DeleteObjectCommand({ Bucket: 'versions', Key: 'deleted there' }))
    const told = await lab.report('versions')
    assert.equal(told.exitCode, 1)
    assert.match(told.failures[0]?.error ?? '', /deleted at the destination; --delete/)
    const compared = await lab.report('versions', '--verify', 'listing')
    assert.equal(compared.exitCode, 1)
    assert.match(compared.failures[0]?.error ?? '', /newer versions at the destination/)
    assert.equal((await lab.report('versions', '--delete')).exitCode, 0)
    assert.equal(await textOf(lab.there, 'versions', 'deleted there'), 'deleted there')
  })

  it('are compared both ways: what only the destination has is a difference', async () => {
    assert.equal((await lab.report('versions', '--verify', 'listing')).exitCode, 0)
    await lab.there.send(new PutObjectCommand({ Bucket: 'versions', Key: 'only there', Body: 'x' }))
    const { exitCode, failures } = await lab.report('versions', '--verify', 'listing')
    assert.deepEqual(
      [exitCode, failures.map(({ key, error }) => [key, error])],
      [1, [['only there', 's3://versions/only there: is not at the source']]],
    )
  })
})

describe('locked versions', () => {
  it('are locked at the destination, by the bucket and each by itself', async () => {
    const until = new Date('2040-01-01T00:00:00Z')
    const rule = { DefaultRetention: { Mode: 'GOVERNANCE', Days: 3 } } as const
    await lab.here.send(new CreateBucketCommand({ Bucket: 'locked', ObjectLockEnabledForBucket: true }))
    await lab.put('locked', 'retained', { ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: until })
    await lab.put('locked', 'held', { ObjectLockLegalHoldStatus: 'ON' })
    await lab.put('locked', 'free')
    await lab.here.send(
      new PutObjectLockConfigurationCommand({
        Bucket: 'locked',
        ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: rule },
      }),
    )
    const { exitCode, failures } = await lab.report('locked')
    assert.deepEqual([exitCode, failures], [0, []])
    const heads = await Promise.all(
      ['retained', 'held', 'free'].map((key) => headOf(lab.there, 'locked', key)),
    )
    assert.deepEqual(
      heads.map((head) => [
        head.ObjectLockMode,
        head.ObjectLockRetainUntilDate?.toISOString(),
        head.ObjectLockLegalHoldStatus,
      ]),
      [
        ['GOVERNANCE', until.toISOString(), undefined],
        [undefined, undefined, 'ON'],
        [undefined, undefined, undefined],
      ],
    )
    const { ObjectLockConfiguration } = await lab.there.send(
      new GetObjectLockConfigurationCommand({ Bucket: 'locked' }),
    )
    assert.deepEqual(ObjectLockConfiguration?.Rule, rule)
  })
})

describe('settings of a bucket', () => {
  it('come along, and what does not is told with its reason', async () => {
    const Bucket = 'settings'
    await lab.here.send(new CreateBucketCommand({ Bucket }))
    const policy = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:DeleteObject',
          Resource: 'arn:aws:s3:::settings/kept/*',
        },
      ],
    }
    await lab.here.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(policy) }))
    await lab.here.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket,
        LifecycleConfiguration: {
          Rules: [{ ID: 'old', Status: 'Enabled', Filter: { Prefix: 'logs/' }, Expiration: { Days: 30 } }],
        },
      }),
    )
    await lab.here.send(
      new PutBucketCorsCommand({
        Bucket,
        CORSConfiguration: {
          CORSRules: [{ AllowedMethods: ['GET'], AllowedOrigins: ['https://a.example'] }],
        },
      }),
    )
    await lab.here.send(
      new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: 'team', Value: 'red' }] } }),
    )
    const { exitCode, settings } = await lab.report('settings')
    assert.deepEqual(
      [exitCode, settings.map(({ setting, outcome }) => `${setting}: ${outcome}`)],
      [0, ['lifecycle: copied', 'CORS: copied', 'tags: copied', 'policy: copied']],
    )
    const there = { Bucket }
    const [rules, cors, tags, text] = await Promise.all([
      lab.there.send(new GetBucketLifecycleConfigurationCommand(there)),
      lab.there.send(new GetBucketCorsCommand(there)),
      lab.there.send(new GetBucketTaggingCommand(there)),
      lab.there.send(new GetBucketPolicyCommand(there)),
    ])
    assert.equal(rules.Rules?.[0]?.ID, 'old')
    assert.deepEqual(cors.CORSRules?.[0]?.AllowedOrigins, ['https://a.example'])
    assert.deepEqual(tags.TagSet, [{ Key: 'team', Value: 'red' }])
    assert.deepEqual(JSON.parse(text.Policy ?? ''), policy)
    const renamed = await lab.report('settings=other')
    assert.equal(renamed.exitCode, 2)
    assert.match(
      renamed.settings.find(({ setting }) => setting === 'policy')?.why ?? '',
      /^destination: .*MalformedPolicy/,
    )
  })
})

describe('tags that the key of the source may not read', () => {
  it('are told as lost, and do not take away those that came along before', async () => {
    const Bucket = 'hidden'
    await lab.here.send(new CreateBucketCommand({ Bucket }))
    await lab.put(Bucket, 'before', { Tagging: 'a=1' })
    assert.deepEqual((await lab.report(Bucket)).losses, [])
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:GetObjectTagging',
        Resource: 'arn:aws:s3:::hidden/*',
      },
    })
    await lab.here.send(new PutBucketPolicyCommand({ Bucket, Policy }))
    await lab.put(Bucket, 'tagged', { Tagging: 'a=1' })
    await lab.put(Bucket, 'in parts', { Body: randomBytes(2 * MIB) })
    const { exitCode, failures, losses } = await lab.report(Bucket, '--no-settings')
    assert.deepEqual([exitCode, failures], [0, []])
    assert.deepEqual(
      losses.map(({ what, count }) => [/^its tags, .*may not read/.test(what), count]),
      [[true, 2]],
    )
    assert.equal((await headOf(lab.there, Bucket, 'before')).TagCount, 1)
    assert.equal((await lab.report(Bucket, '--verify', 'metadata')).exitCode, 0)
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
      return end
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

describe('objects that everybody may read by their own ACL', () => {
  it('are told, and stay closed at the destination', async () => {
    const bucketName = 'opened-by-acl'
    const lightsail = new LightsailClient(lab.source.lightsailClientOptions)
    await lab.source.createBucket(bucketName)
    const accessRules = { getObject: 'private', allowPublicOverrides: true } as const
    await lightsail.send(new UpdateBucketCommand({ bucketName, accessRules }))
    lightsail.destroy()
    await lab.put(bucketName, 'closed')
    assert.deepEqual((await lab.report(bucketName)).settings, [])
    await lab.put(bucketName, 'an open one', { ACL: 'public-read' })
    const { exitCode, settings } = await lab.report(bucketName)
    assert.deepEqual(
      [exitCode, settings.map(({ setting, outcome }) => `${setting}: ${outcome}`)],
      [2, ['ACLs of objects: not copied']],
    )
    assert.equal((await fetch(`${lab.source.endpoint}/${bucketName}/an%20open%20one`)).status, 200)
    assert.equal((await fetch(`${lab.target.endpoint}/${bucketName}/an%20open%20one`)).status, 403)
  })
})

describe('what both sides have', () => {
  before(() => lab.here.send(new CreateBucketCommand({ Bucket: 'both' })))

  it('is left alone where the destination has the newer one, unless it is to be overwritten', async () => {
    const old = await startServer({
      credentials: lab.source.credentials,
      seed: { buckets: { both: { objects: { mine: 'the source' } } } },
    })
    await old.clock.advance('1h')
    await lab.report('both')
    await lab.there.send(new PutObjectCommand({ Bucket: 'both', Key: 'mine', Body: 'the destination' }))
    const refused = await lab.report('both', '--from', old.endpoint)
    assert.equal(refused.exitCode, 1)
    assert.match(refused.failures[0]?.error ?? '', /which is newer; --overwrite/)
    assert.equal(await textOf(lab.there, 'both', 'mine'), 'the destination')
    assert.equal((await lab.report('both', '--from', old.endpoint, '--overwrite')).exitCode, 0)
    assert.equal(await textOf(lab.there, 'both', 'mine'), 'the source')
    await old.close()
  })

  it('is copied again when only what is said of it has changed', async () => {
    await lab.put('both', 'said', { ContentType: 'text/plain' })
    await lab.report('both')
    await lab.put('both', 'said', { ContentType: 'text/html' })
    await lab.report('both')
    assert.equal((await headOf(lab.there, 'both', 'said')).ContentType, 'text/html')
    await lab.here.send(
      new PutObjectTaggingCommand({
        Bucket: 'both',
        Key: 'said',
        Tagging: { TagSet: [{ Key: 'a', Value: 'b' }] },
      }),
    )
    await lab.report('both')
    assert.equal((await headOf(lab.there, 'both', 'said')).TagCount, 1)
  })

  it('stays when the source deletes it, and goes where that is asked for', async () => {
    await lab.put('both', 'going')
    await lab.report('both')
    await lab.here.send(new DeleteObjectCommand({ Bucket: 'both', Key: 'going' }))
    const kept = await lab.report('both')
    assert.deepEqual([kept.exitCode, kept.buckets[0]?.['onlyAtDestination']], [0, 2])
    assert.equal((await lab.report('both', '--delete')).buckets[0]?.['removed'], 2)
    assert.deepEqual(await listed(lab.there, 'both'), await listed(lab.here, 'both'))
  })

  it('is not emptied after a source that has nothing', async () => {
    await lab.here.send(new CreateBucketCommand({ Bucket: 'nothing' }))
    const { exitCode, failures } = await lab.report('nothing=both', '--delete')
    assert.equal(exitCode, 1)
    assert.match(failures[0]?.error ?? '', /^bucket nothing: it has nothing, and --delete would empty/)
    assert.notEqual((await listed(lab.there, 'both')).length, 0)
  })

  it('is compared by listings, by what is said of it, and byte by byte', async () => {
    assert.equal((await lab.run('both', '--verify', 'content')).exitCode, 0)
    await lab.there.send(
      new PutObjectCommand({ Bucket: 'both', Key: 'said', Body: 'said', ContentType: 'text/csv' }),
    )
    assert.equal((await lab.run('both', '--verify')).exitCode, 0)
    const { exitCode, failures } = await lab.report('both', '--verify=metadata')
    assert.deepEqual(
      [exitCode, failures.map(({ key, error }) => [key, error.replace(/^.*: /, '')])],
      [1, [['said', 'what is said is another thing at the destination']]],
    )
    await lab.put('both', 'missing')
    assert.match(
      (await lab.run('both', '--verify')).stderr,
      /s3:\/\/both\/missing: is not at the destination\n/,
    )
    assert.equal((await lab.run('unknown', '--verify')).exitCode, 1)
  })
})

describe('an import that is cut short', () => {
  const count = 60
  before(async () => {
    await lab.here.send(new CreateBucketCommand({ Bucket: 'cut' }))
    await Promise.all(Array.from({ length: count }, (_, index) => lab.put('cut', `object-${index}`)))
    await putParts('cut', 'a-large-one')
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
    await putParts('cut', 'a-large-one')
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
    await putParts('cut', 'a-large-one')
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
    await putParts('restless', 'changing')
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

describe('a store with ways of its own', () => {
  /** The source, with other ETags but for objects of parts, whose parts it does not give. */
  const startOdd = async (): Promise<{ readonly url: string; readonly close: () => void }> => {
    const port = Number(new URL(lab.source.endpoint).port)
    const other = (text: string): string =>
      text.replace(/[0-9a-f]{32}(?![0-9a-f-])/g, (etag) => etag.split('').reverse().join(''))
    const server = createServer((asked, answer) => {
      if (asked.url?.includes('partNumber=') === true) {
        answer.writeHead(501).end()
        return
      }
      asked.pipe(
        request({ port, method: asked.method, path: asked.url, headers: asked.headers }, (response) => {
          const { etag } = response.headers
          const isXml = response.headers['content-type'] === 'application/xml'
          const told = { ...response.headers, ...(etag === undefined ? {} : { etag: other(etag) }) }
          const isTold = ([name]: readonly [string, unknown]): boolean => !name.startsWith('x-amz-checksum')
          answer.writeHead(
            response.statusCode ?? 500,
            Object.fromEntries(Object.entries(told).filter(isTold)),
          )
          if (!isXml) response.pipe(answer)
          else void text(response).then((body) => answer.end(other(body)))
        }),
      )
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const { port: own } = server.address() as AddressInfo
    return { url: `http://127.0.0.1:${own}`, close: () => server.close() }
  }

  it('is believed where that is wanted, and its ETags are remembered', async () => {
    await lab.here.send(new CreateBucketCommand({ Bucket: 'odd' }))
    await lab.put('odd', 'small')
    await lab.put('odd', 'large', { Body: randomBytes(2 * MIB) })
    await putParts('odd', 'parts')
    const odd = await startOdd()
    const refused = await lab.report('odd', '--from', odd.url)
    assert.equal(refused.exitCode, 1)
    assert.deepEqual(
      refused.failures.map(({ key, error }) => [key, /--accept-unverified/.test(error) || error]).sort(),
      [
        ['large', true],
        ['small', true],
      ],
    )
    const { exitCode, losses, buckets } = await lab.report('odd', '--from', odd.url, '--accept-unverified')
    assert.deepEqual([exitCode, buckets[0]?.['copied'], buckets[0]?.['same']], [0, 2, 1])
    assert.deepEqual(
      losses.map(({ what, count }) => `${count} ${what}`),
      ['2 its ETag, since that is no MD5 at the source'],
    )
    for (const key of ['small', 'large', 'parts'])
      assert.match(
        (await headOf(lab.there, 'odd', key)).Metadata?.['lugsail-source-etag'] ?? '',
        /^[0-9a-f]{32}/,
      )
    const again = await lab.report('odd', '--from', odd.url)
    assert.deepEqual([again.exitCode, again.buckets[0]?.['same']], [0, 3])
    odd.close()
  })
})

describe('a command line', () => {
  const misuse = async (...args: readonly string[]): Promise<string> => {
    const child = lab.spawn(['import', ...args])
    child.stdin.end()
    const { exitCode, stderr } = await ended(child)
    assert.equal(exitCode, 2)
    return stderr
  }

  it('that says too little or what cannot be is told so, before anything is done', async () => {
    assert.match(await misuse(), /expected s3/)
    assert.match(await misuse('gcs'), /expected s3, got "gcs"/)
    assert.match(await misuse('s3', '--from', lab.source.endpoint), /LUGSAIL_FROM_ACCESS_KEY_ID/)
    assert.match(await misuse('s3', '--profile', 'old'), /expected --from URL/)
    const from = ['s3', '--from', lab.source.endpoint, '--profile', 'old']
    assert.match(await misuse(...from, '--verify', '--delete'), /--verify changes nothing/)
    assert.match(await misuse(...from, '--interval', '5m'), /--follow/)
    assert.match(await misuse(...from, '--bucket', 'a=b=c'), /expected NAME or NAME=NEW_NAME/)
    assert.match(await misuse(...from, '--bucket', 'a=c', '--bucket', 'b=c'), /two buckets would become c/)
    const itself = ['s3', '--from', lab.target.endpoint, '--profile', 'old', '--bucket', 'photos']
    assert.match(await misuse(...itself), /would be imported into itself/)
  })
})
