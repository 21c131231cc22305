import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ArgumentValue } from '../../grammar/argument.ts'
import { ObjectOptions } from '../run-context.ts'
import type { Loss } from './described-object.ts'
import { compareKeys } from './key-order.ts'
import { readImportOptions } from './options.ts'
import { Slots } from './slots.ts'
import { Tally } from './tally.ts'
import { isAscii } from './with-headers.ts'

const read = (given: Readonly<Record<string, ArgumentValue>> = {}) =>
  readImportOptions(new ObjectOptions(new Map(Object.entries(given))))

describe('the options of an import', () => {
  it('are, when none is given, one whole pass over all that the source lists', () =>
    assert.deepEqual(read(), {
      buckets: undefined,
      prefix: '',
      hasVersions: true,
      hasSettings: true,
      concurrency: 16,
      followIntervalMs: undefined,
      isDeleting: false,
      isOverwriting: false,
      takesUnverified: false,
      verify: undefined,
      keysPath: undefined,
    }))

  it('are each what was typed', () => {
    assert.deepEqual(
      read({
        buckets: ['a', 'b=c'],
        prefix: 'x/',
        versions: 'current',
        noSettings: true,
        concurrency: 256,
        follow: true,
        interval: '30s',
        delete: true,
        overwrite: true,
        acceptUnverified: true,
        keys: 'keys.json',
      }),
      {
        buckets: [
          { from: 'a', to: 'a' },
          { from: 'b', to: 'c' },
        ],
        prefix: 'x/',
        hasVersions: false,
        hasSettings: false,
        concurrency: 256,
        followIntervalMs: 30_000,
        isDeleting: true,
        isOverwriting: true,
        takesUnverified: true,
        verify: undefined,
        keysPath: 'keys.json',
      },
    )
    assert.equal(read({ follow: true }).followIntervalMs, 60_000)
    assert.equal(read({ concurrency: 1 }).concurrency, 1)
    assert.equal(read({ versions: 'all' }).hasVersions, true)
    for (const verify of ['listing', 'metadata', 'content']) assert.equal(read({ verify }).verify, verify)
  })

  it('are refused where they do not go together', () => {
    for (const [given, message] of [
      [{ interval: '5m' }, /^--interval is the time between the passes of --follow$/],
      [{ verify: 'listing', follow: true }, /^--verify changes nothing: leave out --follow$/],
      [{ verify: 'content', delete: true }, /leave out --delete$/],
      [{ verify: 'metadata', overwrite: true }, /leave out --overwrite$/],
      [{ concurrency: 0 }, /^--concurrency must be 1 to 256, got 0$/],
      [{ concurrency: 257 }, /^--concurrency must be 1 to 256, got 257$/],
      [{ follow: true, interval: 'soon' }, /^--interval: expected a time as/],
      [{ buckets: ['=a'] }, /^--bucket: expected NAME or NAME=NEW_NAME, got "=a"$/],
      [{ buckets: ['a='] }, /got "a="$/],
      [{ buckets: ['a=b=c'] }, /got "a=b=c"$/],
    ] as const)
      assert.throws(() => read(given), {
        name: 'UsageError',
        message,
      })
  })
})

describe('the tally of a bucket', () => {
  it('adds what passes did, and keeps what the last one found', () => {
    const [first, second] = [new Tally(), new Tally()]
    const [tags, etag] = ['its tags', 'its ETag'] as unknown as [Loss, Loss]
    Object.assign(first, {
      copied: 1,
      copiedBytes: 2,
      markers: 3,
      removed: 4,
      gone: 5,
      unverified: 6,
      same: 7,
      failed: 8,
      onlyThere: 9,
    })
    first.lost([tags, etag, tags])
    Object.assign(second, {
      copied: 10,
      copiedBytes: 20,
      markers: 30,
      removed: 40,
      gone: 50,
      unverified: 60,
      same: 70,
      failed: 80,
      onlyThere: 90,
    })
    second.lost([etag])
    first.add(second)
    const { losses, ...counts } = first
    assert.deepEqual(counts, {
      copied: 11,
      copiedBytes: 22,
      markers: 33,
      removed: 44,
      gone: 55,
      unverified: 66,
      same: 70,
      failed: 80,
      onlyThere: 90,
    })
    assert.deepEqual(
      [...losses],
      [
        [tags, 2],
        [etag, 2],
      ],
    )
  })
})

describe('slots', () => {
  it('let so many in at once, the others in turn, and free theirs when work fails', async () => {
    const slots = new Slots(2)
    const begun: number[] = []
    const ends: ((error?: Error) => void)[] = []
    const works = [0, 1, 2, 3].map((index) =>
      slots.use(() => {
        begun.push(index)
        return new Promise<number>((resolve, reject) => {
          ends[index] = (error) => (error ? reject(error) : resolve(index))
        })
      }),
    )
    assert.deepEqual(begun, [0, 1])
    ends[1]?.(new Error('no'))
    await assert.rejects(works[1] ?? Promise.resolve(), { message: 'no' })
    assert.deepEqual(begun, [0, 1, 2])
    ends[0]?.()
    assert.equal(await works[0], 0)
    assert.deepEqual(begun, [0, 1, 2, 3])
    ends[2]?.()
    ends[3]?.()
    assert.deepEqual(await Promise.all(works.slice(2)), [2, 3])
    assert.equal(await slots.use(() => Promise.resolve('again')), 'again')
  })
})

describe('object keys and headers', () => {
  it('are in the order of their bytes, as S3 lists them', () => {
    const ordered = ['', 'A', 'a', 'aa', 'b', 'é', '\uffee', '\u{1f600}']
    for (const [at, key] of ordered.entries())
      for (const [other, than] of ordered.entries())
        assert.equal(Math.sign(compareKeys(key, than)), Math.sign(at - other), `${key} ${than}`)
  })

  it('are of ASCII alone, or not', () => {
    for (const text of ['', 'a b', '~\t!']) assert.equal(isAscii(text), true)
    for (const text of ['é', 'a\n', '\u007f', 'a\u0000']) assert.equal(isAscii(text), false)
  })
})
