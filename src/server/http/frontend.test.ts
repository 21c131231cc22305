import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { answerOk, serve } from '../../../test/harness/listener.ts'
import { exchangeBytes } from '../../../test/harness/raw-connection.ts'
import type { ExchangeHandler } from '../../api/exchange.ts'

describe('a request', () => {
  it('goes to the control plane when it is POST / with an X-Amz-Target, else to S3', async () => {
    const { url } = await serve({
      control: async ({ response }) => void response.end('control'),
      s3: async ({ response }) => void response.end('s3'),
    })
    const headers = { 'x-amz-target': 'Lightsail_20161128.GetBuckets' }
    assert.equal(await (await fetch(url, { method: 'POST', headers })).text(), 'control')
    assert.equal(await (await fetch(url, { method: 'POST' })).text(), 's3')
    assert.equal(await (await fetch(`${url}/bucket`, { method: 'POST', headers })).text(), 's3')
  })

  it('that a limit put off is no error in the log, whatever its status', async () => {
    const levels: string[] = []
    for (const isPutOff of [true, false]) {
      const { url, lines } = await serve({
        s3: async ({ response, facts }) => {
          facts.isPutOff = isPutOff
          response.writeHead(503).end()
        },
      })
      await fetch(`${url}/b/k`)
      while (lines()[0] === '') await new Promise(setImmediate)
      levels.push(/"level":"(\w+)"/.exec(lines()[0] ?? '')?.[1] ?? '')
    }
    assert.deepEqual(levels, ['info', 'error'])
  })

  it('for a reserved path is answered by the server itself, but under a bucket’s own host it is an object', async () => {
    const { url } = await serve({ s3: async ({ response }) => void response.end('object') })
    assert.equal(await (await fetch(`${url}/-/health`)).text(), 'ok\n')
    assert.equal(await (await fetch(`${url}/-/metrics`)).text(), 'metrics')
    assert.equal((await fetch(`${url}/-/nothing`)).status, 404)
    for (const host of ['b.storage.example:80', 'B.Storage.EXAMPLE']) {
      const answer = await exchangeBytes(
        url,
        `GET /-/health HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      )
      assert.match(answer, /object/, host)
    }
  })

  it('is logged in one line without its query and headers', async () => {
    const { url, lines } = await serve({ s3: answerOk })
    await fetch(`${url}/b/k?X-Amz-Signature=c0ffee`, { headers: { authorization: 'AWS4 c0ffee' } })
    // The line is written once the response has left, which the client may see first.
    while (lines()[0] === '') await new Promise(setImmediate)
    assert.equal(lines().length, 1)
    assert.match(lines()[0] ?? '', /"path":"\/b\/k"/)
    assert.doesNotMatch(lines()[0] ?? '', /c0ffee/)
  })
})

describe('a handler that rejects', () => {
  const fails: ExchangeHandler = async () => {
    throw new TypeError('oh')
  }

  it('becomes S3’s InternalError with the request id that the log names', async () => {
    const { url, lines } = await serve({ s3: fails })
    const answer = await fetch(`${url}/bucket`)
    const requestId = answer.headers.get('x-amz-request-id') ?? ''
    assert.equal(answer.status, 500)
    assert.match(await answer.text(), new RegExp(`<Code>InternalError</Code>.*<RequestId>${requestId}<`))
    assert.match(lines()[0] ?? '', new RegExp(`"error".*"requestId":"${requestId}"`))
  })

  it('becomes Lightsail’s ServiceException on the control plane', async () => {
    const { url } = await serve({ control: fails })
    const answer = await fetch(url, { method: 'POST', headers: { 'x-amz-target': 'X.Y' } })
    assert.equal(answer.status, 500)
    assert.equal(answer.headers.get('x-amzn-errortype'), 'ServiceException')
    assert.equal(((await answer.json()) as { __type: string }).__type, 'ServiceException')
  })

  it('cuts the connection when the response had begun', async () => {
    const { url } = await serve({
      s3: async ({ response }) => {
        response.writeHead(200, { 'content-length': 100 }).write('half')
        throw new Error('lost')
      },
    })
    await assert.rejects(fetch(url).then((answer) => answer.text()))
  })
})
