import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { optional, required, string, structure, timestamp } from '../model/shape.ts'
import type { Operation } from '../model/operation.ts'
import { ClientError, ParameterValidationError, ServiceFault, TransportError } from './errors.ts'
import type { HttpResponse } from './http/response-reader.ts'
import type { HttpRequest } from './http/transport.ts'
import { LightsailClient, type LightsailClientOptions } from './lightsail-client.ts'
import type { AttemptOutcome, RetryDecision } from './retry/policy.ts'
import type { WireValue } from './values.ts'

const operation: Operation = {
  name: 'NameThing',
  input: structure({ name: required(string()) }),
  output: structure({ name: optional(string()), at: optional(timestamp()) }),
  errors: [],
}

const response = (
  status: number,
  body: object | string,
  headers: Record<string, string> = {},
): HttpResponse => ({
  status,
  headers: new Map(Object.entries(headers)),
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
})

/** What a client does whose attempts end as given, one after the other: the last one stands. */
async function call(
  endings: readonly (HttpResponse | Error)[],
  options: Partial<LightsailClientOptions> = {},
  parameters: Readonly<Record<string, WireValue>> = { name: 'it' },
  called: Operation = operation,
) {
  const told = {
    sent: [] as HttpRequest[],
    slept: [] as number[],
    outcomes: [] as (readonly [AttemptOutcome, number])[],
    events: [] as string[],
  }
  const client = new LightsailClient({
    endpoint: 'http://localhost:9400',
    region: 'eu-west-1',
    credentials: () => ({ accessKeyId: 'AKIA', secretAccessKey: 'secret' }),
    transport: {
      send: async (request) => {
        const ending = endings[told.sent.push(request) - 1]
        if (ending instanceof Error) throw ending
        assert.ok(ending)
        return await Promise.resolve(ending)
      },
    },
    retry: {
      delayBeforeSendMs: () => 0,
      decide: (outcome, attempt): RetryDecision => {
        told.outcomes.push([outcome, attempt])
        return attempt < endings.length
          ? { isRetried: true, delayMs: attempt * 100.4 }
          : { isRetried: false, isExhausted: endings.length > 1 }
      },
    },
    clock: { now: () => Date.UTC(2030, 0, 2) },
    timestampStyle: 'iso8601',
    validatesParameters: true,
    userAgent: 'agent/1',
    sleep: async (durationMs) => await Promise.resolve(void told.slept.push(durationMs)),
    onEvent: (event) => told.events.push(event),
    ...options,
  })
  try {
    return {
      ...told,
      output: await client.call(called, new Map(Object.entries(parameters))),
      error: undefined,
    }
  } catch (error) {
    return { ...told, output: undefined, error }
  }
}

describe('a call', () => {
  it('is signed, sent, and gives what the response says', async () => {
    const { output, sent, slept, events } = await call([
      response(200, { name: 'it', at: 0, more: 1 }, { 'x-amzn-requestid': 'id-1' }),
    ])
    assert.deepEqual(
      output,
      new Map([
        ['name', 'it'],
        ['at', '1970-01-01T00:00:00+00:00'],
      ]),
    )
    const [{ method, url, headers, body }] = sent as [HttpRequest]
    assert.deepEqual([method, url.text, String(body)], ['POST', 'http://localhost:9400/', '{"name": "it"}'])
    const { authorization, ...others } = headers
    assert.match(
      authorization ?? '',
      /^AWS4-HMAC-SHA256 Credential=AKIA\/20300102\/eu-west-1\/lightsail\/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=[0-9a-f]{64}$/,
    )
    assert.deepEqual(others, {
      host: 'localhost:9400',
      'x-amz-target': 'Lightsail_20161128.NameThing',
      'content-type': 'application/x-amz-json-1.1',
      'user-agent': 'agent/1',
      'x-amz-date': '20300102T000000Z',
    })
    assert.deepEqual(slept, [])
    assert.deepEqual(events, [
      'Sending NameThing to http://localhost:9400/: 14 bytes, headers host, x-amz-target, content-type, user-agent, x-amz-date, authorization',
      'Got status 200, 29 bytes, request id id-1',
    ])
  })

  it('of an operation of Lugsail’s own is told and signed as such', async () => {
    const { sent } = await call([response(200, {})], {}, { name: 'it' }, { ...operation, api: 'lugsail' })
    assert.match(sent[0]?.headers['x-amz-target'] ?? '', /^Lugsail_\d{8}\.NameThing$/)
    assert.match(sent[0]?.headers['authorization'] ?? '', /\/eu-west-1\/lugsail\/aws4_request/)
  })

  it('goes unsigned without credentials', async () => {
    const { sent, events } = await call([response(200, '')], { credentials: () => null })
    assert.equal(sent[0]?.headers['authorization'], undefined)
    assert.equal(sent[0]?.headers['x-amz-target'], 'Lightsail_20161128.NameThing')
    assert.equal(events.at(-1), 'Got status 200, 0 bytes, request id none')
  })

  it('with parameters that cannot be is not sent, nor are credentials asked for', async () => {
    const credentials = (): never => assert.fail('credentials were asked for')
    const { error, sent } = await call([], { credentials }, { name: 7 })
    assert.ok(error instanceof ParameterValidationError)
    assert.deepEqual(sent, [])
    const unchecked = await call([response(200, {})], { validatesParameters: false }, { name: 7 })
    assert.equal(String(unchecked.sent[0]?.body), '{"name": 7}')
  })

  it('is tried again as the policy says, which is told how each attempt ended', async () => {
    const lost = new TransportError('closed', 'it broke')
    const { output, slept, outcomes, events, sent } = await call([
      lost,
      response(503, ''),
      response(400, { __type: 'ThrottlingException' }),
      response(200, { name: 'it' }),
    ])
    assert.equal(output?.get('name'), 'it')
    assert.deepEqual(
      slept,
      [1, 2, 3].map((attempt) => attempt * 100.4),
    )
    assert.deepEqual(outcomes, [
      [{ failure: lost }, 1],
      [{ status: 503, errorCode: '503' }, 2],
      [{ status: 400, errorCode: 'ThrottlingException' }, 3],
      [{ status: 200, errorCode: undefined }, 4],
    ])
    assert.equal(sent.length, 4)
    assert.deepEqual(events.slice(1, 3), [
      'No response: it broke',
      'Attempt 1 failed; trying again in 100 ms',
    ])
  })

  it('waits before each attempt where the policy wants that', async () => {
    const waits = [0, 30]
    const { slept } = await call([response(503, ''), response(200, {})], {
      retry: {
        delayBeforeSendMs: () => waits.shift() ?? 0,
        decide: (outcome) =>
          'status' in outcome && outcome.status === 503
            ? { isRetried: true, delayMs: 7 }
            : { isRetried: false, isExhausted: false },
      },
    })
    assert.deepEqual(slept, [7, 30])
  })

  it('that the service refuses is told with its code, its reason and its hint', async () => {
    const { error } = await call([
      response(404, { __type: 'x#NotFoundException', message: 'there is none', hint: 'make one' }),
    ])
    assert.ok(error instanceof ServiceFault)
    assert.deepEqual([error.code, error.status, error.hint], ['NotFoundException', 404, 'make one'])
    assert.equal(
      error.message,
      'An error occurred (NotFoundException) when calling the NameThing operation: there is none',
    )
  })

  it('that was tried as often as may be says how often', async () => {
    const { error } = await call([response(500, ''), response(500, '')])
    assert.ok(error instanceof ServiceFault)
    assert.equal(
      error.message,
      'An error occurred (500) when calling the NameThing operation (reached max retries: 1): Internal Server Error',
    )
  })

  it('takes no redirection for an answer, and 300 for no error code', async () => {
    for (const status of [300, 301, 399]) {
      const { error, outcomes } = await call([response(status, { __type: 'Moved' })])
      assert.ok(error instanceof ServiceFault, String(status))
      assert.deepEqual(outcomes, [[{ status, errorCode: status === 300 ? undefined : 'Moved' }, 1]])
    }
    assert.equal((await call([response(299, {})])).error, undefined)
  })

  it('without a response is told by what kept it, and a fault of the program as it is', async () => {
    const lost = new TransportError('connect', 'nobody there')
    assert.equal((await call([lost])).error, lost)
    const fault = new TypeError('a fault')
    const { error, outcomes } = await call([fault])
    assert.equal(error, fault)
    assert.deepEqual(outcomes, [])
  })

  it('to a port that is none says less where it is unsigned, as the reference does', async () => {
    const endpoint = 'http://localhost:x'
    const signed = await call([], { endpoint })
    assert.deepEqual(signed.error, new ClientError("Port could not be cast to integer value as 'x'"))
    const unsigned = await call([], { endpoint, credentials: () => null })
    assert.ok(unsigned.error instanceof ClientError)
    assert.equal(
      unsigned.error.message,
      'An HTTP Client raised an unhandled exception: Failed to parse: http://localhost:x/',
    )
    const slashed = await call([], { endpoint: 'http://localhost:x/a', credentials: () => null })
    assert.match(String(slashed.error), /Failed to parse: http:\/\/localhost:x\/a$/)
  })
})
