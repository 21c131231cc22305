import assert from 'node:assert/strict'
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { describe, it } from 'node:test'
import { S3Error } from '../s3-error.ts'
import { collectBody } from './request-bytes.ts'

const isIncomplete = (error: unknown) => error instanceof S3Error && error.code === 'IncompleteBody'

describe('a body that is collected whole', () => {
  it('comes as one buffer, however it was cut', async () => {
    const request = new IncomingMessage(new Socket())
    const body = collectBody(request, 6)
    for (const piece of ['ab', 'cde', 'f']) request.push(piece)
    request.push(null)
    assert.equal((await body).toString(), 'abcdef')
  })

  it('is incomplete when the client goes away in the middle', async () => {
    const request = new IncomingMessage(new Socket())
    const body = collectBody(request, 6)
    request.push('ab')
    request.destroy()
    await assert.rejects(body, isIncomplete)
  })

  it('is incomplete when the client was gone before anybody asked for it', async () => {
    const request = new IncomingMessage(new Socket())
    request.destroy()
    await new Promise((resolve) => setImmediate(resolve))
    await assert.rejects(collectBody(request, 6), isIncomplete)
  })
})
