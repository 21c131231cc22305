import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { answerOk, serve } from '../../../test/harness/listener.ts'
import type { Exchange, ExchangeFacts } from '../../api/exchange.ts'
import { answerInternalError } from './failure.ts'

/** What a client gets of a handler that fails after `before`. */
async function failing(
  facts: Partial<ExchangeFacts>,
  { method = 'GET', before }: { method?: string; before?: (exchange: Exchange) => void } = {},
) {
  let errorCode: string | undefined
  let requestId = ''
  const { url } = await serve({
    s3: async (exchange) => {
      Object.assign(exchange.facts, facts)
      before?.(exchange)
      answerInternalError(exchange)
      ;({ errorCode } = exchange.facts)
      ;({ requestId } = exchange)
    },
  })
  const response = await fetch(`${url}/b/k`, { method })
  return { response, body: await response.text(), errorCode, requestId }
}

describe('a failure that no handler foresaw', () => {
  it('is answered in the form of the API that was asked, and told by its code', async () => {
    for (const [service, code, type, idHeader, said] of [
      ['s3', 'InternalError', 'application/xml', 'x-amz-request-id', /<Code>InternalError<\/Code>/],
      [undefined, 'InternalError', 'application/xml', 'x-amz-request-id', /<Code>InternalError<\/Code>/],
      ['sts', 'InternalFailure', 'text/xml', 'x-amzn-requestid', /<Code>InternalFailure<\/Code>/],
      [
        'lightsail',
        'ServiceException',
        'application/x-amz-json-1.1',
        'x-amzn-requestid',
        /"ServiceException"/,
      ],
      ['lugsail', 'ServiceException', 'application/x-amz-json-1.1', 'x-amzn-requestid', /"ServiceException"/],
    ] as const) {
      const { response, body, errorCode, requestId } = await failing(service ? { service } : {})
      assert.deepEqual([response.status, errorCode], [500, code])
      assert.equal(response.headers.get('content-type'), type)
      assert.equal(response.headers.get(idHeader), requestId)
      assert.equal(
        response.headers.get('x-amzn-errortype'),
        code === 'ServiceException' ? 'ServiceException' : null,
      )
      assert.match(body, said)
      assert.match(body, new RegExp(requestId))
      assert.match(body, /An internal error occurred\./)
    }
  })

  it('has nothing of what the response was to be, but what lets pages of other origins read it', async () => {
    const { response } = await failing(
      { crossOriginHeaders: ['access-control-allow-origin', '*', 'vary', 'Origin'] },
      { before: ({ response: begun }) => begun.setHeader('etag', '"1"').setHeader('content-length', 99) },
    )
    assert.equal(response.headers.get('etag'), null)
    assert.equal(response.headers.get('access-control-allow-origin'), '*')
    assert.equal(response.headers.get('vary'), 'Origin')
  })

  it('is told to HEAD by the headers alone', async () => {
    const { response, body } = await failing({}, { method: 'HEAD' })
    assert.deepEqual([response.status, body], [500, ''])
    assert.ok(Number(response.headers.get('content-length')) > 100)
  })

  it('cuts the connection where the response has begun', async () => {
    const before = ({ response }: Exchange): void => void response.writeHead(200).write('half')
    await assert.rejects(failing({}, { before }))
    const { url } = await serve({ s3: answerOk })
    assert.equal(await (await fetch(url)).text(), 'ok')
  })
})
