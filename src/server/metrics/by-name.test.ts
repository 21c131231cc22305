import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Registry } from 'prom-client'
import type { ExchangeFacts } from '../../api/exchange.ts'
import { MetricsByName } from './by-name.ts'
import { LatencyHistogram } from './latency-histogram.ts'
import { Metrics, metricsText } from './metrics.ts'

const signer = (accessKeyId: string | null) => ({
  ...{ accountId: '123456789012', accessKeyId, isStopped: false },
  principal: { type: 'account', accountId: '123456789012', accessKeyId: 'AKIA' } as const,
})

function newMetrics(namesMax: number) {
  const registry = new Registry()
  const metrics = new MetricsByName(registry, namesMax)
  const lines = async (): Promise<string[]> =>
    (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return { metrics, lines }
}

const bucket = (bucketName: string, more: ExchangeFacts = {}): ExchangeFacts => ({
  bucketName,
  bucketId: `id of ${bucketName}`,
  ...more,
})

describe('metrics by names', () => {
  it('count the requests of buckets and keys by their outcome, and the bytes that moved', async () => {
    const { metrics, lines } = newMetrics(5)
    metrics.observe(bucket('a', { requestBodyBytes: 3, responseBodyBytes: 4, signer: signer('AKIA') }), 200)
    metrics.observe(bucket('a', { requestBodyBytes: 10 }), 399)
    metrics.observe(bucket('a'), 400)
    metrics.observe({ bucketName: 'of nobody' }, 404)
    metrics.observe({ bucketId: 'without a name' }, 200)
    for (const each of [1, 2])
      assert.deepEqual(
        await lines(),
        [
          'lugsail_bucket_requests_total{bucket="a",outcome="ok"} 2',
          'lugsail_bucket_requests_total{bucket="a",outcome="failed"} 1',
          'lugsail_bucket_body_bytes_total{bucket="a",direction="received"} 13',
          'lugsail_bucket_body_bytes_total{bucket="a",direction="sent"} 4',
          'lugsail_access_key_requests_total{access_key_id="AKIA",outcome="ok"} 1',
          'lugsail_access_key_requests_total{access_key_id="AKIA",outcome="failed"} 0',
        ],
        `look ${each}`,
      )
  })

  it('give so many names a series of their own, and count all others together', async () => {
    const { metrics, lines } = newMetrics(2)
    for (const name of ['a', 'b', 'c', 'd', 'a', 'c']) metrics.observe(bucket(name), 200)
    for (const key of ['AKIA1', 'AKIA2', 'AKIA3', null]) metrics.observe({ signer: signer(key) }, 500)
    const found = (await lines()).filter((line) => / [1-9]/.test(line))
    assert.deepEqual(found, [
      'lugsail_bucket_requests_total{bucket="a",outcome="ok"} 2',
      'lugsail_bucket_requests_total{bucket="b",outcome="ok"} 1',
      'lugsail_bucket_requests_total{bucket="(others)",outcome="ok"} 3',
      'lugsail_access_key_requests_total{access_key_id="AKIA1",outcome="failed"} 1',
      'lugsail_access_key_requests_total{access_key_id="AKIA2",outcome="failed"} 1',
      'lugsail_access_key_requests_total{access_key_id="(others)",outcome="failed"} 2',
    ])
    const nothing = newMetrics(0)
    nothing.metrics.observe(bucket('a', { signer: signer('AKIA') }), 200)
    assert.deepEqual(await nothing.lines(), [])
  })

  it('tell what the buckets hold that hold most, and forget those that do no more', async () => {
    const { metrics, lines } = newMetrics(2)
    metrics.setHeld([
      { bucketName: 'a', storedBytes: 5, objects: 1 },
      { bucketName: 'b', storedBytes: 6, objects: 2 },
    ])
    metrics.setHeld([{ bucketName: 'b', storedBytes: 7, objects: 3 }])
    assert.deepEqual(await lines(), [
      'lugsail_bucket_stored_bytes{bucket="b"} 7',
      'lugsail_bucket_objects{bucket="b"} 3',
    ])
  })
})

describe('a histogram of durations', () => {
  it('counts each in all buckets that it is not above, for each combination of labels', () => {
    const histogram = new LatencyHistogram({ name: 'h', help: 'Help.', labelNames: ['a', 'b'] })
    for (const ms of [0, 0.5, 0.6, 1, 60_000, 60_001]) histogram.observe(ms, 'x', 'y')
    histogram.observe(3, 'x')
    const { name, help, type, aggregator, values } = histogram.toJSON() as {
      name: string
      help: string
      type: string
      aggregator: string
      values: { labels: Record<string, unknown>; value: number; metricName: string }[]
    }
    assert.deepEqual([name, help, type, aggregator], ['h', 'Help.', 'histogram', 'sum'])
    const of = (b: string) => values.filter(({ labels }) => labels['b'] === b)
    const buckets = of('y').filter(({ metricName }) => metricName === 'h_bucket')
    const at = (le: unknown) => buckets.find(({ labels }) => labels['le'] === le)?.value
    assert.deepEqual([at(0.0005), at(0.001), at(0.0025), at(10), at(60), at('+Inf')], [2, 4, 4, 4, 5, 6])
    assert.deepEqual(buckets.map(({ labels }) => labels['le']).slice(-2), [60, '+Inf'])
    const sum = of('y').find(({ metricName }) => metricName === 'h_sum')
    assert.ok(Math.abs((sum?.value ?? 0) - 120.0031) < 1e-9)
    assert.deepEqual(sum?.labels, { a: 'x', b: 'y' })
    assert.equal(of('y').find(({ metricName }) => metricName === 'h_count')?.value, 6)
    assert.equal(of('').find(({ metricName }) => metricName === 'h_count')?.value, 1)
  })
})

describe('the metrics of a process', () => {
  const figures = async (work: (metrics: Metrics) => void): Promise<string[]> => {
    const metrics = new Metrics({ droppedLogLines: () => 4 })
    const lines = async () =>
      (await metricsText([await metrics.snapshot()])).text
        .split('\n')
        .filter((line) => /^lugsail_/.test(line) && !/^lugsail_build_info/.test(line))
    const before = new Set(await lines())
    work(metrics)
    return (await lines()).filter((line) => !before.has(line))
  }

  it('tell each thing under its name, times in seconds', async () => {
    const rows: readonly (readonly [work: (metrics: Metrics) => void, lines: readonly string[]])[] = [
      [(metrics) => metrics.countDamage(), ['lugsail_damage_total 1']],
      [
        (metrics) => metrics.countScrubbed({ records: 1, blobs: 2, bytes: 3, damaged: 0 }),
        [
          'lugsail_scrub_read_total{what="records"} 1',
          'lugsail_scrub_read_total{what="blobs"} 2',
          'lugsail_scrub_read_total{what="bytes"} 3',
        ],
      ],
      [
        (metrics) =>
          metrics.setLastScrub({
            startedAt: 0,
            finishedAt: 5_499,
            records: 0,
            blobs: 0,
            bytes: 0,
            damaged: 2,
          }),
        ['lugsail_scrub_last_full_pass_timestamp_seconds 5', 'lugsail_scrub_last_full_pass_damaged 2'],
      ],
      [(metrics) => metrics.setConnections(3), ['lugsail_connections 3']],
      [
        (metrics) => metrics.setCertificateExpiry('c.pem', 2_500),
        ['lugsail_tls_certificate_expiry_timestamp_seconds{file="c.pem"} 2.5'],
      ],
      [(metrics) => metrics.countRefusedConnection(), ['lugsail_connections_refused_total 1']],
      [(metrics) => metrics.countCutConnection('idle'), ['lugsail_connections_cut_total{reason="idle"} 1']],
      [(metrics) => metrics.countHeldOffAddress(), ['lugsail_addresses_held_off_total 1']],
      [
        (metrics) => metrics.countAccessLogLines(2, 'dropped'),
        ['lugsail_access_log_lines_total{outcome="dropped"} 2'],
      ],
      [
        (metrics) => metrics.countAuditLogLines(3, 'left-out'),
        ['lugsail_audit_log_lines_total{outcome="left-out"} 3'],
      ],
      [(metrics) => metrics.countLostKeyUses(4), ['lugsail_key_uses_lost_total 4']],
      [
        (metrics) => metrics.setKeyRotations({ retiring: 5, forgotten: 6 }),
        ['lugsail_key_rotations{state="retiring"} 5', 'lugsail_key_rotations{state="forgotten"} 6'],
      ],
      [
        (metrics) => {
          const totals = {
            buckets: 1,
            exceedingStorage: 2,
            exceedingTransfer: 3,
            storedBytes: 4,
            sentBytes: 5,
            receivedBytes: 6,
          }
          metrics.setBundles(new Map([['gone', totals]]))
          metrics.setBundles(new Map([['small_1_0', totals]]))
        },
        [
          'lugsail_bundle_buckets{bundle="small_1_0",which="all"} 1',
          'lugsail_bundle_buckets{bundle="small_1_0",which="over_storage"} 2',
          'lugsail_bundle_buckets{bundle="small_1_0",which="over_transfer"} 3',
          'lugsail_bundle_bytes{bundle="small_1_0",kind="stored"} 4',
          'lugsail_bundle_bytes{bundle="small_1_0",kind="sent"} 5',
          'lugsail_bundle_bytes{bundle="small_1_0",kind="received"} 6',
        ],
      ],
      [
        (metrics) => metrics.setDisk('blobs', { freeBytes: 7, isLow: true }),
        ['lugsail_disk_free_bytes{store="blobs"} 7', 'lugsail_disk_low{store="blobs"} 1'],
      ],
      [
        (metrics) => metrics.setDisk('blobs', { freeBytes: 7, isLow: false }),
        ['lugsail_disk_free_bytes{store="blobs"} 7', 'lugsail_disk_low{store="blobs"} 0'],
      ],
      [
        (metrics) => metrics.setMetadataSpace({ fileBytes: 8, freeBytes: 9 }),
        ['lugsail_metadata_file_bytes{part="file"} 8', 'lugsail_metadata_file_bytes{part="free"} 9'],
      ],
      [
        (metrics) => metrics.setLastCompaction(1_500),
        ['lugsail_metadata_last_compaction_timestamp_seconds 1.5'],
      ],
      [
        (metrics) => {
          metrics.setBackup({ lastFailureAt: 1_000 })
          metrics.setBackup({ lastSuccessAt: 2_000 })
        },
        ['lugsail_backup_last_timestamp_seconds{outcome="success"} 2'],
      ],
      [
        (metrics) => metrics.setBackup({ lastFailureAt: 1_000 }),
        ['lugsail_backup_last_timestamp_seconds{outcome="failure"} 1'],
      ],
      [
        (metrics) => metrics.setMirrorLag(10, 3_000),
        ['lugsail_mirror_lag_seconds 10', 'lugsail_mirror_last_success_timestamp_seconds 3'],
      ],
      [(metrics) => metrics.setMirrorLag(11, null), ['lugsail_mirror_lag_seconds 11']],
      [(metrics) => metrics.countHealed('blob'), ['lugsail_healed_total{kind="blob"} 1']],
      [
        (metrics) => metrics.setTakesWrites('metadata', true),
        ['lugsail_store_takes_writes{store="metadata"} 1'],
      ],
      [
        (metrics) => metrics.setTakesWrites('metadata', false),
        ['lugsail_store_takes_writes{store="metadata"} 0'],
      ],
    ]
    for (const [work, lines] of rows) assert.deepEqual(await figures(work), lines, lines.join())
    const { text } = await metricsText([await new Metrics({ droppedLogLines: () => 4 }).snapshot()])
    assert.match(text, /^lugsail_log_lines_dropped_total 4$/m)
    assert.match(text, /^lugsail_build_info\{version="[^"]+",node="v\d+\.[^"]+"\} 1$/m)
    const job = await figures((metrics) => metrics.observeJob('scrub', 'error', 2_000))
    assert.ok(job.includes('lugsail_job_duration_seconds_sum{job="scrub",outcome="error"} 2'))
  })

  it('of several processes are those of the worst where one figure stands for all', async () => {
    const [one, two] = [new Metrics(), new Metrics()]
    one.setDisk('blobs', { freeBytes: 7, isLow: true })
    two.setDisk('blobs', { freeBytes: 5, isLow: false })
    one.setTakesWrites('blobs', false)
    two.setTakesWrites('blobs', true)
    one.setCertificateExpiry('c', 1_000)
    two.setCertificateExpiry('c', 2_000)
    one.setMirrorLag(3, 1_000)
    two.setMirrorLag(4, 2_000)
    one.setLastCompaction(1_000)
    two.setLastCompaction(2_000)
    one.setLastScrub({ startedAt: 0, finishedAt: 1_000, records: 0, blobs: 0, bytes: 0, damaged: 2 })
    two.setLastScrub({ startedAt: 0, finishedAt: 2_000, records: 0, blobs: 0, bytes: 0, damaged: 1 })
    const { text, contentType } = await metricsText([await one.snapshot(), await two.snapshot()])
    for (const line of [
      'lugsail_disk_free_bytes{store="blobs"} 5',
      'lugsail_disk_low{store="blobs"} 1',
      'lugsail_store_takes_writes{store="blobs"} 0',
      'lugsail_tls_certificate_expiry_timestamp_seconds{file="c"} 1',
      'lugsail_mirror_lag_seconds 4',
      'lugsail_mirror_last_success_timestamp_seconds 2',
      'lugsail_metadata_last_compaction_timestamp_seconds 2',
      'lugsail_scrub_last_full_pass_timestamp_seconds 2',
      'lugsail_scrub_last_full_pass_damaged 2',
    ])
      assert.ok(text.split('\n').includes(line), line)
    assert.match(contentType, /^text\/plain/)
  })
})
