import assert from 'node:assert/strict'
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { it } from 'node:test'
import type { Exchange } from '../../base/exchange.ts'
import { sendAnswer } from './send-answer.ts'

it('the body of an answer whose headers cannot be sent is closed', async () => {
  const request = new IncomingMessage(new Socket())
  const silent = () => undefined
  const exchange: Exchange = {
    request,
    response: new ServerResponse(request),
    requestId: '0123456789ABCDEF',
    receivedAt: 0,
    log: { debug: silent, info: silent, warn: silent, error: silent },
    facts: {},
  }
  const body = Readable.from(['never sent'])
  const answer = { status: 200, headers: ['Content-Type', 'two\nlines'], body }
  await assert.rejects(sendAnswer(exchange, answer, { hostId: 'host', extraHeaders: [] }), TypeError)
  assert.ok(body.destroyed)
})
