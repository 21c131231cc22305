import { hostname } from 'node:os'
import type { Exchange } from '../../api/exchange.ts'
import { ConfigurationError } from '../configuration/errors.ts'
import type { Logger } from '../logging/logger.ts'
import type { ExchangeOutcome } from '../logging/request-line.ts'
import { VERSION } from '../../base/version.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Where traces go, as OpenTelemetry names it; the second is for traces alone. */
const ENDPOINT_VARIABLES = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] as const
/** The collector is not asked for longer when the server stops. */
const LAST_SPANS_MS = 2_000
/** A collector that is away is told of once in so long. */
const TOLD_AGAIN_MS = 60_000
const HTTP_ERRORS_FROM = 400
const SERVER_ERRORS_FROM = 500

/** Sends a span for each finished request to a collector of OpenTelemetry, by OTLP over HTTP. */
export interface RequestSpans {
  /** To be told of each finished request. Never fails and never waits: what the collector does not take in time is left out. */
  observe(exchange: Exchange, outcome: ExchangeOutcome): void
  /** Sends what waits, for two seconds at most. */
  close(): Promise<void>
}

/**
 * The spans of a process whose environment names a collector; null: it names none, or says that nothing is to be sent. The SDK, which is loaded only
 * here, reads the other variables (`OTEL_SERVICE_NAME`, `OTEL_TRACES_SAMPLER`, `OTEL_EXPORTER_OTLP_HEADERS`, …) itself. Throws ConfigurationError for
 * an endpoint that is no URL of HTTP, and for a protocol that is not spoken.
 */
export async function openRequestSpans(environment: Environment, log: Logger): Promise<RequestSpans | null> {
  if (!isWanted(environment)) return null
  const sdk = await import('./sdk-package.ts')
  sdk.setGlobalErrorHandler(failureLog(log))
  const provider = new sdk.BasicTracerProvider({
    resource: sdk
      .resourceFromAttributes({
        'service.name': 'lugsail',
        'service.version': VERSION,
        'service.instance.id': `${hostname()}/${process.pid}`,
      })
      .merge(sdk.detectResources({ detectors: [sdk.envDetector] })),
    spanProcessors: [new sdk.BatchSpanProcessor(new sdk.OTLPTraceExporter())],
  })
  const tracer = provider.getTracer('lugsail', VERSION)
  const propagator = new sdk.W3CTraceContextPropagator()

  return {
    observe(exchange, { status, durationMs }) {
      const { request, facts, client, receivedAt, requestId } = exchange
      // A trace that a stranger names is not gone on with: what it says would decide what is kept.
      const context =
        facts.signer === undefined
          ? sdk.ROOT_CONTEXT
          : propagator.extract(sdk.ROOT_CONTEXT, request.headers, sdk.defaultTextMapGetter)
      const span = tracer.startSpan(
        facts.operation === undefined
          ? (request.method ?? 'HTTP')
          : `${serviceName(facts.service)}.${facts.operation}`,
        {
          kind: sdk.SpanKind.SERVER,
          startTime: receivedAt,
          attributes: {
            'rpc.system': 'aws-api',
            'rpc.service': serviceName(facts.service),
            'rpc.method': facts.operation,
            'aws.request_id': requestId,
            'aws.s3.bucket': facts.bucketName,
            'http.request.method': request.method,
            'http.request.body.size': facts.requestBodyBytes,
            'http.response.status_code': status,
            'http.response.body.size': facts.responseBodyBytes,
            'url.path': pathOf(request.url ?? ''),
            'client.address': client.address,
            'lugsail.account.id': facts.accountId,
            'lugsail.access_key.id': facts.accessKeyId,
            ...(status >= HTTP_ERRORS_FROM && { 'error.type': facts.errorCode ?? String(status) }),
          },
        },
        context,
      )
      if (status >= SERVER_ERRORS_FROM) span.setStatus({ code: sdk.SpanStatusCode.ERROR })
      span.end(receivedAt + durationMs)
    },
    async close() {
      let timer: NodeJS.Timeout | undefined
      const isOver = new Promise<void>((resolve) => (timer = setTimeout(resolve, LAST_SPANS_MS)))
      await Promise.race([provider.shutdown().catch(() => undefined), isOver])
      clearTimeout(timer)
    },
  }
}

function isWanted(environment: Environment): boolean {
  const named = ENDPOINT_VARIABLES.filter((name) => (environment[name] ?? '') !== '')
  if (named.length === 0 || environment['OTEL_SDK_DISABLED'] === 'true') return false
  const exporters = environment['OTEL_TRACES_EXPORTER'] ?? 'otlp'
  if (!exporters.split(',').includes('otlp')) return false
  for (const name of named)
    if (!/^https?:$/.test(protocolOf(environment[name] ?? '')))
      throw new ConfigurationError(`${name}: expected http://… or https://…, got ${environment[name]}`)
  const protocol =
    environment['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'] ?? environment['OTEL_EXPORTER_OTLP_PROTOCOL'] ?? ''
  if (protocol === 'grpc')
    throw new ConfigurationError(
      'OTEL_EXPORTER_OTLP_PROTOCOL: traces are sent by HTTP (http/json), not by grpc; a collector takes that on port 4318',
    )
  return true
}

function protocolOf(url: string): string {
  try {
    return new URL(url).protocol
  } catch {
    return ''
  }
}

/** Tells of spans that could not be sent: the first time, and then once a minute. */
function failureLog(log: Logger): (failure: unknown) => void {
  let toldAt = -Infinity
  return (error) => {
    const now = performance.now()
    if (now - toldAt < TOLD_AGAIN_MS) return
    toldAt = now
    log.warn({ error }, 'spans could not be sent to the collector; they are left out')
  }
}

/** As SDKs name the services. */
const SERVICE_NAMES = { s3: 'S3', lightsail: 'Lightsail', lugsail: 'Lugsail', sts: 'STS' } as const

const serviceName = (service: keyof typeof SERVICE_NAMES = 's3'): string => SERVICE_NAMES[service]

/** Without the query, which opens the object of a presigned URL. */
function pathOf(url: string): string {
  const at = url.indexOf('?')
  return at < 0 ? url : url.slice(0, at)
}
