import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { abortableBody } from './abortable-body.ts'
import { assertBlobId, assertSize, isBlobId, readableRange } from './blob-id.ts'
import { assertChange } from './change-limits.ts'
import { describeDiskCode, diskCodeOf, errorName, isFull, tryDisk } from './disk-failure.ts'
import { KEY_BYTES_MAX, VALUE_BYTES_ADDED_MAX, VALUE_BYTES_MAX, type Change } from './metadata-store.ts'
import { decodePart, UrlParameters } from './url-parameters.ts'
import { measure } from './wrap/measure.ts'

describe('the id of a blob', () => {
  it('has 1 to 200 characters of a-z, 0-9, - and ., which does not come first', () => {
    for (const id of ['a', 'z', '0', '9', '-', 'a.', 'a.b-c0', 'a'.repeat(200)]) {
      assert.doesNotThrow(() => assertBlobId(id), id)
      assert.ok(isBlobId(id), id)
    }
    for (const id of ['', '.', '.a', 'A', 'a_', 'a/b', 'a b', 'ä', '`', '{', '/', ':', 'a'.repeat(201)]) {
      assert.throws(() => assertBlobId(id), RangeError, id)
      assert.ok(!isBlobId(id), id)
    }
    assert.throws(() => assertBlobId('a'.repeat(201)), /got 201/)
  })

  it('has bytes of the size that was told before, where one was', () => {
    assert.doesNotThrow(() => assertSize('a', undefined, 5))
    assert.doesNotThrow(() => assertSize('a', 5, 5))
    assert.throws(() => assertSize('a', 5, 4), /must have 5 bytes, got 4/)
    assert.throws(() => assertSize('a', 0, 1), RangeError)
  })

  it('has ranges that lie inside its blob, or end with it where they may', () => {
    assert.deepEqual(readableRange('a', undefined, 10), { start: 0, end: 9 })
    assert.deepEqual(readableRange('a', undefined, 0), { start: 0, end: -1 })
    assert.deepEqual(readableRange('a', { start: 0, end: 9 }, 10), { start: 0, end: 9 })
    assert.deepEqual(readableRange('a', { start: 9, end: 9 }, 10), { start: 9, end: 9 })
    assert.deepEqual(readableRange('a', { start: 3, end: 99 }, 10, { endsWithBlob: true }), {
      start: 3,
      end: 9,
    })
    assert.deepEqual(readableRange('a', { start: 3, end: 4 }, 10, { endsWithBlob: true }), {
      start: 3,
      end: 4,
    })
    for (const [start, end, endsWithBlob] of [
      [0, 10, false],
      [5, 4, false],
      [-1, 4, false],
      [10, 10, false],
      [10, 20, true],
    ] as const)
      assert.throws(
        () => readableRange('a', { start, end }, 10, { endsWithBlob }),
        RangeError,
        `${start}-${end}`,
      )
  })
})

describe('a change', () => {
  const key = (text: string): Buffer => Buffer.from(text)
  const longest = Buffer.alloc(KEY_BYTES_MAX, 'k')
  const value = Buffer.of(1)

  it('names keys of 1 byte to the most, none of which begins with 0xff', () => {
    const naming = (named: Buffer): Change[] => [
      { checks: [{ key: named, version: null }] },
      { sets: [{ key: named, value }] },
      { deletes: [named] },
      { adds: [{ key: named, amounts: [1] }] },
    ]
    for (const named of [key('k'), longest, Buffer.of(0xfe), Buffer.of(1, 0xff)])
      for (const change of naming(named)) assert.doesNotThrow(() => assertChange(change))
    for (const named of [
      Buffer.alloc(0),
      Buffer.concat([longest, value]),
      Buffer.of(0xff),
      Buffer.of(0xff, 1),
    ])
      for (const change of naming(named)) assert.throws(() => assertChange(change), RangeError)
  })

  it('writes each key once, in one way, and may check those that it writes', () => {
    const a = key('a')
    for (const change of [
      {
        sets: [
          { key: a, value },
          { key: key('a'), value },
        ],
      },
      { sets: [{ key: a, value }], deletes: [key('a')] },
      { deletes: [a, key('a')] },
      { sets: [{ key: a, value }], adds: [{ key: key('a'), amounts: [1] }] },
    ])
      assert.throws(() => assertChange(change), /a key must occur once/)
    assert.doesNotThrow(() =>
      assertChange({
        checks: [{ key: a, version: 1 }],
        sets: [{ key: a, value }],
        deletes: [key('b')],
        adds: [{ key: key('c'), amounts: [] }],
      }),
    )
    assert.doesNotThrow(() => assertChange({}))
  })

  it('has values up to the most that an engine keeps, and whole amounts', () => {
    const most = Buffer.alloc(VALUE_BYTES_MAX + VALUE_BYTES_ADDED_MAX)
    assert.doesNotThrow(() => assertChange({ sets: [{ key: key('a'), value: most }] }))
    assert.throws(
      () => assertChange({ sets: [{ key: key('a'), value: Buffer.concat([most, value]) }] }),
      /value must be at most \d+ bytes/,
    )
    for (const amount of [0, -1, Number.MAX_SAFE_INTEGER])
      assert.doesNotThrow(() => assertChange({ adds: [{ key: key('a'), amounts: [1, amount] }] }))
    for (const amount of [0.5, NaN, Infinity, Number.MAX_SAFE_INTEGER + 1])
      assert.throws(() => assertChange({ adds: [{ key: key('a'), amounts: [1, amount] }] }), /safe integer/)
  })
})

describe('the parameters of an engine’s URL', () => {
  it('are those that are known, each once', () => {
    const parameters = new UrlParameters('a=1&b=', ['a', 'b', 'c'])
    assert.deepEqual([parameters.get('a'), parameters.get('b'), parameters.get('c')], ['1', '', null])
    assert.throws(() => new UrlParameters('d=1', ['a', 'b']), /parameter d is not known; known are a, b/)
    assert.throws(() => new UrlParameters('a=1&a=1', ['a']), /parameter a is given twice/)
  })

  it('are flags and whole numbers within bounds', () => {
    const parameters = new UrlParameters('yes=true&no=false&bad=1&low=2&high=5&word=x&half=2.5&empty=', [
      ...['yes', 'no', 'bad', 'low', 'high', 'word', 'half', 'empty', 'none'],
    ])
    assert.deepEqual(
      [
        parameters.flag('yes', false),
        parameters.flag('no', true),
        parameters.flag('none', true),
        parameters.flag('none', false),
      ],
      [true, false, true, false],
    )
    assert.throws(() => parameters.flag('bad', true), /parameter bad must be true or false, got "1"/)
    const bounds = { default: 3, min: 2, max: 5 }
    assert.deepEqual(
      ['low', 'high', 'none'].map((name) => parameters.wholeNumber(name, bounds)),
      [2, 5, 3],
    )
    for (const [name, min, max] of [
      ['low', 3, 5],
      ['high', 2, 4],
      ['word', 0, 9],
      ['half', 0, 9],
      ['empty', 0, 9],
    ] as const)
      assert.throws(
        () => parameters.wholeNumber(name, { default: 1, min, max }),
        new RegExp(`parameter ${name} must be a whole number from ${min} to ${max}`),
      )
  })

  it('are percent-encoded, and never shown where they are not', () => {
    assert.equal(decodePart('a%2Fb', 'name'), 'a/b')
    assert.throws(
      () => decodePart('s3cr3t%', 'password'),
      (error) =>
        error instanceof RangeError &&
        /^the password in the URL/.test(error.message) &&
        !error.message.includes('s3cr3t'),
    )
  })
})

describe('a body that may be aborted', () => {
  /** A body of endless pieces that says whether it was told to stop; `hangsAt`: the piece that never comes. */
  function endless(hangsAt = Infinity) {
    const seen = { given: 0, isStopped: false }
    const body: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({
        next: () =>
          seen.given >= hangsAt
            ? new Promise(() => undefined)
            : Promise.resolve({ done: false, value: Buffer.of(seen.given++) }),
        return: () => {
          seen.isStopped = true
          return Promise.resolve({ done: true, value: undefined })
        },
      }),
    }
    return { seen, body }
  }
  const bodyOf = async function* (...pieces: readonly string[]): AsyncGenerator<Uint8Array> {
    for (const piece of pieces) yield Buffer.from(piece)
  }
  const read = async (body: AsyncIterable<Uint8Array>): Promise<string> => {
    let text = ''
    for await (const piece of body) text += Buffer.from(piece).toString()
    return text
  }

  it('comes whole where nobody aborts it, with or without a signal', async () => {
    assert.equal(await read(abortableBody(bodyOf('a', 'b'), undefined)), 'ab')
    assert.equal(await read(abortableBody(bodyOf('a', 'b'), new AbortController().signal)), 'ab')
  })

  it('ends with the reason of the signal at once, also where it hangs, and is told to stop', async () => {
    for (const hangsAt of [Infinity, 3]) {
      const aborting = new AbortController()
      const { seen, body } = endless(hangsAt)
      const reading = (async () => {
        for await (const piece of abortableBody(body, aborting.signal)) {
          if (piece[0] === 2) setImmediate(() => aborting.abort(new Error('no longer wanted')))
          await new Promise((resolve) => setImmediate(resolve))
        }
      })()
      await assert.rejects(reading, /no longer wanted/)
      assert.ok(seen.isStopped)
    }
    const { seen, body } = endless()
    await assert.rejects(read(abortableBody(body, AbortSignal.abort(new Error('before')))), /before/)
    assert.deepEqual(seen, { given: 0, isStopped: true })
  })

  it('is told to stop when its reader stops, and fails with its own error', async () => {
    const { seen, body } = endless()
    for await (const piece of abortableBody(body, new AbortController().signal)) if (piece[0] === 1) break
    assert.ok(seen.isStopped)
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.of(1)
      throw new Error('the client left')
    }
    await assert.rejects(
      read(abortableBody(failing(), new AbortController().signal)),
      /^Error: the client left$/,
    )
  })
})

describe('what a disk refuses', () => {
  const root = mkdtempSync(join(tmpdir(), 'lugsail-disk-'))
  after(() => rmSync(root, { recursive: true, force: true }))

  it('has the system’s name, and words for people without paths', () => {
    assert.deepEqual([errorName(5), errorName(-5), errorName(99_999)], ['EIO', 'EIO', null])
    const system = (fields: object): Error => Object.assign(new Error('x'), { syscall: 'write', ...fields })
    assert.equal(diskCodeOf(system({ errno: -28, code: 'Unknown system error -28' })), 'ENOSPC')
    assert.equal(diskCodeOf(system({ code: 'EDQUOT' })), 'EDQUOT')
    assert.equal(diskCodeOf(system({ errno: -99_999, code: 'EODD' })), 'EODD')
    assert.equal(diskCodeOf(system({})), null)
    for (const error of [new Error('x'), Object.assign(new Error('x'), { code: 'EIO' }), 'EIO', null])
      assert.equal(diskCodeOf(error), null)
    assert.equal(describeDiskCode('ENOSPC'), 'the disk is full (ENOSPC)')
    assert.equal(describeDiskCode('EODD'), 'the disk answered EODD')
    for (const code of ['ENOSPC', 'EDQUOT']) assert.ok(isFull(code))
    for (const code of ['EIO', null]) assert.ok(!isFull(code))
  })

  it('is found out by a trial that leaves nothing', async () => {
    assert.equal(await tryDisk(root), null)
    assert.deepEqual(readdirSync(root), [])
    assert.equal(await tryDisk(join(root, 'nothing')), 'ENOENT')
    assert.ok(!existsSync(join(root, 'nothing')))
  })
})

describe('measure', () => {
  it('tells the name, the outcome and the time of a call, and gives on what it gives', async () => {
    const told: [call: string, outcome: string, isTime: boolean][] = []
    const observe = (call: string, outcome: string, ms: number): void =>
      void told.push([call, outcome, ms >= 0 && ms < 60_000])
    assert.equal(await measure(observe, 'a', async () => 5), 5)
    assert.equal(
      await measure(
        observe,
        'b',
        async () => 5,
        (result) => `is ${result}`,
      ),
      5,
    )
    await assert.rejects(
      measure(observe, 'c', async () => await Promise.reject(new Error('failed'))),
      /failed/,
    )
    await assert.rejects(
      measure(observe, 'd', () => {
        throw new Error('at once')
      }),
      /at once/,
    )
    assert.deepEqual(told, [
      ['a', 'ok', true],
      ['b', 'is 5', true],
      ['c', 'error', true],
      ['d', 'error', true],
    ])
  })
})
