import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { describe, it } from 'node:test'
import { measureBody, readWhole, sendBody } from './measured-body.ts'
import { DamagedBody } from './transfer-errors.ts'

/** A body of these pieces that is said to be so long, and what it told of its way. */
function measured(pieces: readonly string[], sizeBytes: number, signal = new AbortController().signal) {
  const source = Readable.from(pieces.map((piece) => Buffer.from(piece)))
  const passed: number[] = []
  const body = measureBody(source, {
    ...{ sizeBytes, signal, checksums: ['SHA1'] },
    advance: (bytes) => passed.push(bytes),
  })
  return { source, passed, body }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)

describe('a body that is measured', () => {
  it('is what passed, piece by piece', async () => {
    const { passed, body } = measured(['one', 'three'], 8)
    assert.equal(String(await readWhole(body)), 'onethree')
    assert.deepEqual(passed, [3, 5])
    const { md5, checksums } = body.digests()
    assert.equal(md5, createHash('md5').update('onethree').digest('hex'))
    assert.equal(checksums.SHA1, createHash('sha1').update('onethree').digest('base64'))
  })

  it('may be empty', async () => {
    const { body } = measured([], 0)
    assert.equal((await readWhole(body)).length, 0)
  })

  it('fails, and counts for nothing, where it is not as long as it should be', async () => {
    for (const sizeBytes of [7, 9]) {
      const { passed, body } = measured(['one', 'three'], sizeBytes)
      await assert.rejects(readWhole(body), new DamagedBody(`8 of ${sizeBytes} bytes came`))
      assert.equal(sum(passed), 0)
    }
  })

  it('fails as its source does, also where nobody reads yet', async () => {
    const { source, body } = measured(['one'], 3)
    source.destroy(new Error('it broke'))
    await new Promise((resolve) => setImmediate(resolve))
    await assert.rejects(readWhole(body), { message: 'it broke' })
  })

  it('ends where it is interrupted', async () => {
    const controller = new AbortController()
    const { body } = measured(['one'], 3, controller.signal)
    controller.abort()
    await assert.rejects(readWhole(body), { name: 'AbortError' })
  })

  it('is read no further once it is closed', () => {
    const { source, body } = measured(['one'], 3)
    body.close()
    assert.ok(source.destroyed && body.stream.destroyed)
  })

  it('is none where the response has none', () => {
    for (const body of [undefined, 'text'])
      assert.throws(
        () =>
          measureBody(body, {
            sizeBytes: 0,
            checksums: [],
            signal: new AbortController().signal,
            advance: () => undefined,
          }),
        new DamagedBody('the response has no body'),
      )
  })
})

describe('a body that is sent', () => {
  it('gives what the receiver answers, and is closed then', async () => {
    const { source, body } = measured(['one'], 3)
    const answer = await sendBody(body, async (stream) => String(Buffer.concat(await stream.toArray())))
    assert.equal(answer, 'one')
    assert.ok(source.destroyed)
  })

  it('ends the sending when it breaks, though no answer comes', async () => {
    const { source, body } = measured(['one', 'two'], 6)
    let ended: AbortSignal | undefined
    const sending = sendBody(body, (_stream, signal) => {
      ended = signal
      source.destroy(new Error('it broke'))
      return new Promise<never>(() => undefined)
    })
    await assert.rejects(sending, { message: 'it broke' })
    assert.equal(ended?.aborted, true)
    assert.ok(body.stream.destroyed)
  })

  it('that broke before is not waited for', async () => {
    const { source, body } = measured(['one'], 3)
    source.destroy(new Error('it broke'))
    await new Promise((resolve) => setImmediate(resolve))
    await assert.rejects(
      sendBody(body, () => new Promise<never>(() => undefined)),
      { message: 'it broke' },
    )
  })

  it('fails as the receiver does', async () => {
    const { body } = measured(['one'], 3)
    await assert.rejects(
      sendBody(body, async () => await Promise.reject(new Error('no room'))),
      { message: 'no room' },
    )
    assert.ok(body.stream.destroyed)
  })
})
