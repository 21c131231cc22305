import assert from 'node:assert/strict'
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { CommandLab, members } from '../../../test/command-lab.ts'
import { NO_ATTRIBUTES, streamedBody, wholeBody } from '../../../test/objects/object-world.ts'
import { createAccount } from '../../service/accounts/create-account.ts'
import { createBucket } from '../../service/buckets/create-bucket.ts'
import { getOwnBucket } from '../../service/buckets/own-bucket.ts'
import type { ServiceContext } from '../../service/context.ts'
import { blobReferenceKey, currentVersionKey } from '../../service/keyspace.ts'
import { putObject } from '../../service/objects/put-object.ts'
import { bodyOf, listIds } from '../../storage/testing/blob-fixtures.ts'
import { ConfigurationError, StartFailure } from '../configuration/errors.ts'
import { writeScrub, readScrub } from '../scrub/scrub-record.ts'
import { store } from './store.ts'

const SMALL = 'a small object'
const LARGE = 'x'.repeat(300_000)

/** Puts an object of a bucket of the account, which is made where it is not there. */
async function put(
  context: ServiceContext,
  accountId: string,
  objectKey: string,
  text: string,
): Promise<void> {
  const caller = { accountId, region: 'us-east-1' }
  const bucket = await getOwnBucket(context, caller, 'photos')
  const admission = {
    principal: { type: 'account', accountId, accessKeyId: '' } as const,
    credential: null,
    bucket,
  }
  const body = text === LARGE ? streamedBody([text], text.length) : wholeBody(text)
  await putObject(context, admission, { objectKey, body, attributes: NO_ATTRIBUTES })
}

describe('lugsail store', () => {
  const lab = new CommandLab()
  after(() => lab.dispose())
  const run = (...args: readonly string[]) => lab.run(store, ...args)
  const json = async (...args: readonly string[]) =>
    JSON.parse((await run(...args, '--output', 'json')).out) as Record<string, Record<string, unknown>>
  const operation = (): unknown => lab.audited(1)[0]?.['operation']
  let accountId = ''

  it('takes nothing that it does not understand', async () => {
    await lab.onStore(async ({ context }) => {
      const { account } = await createAccount(context, 'default')
      ;({ accountId } = account)
      await createBucket(
        context,
        { accountId, region: 'us-east-1' },
        { bucketName: 'photos', bundleId: 'small_1_0' },
      )
      await put(context, accountId, 'small', SMALL)
      await put(context, accountId, 'large', LARGE)
    })
    for (const args of [
      [],
      ['sing'],
      ['show', 'a'],
      ['backup'],
      ['backup', 'a', 'b'],
      ['restore'],
      ['copy', 'a'],
      ['copy'],
    ])
      await assert.rejects(
        run(...args),
        (error) =>
          error instanceof ConfigurationError &&
          /^expected show, usage, .*copy\n\nUsage: lugsail store/s.test(error.message),
        args.join(' '),
      )
    for (const [args, message] of [
      [['show', '--output', 'xml'], /expected text or json/],
      [['verify', '--bodies', 'guess'], /--bodies: expected read or skip, got "guess"/],
      [['sweep', '--servers', 'some'], /--servers: expected running or stopped, got "some"/],
      [['scrub', '--now', '--status'], /--now and --status: expected one of them/],
      [['backup', 'a', '--list', '--verify'], /--list and --verify are two commands/],
      [['backup', 'a', '--list', '--keep', '7d'], /--keep is for taking a backup/],
      [['backup', 'a', '--verify', '--keep', '7d'], /--keep is for taking a backup/],
      [['backup', 'a', '--keep', 'much'], /--keep: expected terms .*, got "much"/],
      [['restore', 'a', '--bucket', 'b', '--only-metadata'], /--only-metadata is for a whole store/],
      [['restore', 'a', '--metadata', 'memory:'], /a store in memory ends with this command/],
      [['show', '--colour'], /unknown option --colour/],
    ] as const)
      await assert.rejects(run(...args), message, args.join(' '))
    const { code, out } = await run('help')
    assert.deepEqual([code, /^Usage: lugsail store show/.test(out)], [0, true])
  })

  it('show tells the id, the form and the folder of the store', async () => {
    const { code, out } = await run('show')
    const shown = members(out)
    assert.deepEqual([code, shown['Format'], shown['Data folder']], [0, '2', lab.data])
    assert.match(shown['Store'] ?? '', /^[0-9a-f-]{36}$/)
    assert.deepEqual((await json('show'))['store'], {
      storeId: shown['Store'],
      format: 2,
      dataFolder: lab.data,
    })
  })

  it('usage tells what each bucket holds and what its bundle has', async () => {
    const { out } = await run('usage')
    const [headings, row] = out.split('\n')
    assert.match(
      headings ?? '',
      /^ACCOUNT +REGION +BUCKET +BUNDLE +OBJECTS +STORED +SENT THIS MONTH +RECEIVED$/,
    )
    assert.match(
      row ?? '',
      new RegExp(
        `^${accountId} +us-east-1 +photos +small_1_0 +2 +0\\.000 GB of 5 +0\\.000 GB of 25 +0\\.000 GB$`,
      ),
    )
    const [bucket] = (await json('usage'))['buckets'] as unknown as Record<string, unknown>[]
    assert.deepEqual(bucket, {
      ...{ accountId, region: 'us-east-1', bucketName: 'photos', bundleId: 'small_1_0' },
      ...{ storedBytes: SMALL.length + LARGE.length, objects: 2, sentBytes: 0, receivedBytes: 0 },
      ...{ storageBytesMax: 5 * 1024 ** 3, transferBytesMax: 25 * 1024 ** 3 },
    })
  })

  it('verify reads all, or compares sizes, and fails where something is wrong', async () => {
    const shown = members((await run('verify')).out)
    assert.deepEqual(shown, {
      Buckets: '1',
      'Objects and versions': '2',
      'Parts of uploads': '0',
      Blobs: `1 of ${LARGE.length} bytes`,
      'Bodies read': '2',
      Problems: '0',
    })
    assert.equal(((await json('verify', '--bodies', 'skip'))['report'] ?? {})['bodiesRead'], 0)
    const [blobId = ''] = await lab.onStore(async ({ context }) => {
      const ids = await listIds(context.blobs, '')
      await context.metadata.commit({ deletes: ids.map((id) => blobReferenceKey(id)) })
      return ids
    })
    const { code, out } = await run('verify')
    assert.deepEqual([code, members(out)['Problems']], [1, '2'])
    assert.match(out, new RegExp(`\\n  bucket photos, object "large", .*blob ${blobId} has no reference\\n`))
    assert.equal((await run('verify', '--output', 'json')).code, 1)
  })

  it('sweep removes what nothing refers to, mends what objects name, and is noted', async () => {
    await lab.onStore(async ({ context }) => {
      const ledger = await context.blobLedger.open()
      await context.blobs.put(ledger.newBlobId(), bodyOf(Buffer.from('orphan')))
    })
    const { code, out } = await run('sweep', '--servers', 'stopped')
    const shown = members(out)
    assert.deepEqual([code, operation()], [0, 'store sweep'])
    assert.match(shown['References made again'] ?? '', /^1: /)
    assert.match(shown['Blobs removed'] ?? '', /^1 of 2, \d+ bytes$/)
    assert.equal(shown['Removed buckets'], '0 purged')
    assert.equal(shown['Uploads that were over'], '0 finished')
    assert.ok(!('Leases that stay' in shown) && !('Blobs that stay' in shown))
    const { sweep } = await json('sweep')
    assert.deepEqual([sweep?.['blobsRemoved'], sweep?.['blobsSeen']], [0, 1])
    assert.ok(!('References made again' in members((await run('sweep')).out)))
    assert.equal((await run('verify')).code, 0)
  })

  it('scrub tells how far the reading is, and asks for one', async () => {
    assert.deepEqual(members((await run('scrub')).out), { 'Under way': 'no', 'Last full pass': 'none yet' })
    assert.deepEqual(await json('scrub', '--status'), { scrub: { isWanted: false, pass: null, last: null } })
    const { out } = await run('scrub', '--now')
    assert.equal(members(out)['Under way'], 'no; a server begins within a minute')
    assert.equal(operation(), 'store scrub')
    assert.equal((await json('scrub'))['scrub']?.['isWanted'], true)
    const at = Date.UTC(2030, 0, 1)
    const counts = { records: 1, blobs: 2, bytes: 3, damaged: 4 }
    await lab.onStore(async ({ context }) => {
      await writeScrub(context, await readScrub(context), {
        pass: { ...counts, startedAt: at + 3_000, lastKey: '', blobsOfNext: 0, offset: 0 },
        last: { ...counts, startedAt: at, finishedAt: at + 1_000 },
      })
    })
    assert.deepEqual(members((await run('scrub')).out), {
      'Under way': 'since 2030-01-01T00:00:03Z',
      'Read so far': `1 records, 2 blobs, 3 bytes; 4 damaged; about ${SMALL.length + LARGE.length} bytes of objects are stored`,
      'Last full pass': '2030-01-01T00:00:00Z to 2030-01-01T00:00:01Z',
      'Read in it': '1 records, 2 blobs, 3 bytes; 4 damaged',
    })
    const storedBytes = SMALL.length + LARGE.length
    assert.deepEqual((await json('scrub'))['scrub'], {
      isWanted: false,
      pass: { startedAt: '2030-01-01T00:00:03Z', ...counts, storedBytes },
      last: { startedAt: '2030-01-01T00:00:00Z', finishedAt: '2030-01-01T00:00:01Z', ...counts },
    })
  })

  it('compact, reseal, rewrite and migrate tell what they did, which is nothing here', async () => {
    const compacted = await run('compact')
    assert.match(members(compacted.out)['Before'] ?? '', /^\d+ bytes$/)
    assert.match(members(compacted.out)['Took'] ?? '', /^0\.\d s; writes waited for \d+ ms at its end$/)
    assert.equal(operation(), 'store compact')
    const { compaction } = await json('compact')
    assert.ok(Number(compaction?.['bytesAfter']) > 0 && Number(compaction?.['records']) > 0)
    assert.deepEqual(members((await run('reseal')).out), {
      'Access keys': '0 sealed anew',
      'Encrypted objects': '0 sealed anew',
      'Encrypted uploads': '0 sealed anew',
      Damaged: '0',
    })
    assert.equal(operation(), 'store reseal')
    assert.deepEqual(await json('reseal'), { reseal: { accessKeys: 0, objects: 0, uploads: 0, damaged: [] } })
    assert.deepEqual(members((await run('rewrite')).out), {
      Records: '0 got a checksum',
      Objects: '0 with 0 blobs got checksums',
      'Records of objects': '0 got the form of this release',
      'Parts of uploads': '0 left until they are objects',
      Damaged: '0',
      'Every record has one': 'yes',
    })
    assert.equal(operation(), 'store rewrite')
    assert.equal((await json('rewrite'))['rewrite']?.['isWhole'], true)
    assert.equal((await run('migrate')).out, 'This metadata store has no schema: nothing to do.\n')
    assert.deepEqual(await json('migrate'), { migration: null })
    assert.equal(operation(), 'store rewrite', 'what has no schema has nothing to note')
  })

  it('damaged lists what was found damaged', async () => {
    assert.equal((await run('damaged')).out, '')
    await lab.onStore(async ({ context }) => {
      const [id = ''] = await listIds(context.blobs, '')
      await context.blobs.put(id, bodyOf(Buffer.alloc(LARGE.length)))
    })
    const verified = await run('verify')
    assert.equal(verified.code, 1)
    const { out } = await run('damaged')
    assert.match(out, /^photos\/large: .*, found 2030-01-01T00:00:00\.000Z\n$/)
    const [damaged] = (await json('damaged'))['damaged'] as unknown as Record<string, unknown>[]
    assert.deepEqual(
      [damaged?.['bucketName'], damaged?.['objectKey'], damaged?.['foundAt']],
      ['photos', 'large', '2030-01-01T00:00:00.000Z'],
    )
    await lab.onStore(({ context }) => put(context, accountId, 'large', LARGE))
    assert.equal((await run('damaged')).out, '')
  })

  it('copy makes the same store elsewhere, and compares it with the source', async () => {
    const to = join(lab.root, 'copy')
    await run('sweep', '--servers', 'stopped')
    const copy = (...args: readonly string[]) => lab.runBare(store, 'copy', lab.data, to, ...args)
    const { code, out } = await copy()
    const shown = members(out)
    assert.equal(code, 0)
    assert.equal(shown['Blobs copied'], `1 of ${LARGE.length} bytes (0 were there)`)
    assert.match(shown['Compared'] ?? '', /^\d+ records, 1 blobs$/)
    assert.match(out, /The copy opens with the master key of the source/)
    assert.doesNotMatch(out, /only compared/)
    for (const data of [lab.data, to]) {
      const [line] = lab.audited(1, data)
      assert.deepEqual([line?.['operation'], line?.['details']], ['store copy', { from: lab.data, to }])
    }
    const again = await copy('--bodies', 'skip')
    assert.match(again.out, /^The target holds a copy of this store already: it was only compared\.\n/)
    assert.match(members(again.out)['Compared'] ?? '', / blobs by size$/)
    cpSync(join(lab.data, 'master.key'), join(to, 'master.key'))
    await lab.onStore(async ({ context }) => {
      const { metadata } = context
      await metadata.commit({ sets: [{ key: currentVersionKey('no-bucket', 'k'), value: Buffer.of(1) }] })
    }, to)
    const differing = await copy('--output', 'json')
    const report = JSON.parse(differing.out) as {
      compared: { differenceCount: number; differences: string[] }
    }
    assert.deepEqual([differing.code, report.compared.differenceCount], [1, 1])
    assert.match((await copy()).out, /\n {2}record .*: only in the copy\n/)
  })

  it('copy names what is no store, what is in use, and takes no settings', async () => {
    const to = join(lab.root, 'another')
    const copy = (...args: readonly string[]) => lab.runBare(store, 'copy', ...args)
    await assert.rejects(copy(lab.data, to, '--data', lab.data), /store copy takes no settings/)
    await assert.rejects(copy(join(lab.root, 'nothing'), to), /FROM: there is no store in .*nothing/)
    for (const word of ['lmdb:/a', 'lmdb:/a files:/b files:/c'])
      await assert.rejects(
        copy(word, to),
        /FROM: expected the metadata URL and the blobs URL in one quoted word/,
      )
    await assert.rejects(copy(lab.data, to, '--bodies', 'guess'), /--bodies/)
    const config = join(lab.root, 'config.json')
    writeFileSync(config, JSON.stringify({ data: lab.data }))
    const { code } = await copy(config, to)
    assert.deepEqual([code, lab.audited(1, to)[0]?.['details']], [0, { from: config, to }])
    const urls = (folder: string): string => `lmdb:${folder}/store/metadata files:${folder}/store/blobs`
    const third = join(lab.root, 'third')
    mkdirSync(third)
    assert.equal((await copy(urls(to), urls(third))).code, 0)
    assert.ok(!readdirSync(third).includes('audit.log'))
    assert.equal((await copy(lab.data, urls(third))).code, 0)
    assert.deepEqual(lab.audited(1)[0]?.['details'], { from: lab.data, to: 'lmdb: files:' })
  })

  it('copy refuses a store on which a process has a lease', async () => {
    await run('sweep', '--servers', 'stopped')
    const { metadata, blobs } = {
      metadata: join(lab.data, 'store', 'metadata'),
      blobs: join(lab.data, 'store', 'blobs'),
    }
    await lab.onStore(async ({ context }) => {
      await context.blobLedger.open()
      // Another process that shares the folder, and never ends its lease.
      context.blobLedger.close = async () => undefined
    })
    await assert.rejects(
      lab.runBare(store, 'copy', `lmdb:${metadata} files:${blobs}`, join(lab.root, 'fourth')),
      (error) =>
        error instanceof StartFailure &&
        /^FROM: 1 process\(es\) have a lease on the store/.test(error.message),
    )
    await run('sweep', '--servers', 'stopped')
  })
})
