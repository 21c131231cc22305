import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3'
import { ls } from './ls.ts'
import { presign } from './presign.ts'
import type { JsonRecord } from './report.ts'
import { rm } from './rm.ts'
import { ObjectOptions, type ObjectRun } from './run-context.ts'

/** Where this machine is. */
const at = new Date(2030, 0, 9, 7, 5, 3)

interface Told {
  readonly lines: string[]
  readonly records: (JsonRecord & { readonly list: string })[]
  readonly failures: string[]
  readonly lists: string[]
  readonly sent: object[]
}

/** A run of a command with these words and flags, that is answered by `answer`; what it told and sent. */
function runOf(
  words: readonly (string | undefined)[],
  flags: Readonly<Record<string, boolean | number>>,
  answer: (command: object) => object,
): { readonly run: ObjectRun; readonly told: Told } {
  const told: Told = { lines: [], records: [], failures: [], lists: [], sent: [] }
  const run = {
    words,
    options: new ObjectOptions(new Map(Object.entries(flags))),
    ...{ region: 'eu-west-1', endpoint: undefined, command: 'x' },
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' },
    client: {
      send: (command: { readonly input: object }) => {
        told.sent.push(command.input)
        return Promise.resolve(answer(command))
      },
    },
    report: {
      beginList: (name: string) => void told.lists.push(name),
      entry: (list: string, line: string, record: JsonRecord) => {
        told.lines.push(line)
        told.records.push({ list, ...record })
      },
      failure: (_list: string, message: string) => void told.failures.push(message),
    },
  } as unknown as ObjectRun
  return { run, told }
}

describe('ls', () => {
  it('shows the buckets of all pages, each with the time at which it was made', async () => {
    for (const word of [undefined, 's3://']) {
      const { run, told } = runOf([word], {}, (command) => {
        assert.ok(command instanceof ListBucketsCommand)
        return command.input.ContinuationToken === undefined
          ? { Buckets: [{ Name: 'a', CreationDate: at }], ContinuationToken: 't' }
          : { Buckets: [{ Name: 'b' }], ContinuationToken: '' }
      })
      await ls(run)
      assert.deepEqual(told.lines, ['2030-01-09 07:05:03 a', `${' '.repeat(19)} b`])
      assert.deepEqual(told.records, [
        { list: 'buckets', name: 'a', createdAt: at.toISOString() },
        { list: 'buckets', name: 'b', createdAt: undefined },
      ])
      assert.deepEqual(told.lists, ['buckets'])
      assert.deepEqual(told.sent, [{}, { ContinuationToken: 't' }])
    }
  })

  const page = {
    Contents: [
      { Key: 'p/a', Size: 5, LastModified: at },
      { Key: 'p/b', Size: 12_345_678 },
    ],
    CommonPrefixes: [{ Prefix: 'p/q/' }],
  }
  it('shows what begins with a prefix, prefixes first, with what stands behind the last slash', async () => {
    const { run, told } = runOf(['s3://mine/p/'], {}, () => page)
    await ls(run)
    assert.deepEqual(told.lines, [
      `${' '.repeat(27)}PRE q/`,
      '2030-01-09 07:05:03          5 a',
      `${' '.repeat(19)}   12345678 b`,
    ])
    assert.deepEqual(told.records, [
      { list: 'objects', bucket: 'mine', prefix: 'p/q/' },
      { list: 'objects', bucket: 'mine', key: 'p/a', sizeBytes: 5, modifiedAt: at.toISOString() },
      { list: 'objects', bucket: 'mine', key: 'p/b', sizeBytes: 12_345_678, modifiedAt: undefined },
    ])
    assert.deepEqual(told.sent, [{ Bucket: 'mine', Prefix: 'p/', EncodingType: 'url', Delimiter: '/' }])
  })

  it('shows whole keys where it goes down, and sizes for people where that is wanted', async () => {
    const { run, told } = runOf(['mine/p/'], { recursive: true, humanReadable: true }, () => ({
      Contents: page.Contents,
    }))
    await ls(run)
    assert.deepEqual(told.lines, ['2030-01-09 07:05:03        5 B p/a', `${' '.repeat(19)}   11.8 MiB p/b`])
    assert.deepEqual(told.sent, [{ Bucket: 'mine', Prefix: 'p/', EncodingType: 'url' }])
  })

  it('goes on where a page ends, and reads keys as they are encoded', async () => {
    const { run, told } = runOf(['mine'], { recursive: true }, (command) => {
      assert.ok(command instanceof ListObjectsV2Command)
      return command.input.ContinuationToken === undefined
        ? {
            EncodingType: 'url',
            Contents: [{ Key: 'a%20b+c', Size: 1 }],
            IsTruncated: true,
            NextContinuationToken: 't',
          }
        : { Contents: [{ Key: 'a%20b+c' }], IsTruncated: false, NextContinuationToken: 'u' }
    })
    await ls(run)
    assert.deepEqual(
      told.records.map(({ key, sizeBytes }) => [key, sizeBytes]),
      [
        ['a b c', 1],
        ['a%20b+c', 0],
      ],
    )
  })

  it('fails where nothing begins with what was asked for, and not for an empty bucket', async () => {
    await assert.rejects(ls(runOf(['mine/none'], {}, () => ({})).run), {
      message: 'nothing in mine begins with "none"',
    })
    await ls(runOf(['mine'], {}, () => ({})).run)
  })
})

describe('rm', () => {
  it('deletes one object, or says what it would delete', async () => {
    for (const dryrun of [false, true]) {
      const { run, told } = runOf(['s3://mine/k'], { dryrun }, (command) => {
        assert.ok(command instanceof DeleteObjectCommand)
        return {}
      })
      await rm(run)
      assert.deepEqual(told.sent, dryrun ? [] : [{ Bucket: 'mine', Key: 'k' }])
      assert.deepEqual(told.lines, [`${dryrun ? '(dryrun) ' : ''}delete: s3://mine/k`])
      assert.deepEqual(told.records, [
        { list: 'deleted', bucket: 'mine', key: 'k', ...(dryrun && { isDryRun: true }) },
      ])
      assert.deepEqual(told.lists, ['deleted'])
    }
  })

  it('deletes all below a folder, a thousand at a time, and tells what was refused', async () => {
    const keys = Array.from({ length: 1_001 }, (_, count) => `p/${count}`)
    const { run, told } = runOf(['s3://mine/p'], { recursive: true }, (command) => {
      if (command instanceof ListObjectsV2Command) return { Contents: keys.map((Key) => ({ Key })) }
      assert.ok(command instanceof DeleteObjectsCommand)
      return { Errors: [{ Key: 'p/7', Code: 'AccessDenied', Message: 'no' }] }
    })
    await rm(run)
    const [listed, ...deleted] = told.sent as [object, ...{ Delete: { Objects: object[]; Quiet: boolean } }[]]
    assert.deepEqual(listed, { Bucket: 'mine', Prefix: 'p/', EncodingType: 'url' })
    assert.deepEqual(
      deleted.map(({ Delete: { Objects: objects, Quiet: isQuiet } }) => [objects.length, isQuiet]),
      [
        [1_000, true],
        [1, true],
      ],
    )
    assert.equal(told.lines.length, 1_000)
    assert.deepEqual(told.failures, ['s3://mine/p/7 was not deleted: AccessDenied: no'])
  })

  it('of a folder deletes nothing where it only says what it would', async () => {
    const { run, told } = runOf(['s3://mine'], { recursive: true, dryrun: true }, (command) => {
      assert.ok(command instanceof ListObjectsV2Command)
      return { Contents: [{ Key: 'a' }] }
    })
    await rm(run)
    assert.deepEqual(told.lines, ['(dryrun) delete: s3://mine/a'])
  })

  it('takes no path, and no bucket alone', async () => {
    for (const [word, message] of [
      ['./a', 'expected s3://BUCKET/KEY, got ./a'],
      [
        's3://mine',
        's3://mine/ names no object; --recursive deletes all in it, "lugsail delete-bucket" the bucket',
      ],
    ] as const)
      await assert.rejects(rm(runOf([word], {}, () => assert.fail('nothing is to be sent')).run), { message })
  })
})

describe('presign', () => {
  async function presigned(word: string, more: Partial<ObjectRun> = {}, flags = {}) {
    const { run, told } = runOf([word], flags, () => assert.fail('nothing is to be sent'))
    await presign({ ...run, ...more })
    const [record] = told.records
    assert.deepEqual(told.lines, [record?.['url']])
    return { url: new URL(String(record?.['url'])), record }
  }

  it('makes a URL of the object, for an hour or as long as is asked for', async () => {
    const { url, record } = await presigned('s3://mine/a b/ä?')
    assert.deepEqual(
      [url.origin, url.pathname],
      ['https://s3.eu-west-1.amazonaws.com', '/mine/a%20b/%C3%A4%3F'],
    )
    assert.equal(url.searchParams.get('X-Amz-Expires'), '3600')
    assert.match(url.searchParams.get('X-Amz-Credential') ?? '', /^AKIA\/\d{8}\/eu-west-1\/s3\/aws4_request$/)
    assert.deepEqual(record, {
      list: 'urls',
      bucket: 'mine',
      key: 'a b/ä?',
      url: url.href,
      expiresSeconds: 3_600,
    })
    const longer = await presigned('mine/k', {}, { expiresIn: 604_800 })
    assert.equal(longer.url.searchParams.get('X-Amz-Expires'), '604800')
    for (const expiresIn of [0, 604_801])
      await assert.rejects(presigned('mine/k', {}, { expiresIn }), /--expires-in must be 1 to 604800/)
  })

  it('is of the endpoint, and of the region', async () => {
    const at = async (more: Partial<ObjectRun>) => {
      const { url } = await presigned('mine/k', more)
      return url.origin + url.pathname
    }
    assert.equal(await at({ endpoint: 'http://localhost:9400' }), 'http://localhost:9400/mine/k')
    assert.equal(await at({ endpoint: 'http://localhost:9400/base/' }), 'http://localhost:9400/base/mine/k')
    assert.equal(await at({ region: 'cn-north-1' }), 'https://s3.cn-north-1.amazonaws.com.cn/mine/k')
  })

  it('needs an object and credentials', async () => {
    await assert.rejects(presigned('s3://mine'), { message: 's3://mine names no object' })
    await assert.rejects(presigned('mine/k', { credentials: null }), {
      message: 'a URL is signed; leave out --no-sign-request',
    })
  })
})
