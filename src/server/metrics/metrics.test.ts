import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Exchange } from '../../api/exchange.ts'
import { Metrics, metricsText } from './metrics.ts'

const exchangeOf = (facts: Exchange['facts']) => ({ facts }) as Exchange

describe('Metrics', () => {
  it('counts a request by service, operation and status, with its bytes', async () => {
    const metrics = new Metrics()
    const exchange = exchangeOf({
      service: 's3',
      operation: 'PutObject',
      requestBodyBytes: 100,
      responseBodyBytes: 7,
    })
    metrics.observeExchange(exchange, { status: 200, durationMs: 3 })
    const { text } = await metricsText([await metrics.snapshot()])
    assert.match(text, /lugsail_requests_total\{service="s3",operation="PutObject",status="200"\} 1/)
    assert.match(
      text,
      /lugsail_request_duration_seconds_bucket\{le="0.005",service="s3",operation="PutObject"\} 1/,
    )
    assert.match(text, /lugsail_request_body_bytes_total\{service="s3"\} 100/)
    assert.match(text, /lugsail_response_body_bytes_total\{service="s3"\} 7/)
  })

  it('puts each duration into all buckets that it is not above', async () => {
    const metrics = new Metrics()
    for (const durationMs of [0.5, 3, 100_000]) metrics.observeStoreCall('metadata', 'scan', 'ok', durationMs)
    const { text } = await metricsText([await metrics.snapshot()])
    const labels = 'store="metadata",call="scan",outcome="ok"'
    const lines = text.split('\n').filter((line) => line.startsWith('lugsail_store_duration_seconds'))
    const line = (end: string, le: string, value: string) =>
      `lugsail_store_duration_seconds_${end}{${le}${labels}} ${value}`
    assert.equal(lines[0], line('bucket', 'le="0.0005",', '1'))
    assert.equal(lines[3], line('bucket', 'le="0.005",', '2'))
    assert.equal(lines[14], line('bucket', 'le="60",', '2'))
    assert.equal(lines[15], line('bucket', 'le="+Inf",', '3'))
    assert.deepEqual(lines.slice(16), [line('sum', '', '100.0035'), line('count', '', '3')])
  })

  it('adds up what several processes counted', async () => {
    const [first, second] = [new Metrics(), new Metrics()]
    for (const metrics of [first, second]) {
      metrics.observeExchange(exchangeOf({ service: 'lightsail', operation: 'GetBuckets' }), {
        status: 200,
        durationMs: 1,
      })
      metrics.setConnections(2)
    }
    const { text } = await metricsText([await first.snapshot(), await second.snapshot()])
    assert.match(text, /lugsail_requests_total\{service="lightsail",operation="GetBuckets",status="200"\} 2/)
    assert.match(text, /lugsail_connections 4/)
  })
})
