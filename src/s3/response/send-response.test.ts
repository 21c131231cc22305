import assert from 'node:assert/strict'
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { describe, it } from 'node:test'
import type { Exchange } from '../../api/exchange.ts'
import { anonymousClient } from '../../../test/harness/anonymous-client.ts'
import { sendResponse } from './send-response.ts'

const options = { hostId: 'host', extraHeaders: [] }

function newExchange(method: string): Exchange {
  const request = new IncomingMessage(new Socket())
  request.method = method
  const silent = () => undefined
  return {
    request,
    response: new ServerResponse(request),
    requestId: '0123456789ABCDEF',
    receivedAt: 0,
    log: { debug: silent, info: silent, warn: silent, error: silent },
    client: anonymousClient,
    facts: {},
  }
}

describe('sendResponse', () => {
  it('closes the body of a response that cannot be sent', async () => {
    const body = Readable.from(['never sent'])
    const answer = { status: 20, headers: [], body }
    await assert.rejects(sendResponse(newExchange('GET'), answer, options), RangeError)
    assert.ok(body.destroyed)
  })

  it('sends headers alone to HEAD, the length of the body among them, and closes a body that was opened', async () => {
    const headers = ['Content-Length', '11']
    for (const body of [Buffer.from('not for you'), Readable.from(['not for you'])]) {
      const exchange = newExchange('HEAD')
      let written = 0
      exchange.response.write = () => ++written > 0
      exchange.response.end = (chunk?: unknown) => {
        if (chunk !== undefined && typeof chunk !== 'function') written++
        return exchange.response
      }
      await sendResponse(exchange, { status: 200, headers, body }, options)
      assert.equal(written, 0)
      assert.equal(exchange.response.getHeader('content-length') ?? exchange.response.statusCode, 200)
      assert.ok(Buffer.isBuffer(body) || body.destroyed)
    }
  })

  it('answers also where a stored header is none that HTTP can carry', async () => {
    const exchange = newExchange('HEAD')
    const headers = ['Content-Length', '4', 'Content-Disposition', 'two\nlines', 'x-amz-meta-é', 'v']
    await sendResponse(exchange, { status: 200, headers, body: null }, options)
    assert.equal(exchange.response.statusCode, 200)
    assert.ok(exchange.response.headersSent)
  })
})
