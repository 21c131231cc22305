import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { describe, it } from 'node:test'
import { download } from './download.ts'
import type { TransferContext } from './transfer.ts'

describe('a download', () => {
  const context = () => {
    const progress = { expected: 0, arrived: 0 }
    const run = (body: unknown, length?: number): TransferContext =>
      ({
        signal: new AbortController().signal,
        client: { send: async () => await Promise.resolve({ Body: body, ContentLength: length }) },
        progress: {
          expect: (bytes = 0) => void (progress.expected += bytes),
          advance: (bytes: number) => void (progress.arrived += bytes),
        },
      }) as unknown as TransferContext
    return { progress, run }
  }
  const place = { kind: 'object', bucketName: 'b', key: 'k' } as const

  it('that is shorter than it should be, or breaks, fails, and counts for nothing', async () => {
    for (const [body, length, message] of [
      [Readable.from([Buffer.from('ab')]), 3, 'only 2 of 3 bytes came; try again'],
      [Readable.from([Buffer.from('abcd')]), 3, 'only 4 of 3 bytes came; try again'],
      [
        Readable.from(
          (async function* () {
            yield await Promise.resolve(Buffer.from('ab'))
            throw new Error('it broke')
          })(),
        ),
        3,
        'it broke',
      ],
    ] as const) {
      const { progress, run } = context()
      const { body: given } = await download(run(body, length), place)
      await assert.rejects(given.toArray(), { message })
      assert.deepEqual(progress, { expected: 3, arrived: 0 })
    }
  })

  it('of unknown length is all that comes; without a body it is none', async () => {
    const { progress, run } = context()
    const { body } = await download(run(Readable.from([Buffer.from('ab')])), place)
    assert.equal(Buffer.concat((await body.toArray()) as Buffer[]).toString(), 'ab')
    assert.deepEqual(progress, { expected: 0, arrived: 2 })
    await assert.rejects(download(run(undefined), place), { message: 'the response has no body' })
  })
})
