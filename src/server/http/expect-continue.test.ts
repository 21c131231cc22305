import assert from 'node:assert/strict'
import { request as httpRequest } from 'node:http'
import { describe, it } from 'node:test'
import { serve } from '../../../test/harness/listener.ts'

describe('Expect: 100-continue', () => {
  const put = (port: number, body: string) =>
    new Promise<{ status: number | undefined; isContinued: boolean }>((resolve, reject) => {
      let isContinued = false
      const request = httpRequest({
        port,
        method: 'PUT',
        path: '/b/k',
        headers: { expect: '100-continue', 'content-length': body.length },
      })
      request.on('continue', () => {
        isContinued = true
        request.end(body)
      })
      request.on('response', (response) => {
        response.resume()
        resolve({ status: response.statusCode, isContinued })
      })
      request.on('error', reject)
      request.flushHeaders()
    })

  it('is answered when the body is read', async () => {
    let received = ''
    const { port } = await serve({
      s3: async ({ request, response }) => {
        for await (const piece of request) received += String(piece)
        response.end()
      },
    })
    assert.deepEqual(await put(port, 'hello'), { status: 200, isContinued: true })
    assert.equal(received, 'hello')
  })

  it('is not answered when the request is refused before', async () => {
    const { port } = await serve({
      s3: async ({ response }) => void response.writeHead(403, { 'content-length': 0 }).end(),
    })
    assert.deepEqual(await put(port, 'hello'), { status: 403, isContinued: false })
  })
})
