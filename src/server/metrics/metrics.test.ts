import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Exchange } from '../../api/exchange.ts'
import { LargestBuckets } from './largest-buckets.ts'
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

  it('counts the lines that the log lost, none where nothing tells of any', async () => {
    for (const [metrics, lost] of [
      [new Metrics(), 0],
      [new Metrics({ droppedLogLines: () => 3 }), 3],
    ] as const) {
      const { text } = await metricsText([await metrics.snapshot()])
      assert.match(text, new RegExp(`\\nlugsail_log_lines_dropped_total ${lost}\\n`))
    }
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

  it('counts wrong signatures, and no other refusal', async () => {
    const metrics = new Metrics()
    for (const errorCode of ['SignatureDoesNotMatch', 'InvalidAccessKeyId', 'AccessDenied', 'NoSuchKey'])
      metrics.observeExchange(exchangeOf({ service: 's3', errorCode }), { status: 403, durationMs: 1 })
    const { text } = await metricsText([await metrics.snapshot()])
    assert.match(text, /lugsail_wrong_signatures_total\{service="s3"\} 2/)
  })

  it('has metrics of so many buckets and keys, and counts the rest together', async () => {
    const metrics = new Metrics({ namesMax: 2 })
    const signer = (accessKeyId: string) => ({
      accountId: '123456789012',
      accessKeyId,
      principal: { type: 'account' as const, accountId: '123456789012', accessKeyId },
      isStopped: false,
    })
    for (const name of ['one', 'two', 'three', 'one', 'four'])
      metrics.observeExchange(
        exchangeOf({
          service: 's3',
          bucketName: name,
          bucketId: name,
          signer: signer(`key-of-${name}`),
          requestBodyBytes: 10,
          responseBodyBytes: 1,
        }),
        { status: name === 'two' ? 404 : 200, durationMs: 1 },
      )
    // Names that nobody has to prove are not counted: a bucket that is not there, a key whose signature was wrong.
    metrics.observeExchange(exchangeOf({ service: 's3', bucketName: 'made-up', accessKeyId: 'made-up' }), {
      status: 403,
      durationMs: 1,
    })
    for (let read = 0; read < 2; read++) {
      const { text } = await metricsText([await metrics.snapshot()])
      const lines = text.split('\n').filter((line) => /^lugsail_(?:bucket|access_key)_/.test(line))
      assert.deepEqual(lines, [
        'lugsail_bucket_requests_total{bucket="one",outcome="ok"} 2',
        'lugsail_bucket_requests_total{bucket="one",outcome="failed"} 0',
        'lugsail_bucket_requests_total{bucket="two",outcome="ok"} 0',
        'lugsail_bucket_requests_total{bucket="two",outcome="failed"} 1',
        'lugsail_bucket_requests_total{bucket="(others)",outcome="ok"} 2',
        'lugsail_bucket_requests_total{bucket="(others)",outcome="failed"} 0',
        'lugsail_bucket_body_bytes_total{bucket="one",direction="received"} 20',
        'lugsail_bucket_body_bytes_total{bucket="one",direction="sent"} 2',
        'lugsail_bucket_body_bytes_total{bucket="two",direction="received"} 10',
        'lugsail_bucket_body_bytes_total{bucket="two",direction="sent"} 1',
        'lugsail_bucket_body_bytes_total{bucket="(others)",direction="received"} 20',
        'lugsail_bucket_body_bytes_total{bucket="(others)",direction="sent"} 2',
        'lugsail_access_key_requests_total{access_key_id="key-of-one",outcome="ok"} 2',
        'lugsail_access_key_requests_total{access_key_id="key-of-one",outcome="failed"} 0',
        'lugsail_access_key_requests_total{access_key_id="key-of-two",outcome="ok"} 0',
        'lugsail_access_key_requests_total{access_key_id="key-of-two",outcome="failed"} 1',
        'lugsail_access_key_requests_total{access_key_id="(others)",outcome="ok"} 2',
        'lugsail_access_key_requests_total{access_key_id="(others)",outcome="failed"} 0',
      ])
    }
  })

  it('tells what the largest buckets hold, and forgets those that are gone', async () => {
    const metrics = new Metrics({ namesMax: 2 })
    const largest = new LargestBuckets(2)
    for (let number = 0; number < 100; number++)
      largest.add({ bucketName: `bucket-${number}`, storedBytes: (number * 37) % 100, objects: number })
    metrics.setHeldByBuckets(largest.all)
    const stored = async () => {
      const { text } = await metricsText([await metrics.snapshot()])
      return text.split('\n').filter((line) => line.startsWith('lugsail_bucket_stored_bytes{'))
    }
    assert.deepEqual(await stored(), [
      'lugsail_bucket_stored_bytes{bucket="bucket-27"} 99',
      'lugsail_bucket_stored_bytes{bucket="bucket-54"} 98',
    ])
    metrics.setHeldByBuckets([])
    assert.deepEqual(await stored(), [])
  })
})
