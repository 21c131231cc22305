/** Traces, as a collector of OpenTelemetry gets them. */
import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { s3Client } from '../harness/clients.ts'
import { startServer, type RunningServer } from '../harness/server.ts'

interface Attribute {
  readonly key: string
  readonly value: { readonly stringValue?: string; readonly intValue?: number }
}

interface Span {
  readonly name: string
  readonly traceId: string
  readonly parentSpanId?: string
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: readonly Attribute[]
}

interface TraceDocument {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] }
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[]
  }[]
}

const valueOf = (attributes: readonly Attribute[], name: string): unknown => {
  const { value } = attributes.find(({ key }) => key === name) ?? {}
  return value?.stringValue ?? value?.intValue
}

/** Takes what is sent to it. */
class Collector {
  readonly documents: TraceDocument[] = []
  readonly #server: Server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      if (request.url === '/v1/traces' && request.headers['x-team'] === 'storage')
        this.documents.push(JSON.parse(Buffer.concat(pieces).toString()) as TraceDocument)
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  get spans(): Span[] {
    return this.documents.flatMap(({ resourceSpans }) =>
      resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
    )
  }
}

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736'
const PARENT_ID = '00f067aa0ba902b7'

describe('a server whose environment names a collector', () => {
  const collector = new Collector()
  let server: RunningServer
  before(async () => {
    server = await startServer({
      engines: 'memory',
      environment: {
        OTEL_EXPORTER_OTLP_ENDPOINT: await collector.listen(),
        OTEL_EXPORTER_OTLP_HEADERS: 'x-team=storage',
        OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
      },
    })
    const s3 = s3Client(server)
    // As a client's own tracing does it.
    s3.middlewareStack.add(
      (next) => (args) => {
        const { headers } = args.request as { readonly headers: Record<string, string> }
        headers['traceparent'] = `00-${TRACE_ID}-${PARENT_ID}-01`
        return next(args)
      },
      { step: 'build' },
    )
    await s3.send(new CreateBucketCommand({ Bucket: 'traced' }))
    await s3.send(new PutObjectCommand({ Bucket: 'traced', Key: 'a b', Body: 'hello' }))
    await assert.rejects(s3.send(new GetObjectCommand({ Bucket: 'traced', Key: 'none' })))
    s3.destroy()
    await fetch(`${server.endpoint}/traced/a%20b?X-Amz-Signature=secret`, {
      headers: { traceparent: `00-${TRACE_ID}-${PARENT_ID}-01` },
    })
    // What waits is sent before a server ends.
    assert.equal(await server.stop(), 0)
  })
  after(() => collector.close())

  const named = (name: string): Span =>
    collector.spans.find((span) => span.name === name) ?? assert.fail(`no span ${name}`)

  it('sends a span for each request, with what the log says of it', () => {
    const { attributes, startTimeUnixNano, endTimeUnixNano } = named('S3.PutObject')
    const expected = {
      'rpc.service': 'S3',
      'rpc.method': 'PutObject',
      'aws.s3.bucket': 'traced',
      'http.response.status_code': 200,
      'url.path': '/traced/a%20b',
      'lugsail.access_key.id': server.credentials.accessKeyId,
    }
    for (const [name, value] of Object.entries(expected)) assert.equal(valueOf(attributes, name), value, name)
    assert.ok(BigInt(endTimeUnixNano) > BigInt(startTimeUnixNano))
  })

  it('tells the error of a request that failed', () => {
    assert.equal(valueOf(named('S3.GetObject').attributes, 'error.type'), 'NoSuchKey')
  })

  it('goes on with the trace of a client whose signature is right', () => {
    const { traceId, parentSpanId } = named('S3.PutObject')
    assert.deepEqual([traceId, parentSpanId], [TRACE_ID, PARENT_ID])
  })

  it('begins a trace of its own for a stranger, and keeps queries to itself', () => {
    const refused = collector.spans.filter(
      ({ attributes }) => valueOf(attributes, 'lugsail.access_key.id') === undefined,
    )
    assert.notEqual(refused.length, 0)
    for (const { traceId } of refused) assert.notEqual(traceId, TRACE_ID)
    assert.ok(!JSON.stringify(collector.documents).includes('X-Amz-Signature'))
    assert.ok(!JSON.stringify(collector.documents).includes(server.credentials.secretAccessKey))
  })

  it('says who it is', () => {
    const [{ resource } = assert.fail('nothing was sent')] = collector.documents.flatMap(
      ({ resourceSpans }) => resourceSpans,
    )
    assert.equal(valueOf(resource.attributes, 'service.name'), 'lugsail')
    assert.equal(valueOf(resource.attributes, 'deployment.environment.name'), 'test')
  })
})

describe('a server whose collector', () => {
  it('is away serves all the same, and ends in time', async () => {
    const server = await startServer({
      engines: 'memory',
      // Nothing listens on the port of discard.
      environment: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' },
    })
    const s3 = s3Client(server)
    await s3.send(new CreateBucketCommand({ Bucket: 'untraced' }))
    s3.destroy()
    assert.equal(await server.stop(), 0)
  })

  for (const [variable, value, words] of [
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4317', 'expected http://… or https://…, got collector:4317'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc', 'not by grpc'],
  ] as const)
    it(`is named wrongly does not start, and says so: ${variable}=${value}`, async () => {
      await assert.rejects(
        startServer({
          engines: 'memory',
          environment: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318', [variable]: value },
        }),
        (error: unknown) => error instanceof Error && error.message.includes(words),
      )
    })
})
