import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { memoryContext } from '../../../test/memory-context.ts'
import { readText } from '../../../test/objects/object-world.ts'
import { createAccount } from '../../service/accounts/create-account.ts'
import { getOwnBucket } from '../../service/buckets/own-bucket.ts'
import { isDomainError } from '../../service/errors/domain-error.ts'
import { listObjects } from '../../service/objects/list-objects.ts'
import { openObject } from '../../service/versions/open-object.ts'
import { InvalidInput } from './invalid-input.ts'
import { Seeder } from './seed.ts'

const root = mkdtempSync(join(tmpdir(), 'lugsail-seed-'))
after(() => rmSync(root, { recursive: true, force: true }))

async function newSeeder() {
  const context = memoryContext()
  const { account } = await createAccount(context, 'default')
  const { accountId } = account
  const caller = { accountId, region: 'us-east-1' }
  const admissionTo = async (bucketName: string) => ({
    principal: { type: 'account', accountId, accessKeyId: '' } as const,
    credential: null,
    bucket: await getOwnBucket(context, caller, bucketName),
  })
  const open = async (bucketName: string, objectKey: string) =>
    await openObject(context, await admissionTo(bucketName), { objectKey })
  return {
    seeder: new Seeder(context, caller),
    open,
    recordOf: async (bucketName: string) => (await admissionTo(bucketName)).bucket.record,
    textOf: async (bucketName: string, objectKey: string) =>
      await readText(await (await open(bucketName, objectKey)).read()),
    keysOf: async (bucketName: string) => {
      const page = await listObjects(context, await admissionTo(bucketName), { maxKeys: 100 })
      return page.objects.map(({ objectKey }) => objectKey)
    },
  }
}

describe('a seed', () => {
  it('puts objects as text, as bytes, as base64 and with what they say of themselves', async () => {
    const { seeder, open, textOf, keysOf } = await newSeeder()
    await seeder.plant({
      buckets: {
        site: {
          objects: {
            'a.txt': 'text',
            'b.bin': Buffer.from('bytes'),
            'c.bin': { bodyBase64: 'dGV4dA==' },
            'd.bin': { body: Buffer.from('more') },
            'e.json': {
              body: '{}',
              contentType: 'application/json',
              cacheControl: 'no-store',
              metadata: { author: 'me' },
              tags: { kind: 'a b', more: '' },
            },
            f: {},
          },
        },
      },
    })
    assert.deepEqual(await keysOf('site'), ['a.txt', 'b.bin', 'c.bin', 'd.bin', 'e.json', 'f'])
    assert.deepEqual(
      await Promise.all(['a.txt', 'b.bin', 'c.bin', 'd.bin', 'f'].map((key) => textOf('site', key))),
      ['text', 'bytes', 'text', 'more', ''],
    )
    const { record } = await open('site', 'e.json')
    assert.equal(record.headers['content-type'], 'application/json')
    const { record: plain } = await open('site', 'a.txt')
    assert.deepEqual(record.headers, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    assert.deepEqual(record.userMetadata, { author: 'me' })
    assert.deepEqual(
      record.tags?.map(({ key, value }) => `${key}=${value}`),
      ['kind=a b', 'more='],
    )
    assert.equal(plain.etag, '1cb251ec0d568de6a929b520c4aed8d1')
    assert.equal(plain.checksum?.algorithm, 'CRC64NVME')
  })

  it('makes buckets as they are described, once, and adds to what is there', async () => {
    const { seeder, recordOf, keysOf } = await newSeeder()
    await seeder.plant({
      buckets: { one: {}, two: { bundleId: 'medium_1_0', versioning: true, access: 'public' } },
    })
    const [one, two] = [await recordOf('one'), await recordOf('two')]
    assert.deepEqual(
      [one.bundleId, one.versioning, one.accessRules.getObject],
      ['small_1_0', 'NeverEnabled', 'private'],
    )
    assert.deepEqual(
      [two.bundleId, two.versioning, two.accessRules.getObject],
      ['medium_1_0', 'Enabled', 'public'],
    )
    await seeder.plant({
      buckets: { one: { access: 'public', objects: { a: '' } }, two: { access: 'private' } },
    })
    assert.equal((await recordOf('one')).bucketId, one.bucketId)
    assert.equal((await recordOf('one')).accessRules.getObject, 'public')
    assert.equal((await recordOf('two')).accessRules.getObject, 'private')
    assert.deepEqual(await keysOf('one'), ['a'])
    await seeder.createBucket('three', { objects: { b: '' } })
    assert.deepEqual(await keysOf('three'), ['b'])
    await assert.rejects(seeder.createBucket('three', {}), (error) => isDomainError(error, 'BucketNameTaken'))
  })

  it('that cannot be is refused with the name of what is wrong', async () => {
    const { seeder } = await newSeeder()
    const bucket = (described: unknown) => ({ buckets: { abc: described } })
    for (const [seed, message] of [
      [null, /^a seed: expected an object$/],
      [[], /^a seed: expected an object$/],
      ['text', /^a seed: expected an object$/],
      [{ bucket: {} }, /^a seed has no "bucket"; it has buckets$/],
      [{}, /^buckets: expected an object$/],
      [{ buckets: [] }, /^buckets: expected an object$/],
      [bucket(1), /^bucket "abc": expected an object$/],
      [
        bucket({ object: {} }),
        /^bucket "abc" has no "object"; it has bundleId, versioning, access, objects$/,
      ],
      [bucket({ objects: [] }), /^the objects of abc: expected an object$/],
      [bucket({ versioning: 'yes' }), /^versioning of bucket "abc": expected true or false$/],
      [bucket({ access: 'everybody' }), /^access of bucket "abc": expected public or private$/],
      [{ buckets: { A_B: {} } }, /^bucket "A_B": .*bucketName/],
      [bucket({ objects: { k: 1 } }), /^object "k" of bucket "abc": expected an object$/],
      [bucket({ objects: { k: null } }), /^object "k" of bucket "abc": expected an object$/],
      [bucket({ objects: { k: { text: '' } } }), /^object "k" of bucket "abc" has no "text"; it has body, /],
      [
        bucket({ objects: { k: { body: 1 } } }),
        /^body of object "k" of bucket "abc": expected text or bytes$/,
      ],
      [
        bucket({ objects: { k: { metadata: { a: 'm'.repeat(2048) } } } }),
        /^object "k" of bucket "abc": Your metadata headers exceed the maximum allowed metadata size\.$/,
      ],
    ] as const)
      await assert.rejects(
        seeder.plant(seed),
        (error) => error instanceof InvalidInput && message.test(error.message),
        JSON.stringify(seed),
      )
    await assert.rejects(seeder.plant({ buckets: { other: { bundleId: 'huge' } } }), (error) =>
      isDomainError(error, 'NoSuchBundle'),
    )
  })

  it('in a folder is a bucket for each folder in it, and an object for each file, of the type that its name ends with', async () => {
    const { seeder, open, textOf, keysOf } = await newSeeder()
    const folder = mkdtempSync(join(root, 'folder-'))
    mkdirSync(join(folder, 'photos', 'deep', 'er'), { recursive: true })
    mkdirSync(join(folder, 'empty'))
    writeFileSync(join(folder, '.hidden'), '')
    const types = {
      'a.css': 'text/css',
      'b.HTML': 'text/html',
      'c.json': 'application/json',
      'd.svg': 'image/svg+xml',
    }
    for (const name of Object.keys(types)) writeFileSync(join(folder, 'photos', name), name)
    writeFileSync(join(folder, 'photos', 'deep', 'er', 'x'.repeat(10)), 'y'.repeat(200_000))
    await seeder.plantFolder(folder)
    assert.deepEqual(await keysOf('photos'), [...Object.keys(types), 'deep/er/xxxxxxxxxx'])
    assert.deepEqual(await keysOf('empty'), [])
    assert.equal((await textOf('photos', 'deep/er/xxxxxxxxxx')).length, 200_000)
    for (const [name, type] of Object.entries(types)) {
      const { record } = await open('photos', name)
      assert.equal(record.headers['content-type'], type)
    }
    const { record } = await open('photos', 'deep/er/xxxxxxxxxx')
    assert.equal(record.checksum?.algorithm, 'CRC64NVME')
    writeFileSync(join(folder, 'index.html'), '')
    await assert.rejects(
      seeder.plantFolder(folder),
      /the seed's folder has the file "index\.html" beside its folders/,
    )
    await assert.rejects(seeder.plantFolder(join(folder, 'none')), (error) => {
      assert.ok(error instanceof InvalidInput)
      assert.match(error.message, /the seed's folder cannot be read: ENOENT/)
      return true
    })
  })
})
