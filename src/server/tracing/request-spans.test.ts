import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import type { Exchange, ExchangeFacts } from '../../api/exchange.ts'
import { VERSION } from '../../base/version.ts'
import { ConfigurationError } from '../configuration/errors.ts'
import { createLogger } from '../logging/logger.ts'
import { openRequestSpans } from './request-spans.ts'

const newLog = (pieces: string[] = []) =>
  createLogger({
    ...{ level: 'warn', format: 'json', clock: { now: () => 0 } },
    target: (piece, done) => {
      pieces.push(piece)
      done()
    },
  })

const open = (environment: Readonly<Record<string, string>>) => openRequestSpans(environment, newLog())

interface SentSpan {
  readonly name: string
  readonly kind: number
  readonly traceId: string
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly status: { readonly code: number }
  readonly attributes: readonly { readonly key: string; readonly value: Record<string, unknown> }[]
}

/** A collector, and the spans that it was sent; the SDK reads where it is from this process's environment. */
async function newCollector(t: { after: (end: () => void) => void }) {
  const spans: SentSpan[] = []
  const resources: Record<string, unknown>[] = []
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { resourceSpans } = JSON.parse(await text(request)) as {
      resourceSpans: {
        resource: { attributes: SentSpan['attributes'] }
        scopeSpans: { spans: SentSpan[] }[]
      }[]
    }
    for (const { resource, scopeSpans } of resourceSpans) {
      resources.push(attributesOf(resource))
      spans.push(...scopeSpans.flatMap((scope) => scope.spans))
    }
    response.end('{}')
  }
  const server = createServer((...exchange) => void take(...exchange)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const before = process.env['OTEL_EXPORTER_OTLP_ENDPOINT']
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = endpoint
  t.after(() => {
    if (before === undefined) delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT']
    else process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = before
    server.closeAllConnections()
    server.close()
  })
  return { endpoint, spans, resources }
}

const attributesOf = ({ attributes }: Pick<SentSpan, 'attributes'>): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))

const signer = {
  ...{ accountId: '123456789012', accessKeyId: 'AKIA', isStopped: false },
  principal: { type: 'account', accountId: '123456789012', accessKeyId: 'AKIA' } as const,
}

const exchangeOf = (facts: ExchangeFacts, request: object = {}): Exchange =>
  ({
    ...{ facts, receivedAt: AT, requestId: 'ID', client: { address: '192.0.2.1' } },
    request: { method: 'PUT', url: '/b/k?X-Amz-Signature=secret', headers: {}, ...request },
  }) as unknown as Exchange

const outcome = (status: number) => ({ status, durationMs: 5, startedAt: 0 })
const AT = Date.UTC(2030, 0, 1)
const TRACE_ID = '0af7651916cd43dd8448eb211c80319c'

describe('spans of requests', () => {
  it('are sent where the environment names a collector, and says nothing against it', async () => {
    const OTEL_EXPORTER_OTLP_ENDPOINT = 'http://127.0.0.1:1'
    for (const environment of [
      {},
      { OTEL_EXPORTER_OTLP_ENDPOINT: '' },
      { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SDK_DISABLED: 'true' },
      { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_EXPORTER: 'none' },
      { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_EXPORTER: 'console,zipkin' },
    ])
      assert.equal(await open(environment), null, JSON.stringify(environment))
    for (const environment of [
      { OTEL_EXPORTER_OTLP_ENDPOINT },
      { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://collector' },
      { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SDK_DISABLED: 'false', OTEL_TRACES_EXPORTER: 'console,otlp' },
    ]) {
      const spans = await open(environment)
      assert.ok(spans, JSON.stringify(environment))
      await spans.close()
    }
    for (const [environment, message] of [
      [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317' }, /^OTEL_EXPORTER_OTLP_ENDPOINT: expected http/],
      [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: '//x' }, /^OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: expected http/],
      [{ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, /not by grpc/],
      [{ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'grpc' }, /not by grpc/],
    ] as const)
      await assert.rejects(
        open(environment),
        (error) => error instanceof ConfigurationError && message.test(error.message),
        JSON.stringify(environment),
      )
  })

  it('say what was asked, by whom and how it ended, and nothing of the query', async (t) => {
    const { endpoint, spans, resources } = await newCollector(t)
    const sender = await open({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint })
    const facts: ExchangeFacts = {
      ...{
        service: 's3',
        operation: 'PutObject',
        bucketName: 'b',
        accountId: '1',
        accessKeyId: 'AKIA',
        signer,
      },
      ...{ requestBodyBytes: 7, responseBodyBytes: 8 },
    }
    const traceparent = `00-${TRACE_ID}-b7ad6b7169203331-01`
    sender?.observe(exchangeOf(facts, { headers: { traceparent } }), outcome(200))
    sender?.observe(
      exchangeOf({ service: 'lightsail', operation: 'GetBuckets', errorCode: 'Denied' }),
      outcome(400),
    )
    sender?.observe(exchangeOf({}, { headers: { traceparent }, url: '/a', method: 'GET' }), outcome(500))
    await sender?.close()
    const [put, denied, failed] = spans
    assert.deepEqual([put?.name, denied?.name, failed?.name], ['S3.PutObject', 'Lightsail.GetBuckets', 'GET'])
    assert.ok(put && denied && failed)
    assert.deepEqual(attributesOf(put), {
      ...{ 'rpc.system': 'aws-api', 'rpc.service': 'S3', 'rpc.method': 'PutObject', 'aws.request_id': 'ID' },
      ...{ 'aws.s3.bucket': 'b', 'http.request.method': 'PUT', 'http.request.body.size': 7 },
      ...{ 'http.response.status_code': 200, 'http.response.body.size': 8, 'url.path': '/b/k' },
      ...{ 'client.address': '192.0.2.1', 'lugsail.account.id': '1', 'lugsail.access_key.id': 'AKIA' },
    })
    assert.equal(put.kind, 2)
    assert.deepEqual(
      [put.startTimeUnixNano, put.endTimeUnixNano].map((nanos) => Number(BigInt(nanos) / 1_000_000n)),
      [AT, AT + 5],
    )
    assert.equal(put.traceId, TRACE_ID)
    assert.notEqual(failed.traceId, TRACE_ID, 'a trace that a stranger names is not gone on with')
    assert.deepEqual(
      [put, denied, failed].map((span) => span.status.code),
      [0, 0, 2],
    )
    assert.deepEqual(
      [put, denied, failed].map((span) => attributesOf(span)['error.type']),
      [undefined, 'Denied', '500'],
    )
    assert.deepEqual([attributesOf(failed)['url.path'], attributesOf(failed)['rpc.service']], ['/a', 'S3'])
    const [resource] = resources
    assert.ok(resource)
    assert.equal(resource['service.name'], 'lugsail')
    assert.match(String(resource['service.instance.id']), new RegExp(`/${process.pid}$`))
    assert.equal(resource['service.version'], VERSION)
  })
})
