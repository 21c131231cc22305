import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, before, describe, it } from 'node:test'
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  ListObjectVersionsCommand,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
  PutObjectTaggingCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import type { CompletedPart, CreateMultipartUploadCommandInput } from '@aws-sdk/client-s3'
import { LightsailClient, UpdateBucketCommand } from '@aws-sdk/client-lightsail'
import { startServer } from '../../src/testing/index.ts'
import { withHeaders } from '../../src/cli/objects/import/with-headers.ts'
import { headOf, listed, textOf, versionsOf } from './import-world.ts'
import type { ImportWorld } from './import-world.ts'

const ODD = 'a b/pl+us%41 é~/x?y#z&\u0007.txt'
const MIB = 1024 * 1024

/** An object of two parts, the first of 5 MiB. */
export async function putParts(
  lab: ImportWorld,
  bucket: string,
  key: string,
  more: Partial<CreateMultipartUploadCommandInput> = {},
): Promise<void> {
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

/** What an import does from its begin to its end, by whatever runs the command. */
export function describeImport(lab: ImportWorld): void {
  before(() => lab.start())
  after(() => lab.stop())

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

  describe('objects that were uploaded in parts', () => {
    before(() => lab.here.send(new CreateBucketCommand({ Bucket: 'parts' })))

    it('keep ETag, checksum and metadata, whatever sizes their parts have', async () => {
      await putParts(lab, 'parts', 'plain', { Metadata: { a: 'b' }, ContentType: 'video/mp4' })
      await putParts(lab, 'parts', 'summed', { ChecksumAlgorithm: 'CRC32C', ChecksumType: 'COMPOSITE' })
      const { exitCode, failures, losses } = await lab.report('parts')
      assert.deepEqual([exitCode, failures, losses], [0, [], []])
      assert.deepEqual(await listed(lab.there, 'parts'), await listed(lab.here, 'parts'))
      for (const key of ['plain', 'summed'])
        assert.deepEqual(await headOf(lab.there, 'parts', key), await headOf(lab.here, 'parts', key))
    })
  })

  describe('a source that fails', () => {
    before(() => lab.here.send(new CreateBucketCommand({ Bucket: 'shaky' })))

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
      assert.match(first.stdout, /^shaky: 1 copied \(4 B\), 0 there already, 1 failed$/m)
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
      await putParts(lab, 'odd', 'parts')
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
      const { exitCode, stderr } = await lab.lugsail('import', ...args)
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
}
