import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { S3ServiceException } from '@aws-sdk/client-s3'
import { withRetries } from './retries.ts'
import { DamagedBody, SourceGone } from './transfer-errors.ts'

const refusal = (name: string, status: number): S3ServiceException =>
  new S3ServiceException({ name, $fault: 'server', $metadata: { httpStatusCode: status } })

/** How often something is tried that always fails so. */
async function triesOf(error: Error): Promise<number> {
  let tries = 0
  const failing = (): Promise<never> => {
    tries += 1
    return Promise.reject(error)
  }
  const { signal } = new AbortController()
  await assert.rejects(withRetries(failing, { attemptsMax: 2, signal, random: () => -1 }), error)
  return tries
}

describe('a question that fails', () => {
  it('is asked again where the store is busy, away, or its answer was cut', async () => {
    for (const error of [
      refusal('SlowDown', 503),
      refusal('InternalError', 500),
      refusal('TooManyRequests', 429),
      Object.assign(new Error('read'), { code: 'ECONNRESET' }),
      new Error('parsing', { cause: Object.assign(new Error('read'), { code: 'EPIPE' }) }),
      new Error('aborted'),
      new DamagedBody('short'),
    ])
      assert.equal(await triesOf(error), 2, error.message)
  })

  it('is not asked again where the answer would be the same', async () => {
    for (const error of [
      refusal('AccessDenied', 403),
      refusal('NotImplemented', 501),
      refusal('InsufficientStorage', 507),
      new SourceGone('gone'),
      new Error('anything'),
    ])
      assert.equal(await triesOf(error), 1, error.message)
  })

  it('is not waited for once it was interrupted', async () => {
    const controller = new AbortController()
    const failing = (): Promise<never> => {
      controller.abort(new Error('interrupted'))
      return Promise.reject(refusal('SlowDown', 503))
    }
    await assert.rejects(
      withRetries(failing, { attemptsMax: 9, signal: controller.signal }),
      /^Error: interrupted$/,
    )
  })
})
