import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bucketRecord } from '../../../test/bucket-record.ts'
import { ManualClock } from '../../../test/manual-clock.ts'
import { EnvelopeVault } from '../secrets/envelope-vault.ts'
import { mintMasterKey, parseMasterKeys } from '../secrets/master-keys.ts'
import { MemoryBlobStore } from '../../storage/memory/blob-store.ts'
import { MemoryMetadataStore } from '../../storage/memory/metadata-store.ts'
import { StoreUnavailable } from '../../storage/metadata-store.ts'
import { createServiceContext } from '../create-context.ts'
import { bucketKey, objectsRange } from '../keyspace.ts'
import { bucketCodec } from '../records/bucket.ts'
import { decodeObject } from '../records/object-codec.ts'
import { AccessLogs } from './access-logs.ts'
import type { LoggedAccess } from './log-line.ts'
import { DEFAULT_SERVICE_SETTINGS } from '../../../test/service-settings.ts'

const target = {
  bucketName: 'source',
  ownerAccountId: '111111111111',
  region: 'us-east-1',
  destination: 'logs',
  prefix: '',
}

const access = (requestId: string): LoggedAccess => ({
  receivedAt: 0,
  remoteAddress: '192.0.2.1',
  requester: undefined,
  requestId,
  operation: 'REST.GET.OBJECT',
  objectKey: 'k',
  requestLine: 'GET /source/k HTTP/1.1',
  status: 200,
  errorCode: undefined,
  bytesSent: 1,
  objectSizeBytes: 1,
  totalMs: 1,
  turnAroundMs: 1,
  referer: undefined,
  userAgent: undefined,
  versionId: undefined,
  hostId: undefined,
  signatureVersion: undefined,
  cipherSuite: undefined,
  authenticationType: undefined,
  hostHeader: undefined,
  tlsVersion: undefined,
  accessKeyId: undefined,
})

async function setUp() {
  const metadata = new MemoryMetadataStore()
  const vault = new EnvelopeVault(parseMasterKeys(mintMasterKey(), 'the test'))
  const context = createServiceContext({
    metadata,
    blobs: new MemoryBlobStore(),
    clock: new ManualClock(),
    vault,
    settings: { ...DEFAULT_SERVICE_SETTINGS, inlineBodyBytesMax: 1 << 24 },
  })
  const value = bucketCodec.encode(
    bucketRecord({ bucketId: 'id', name: 'logs', accountId: target.ownerAccountId, region: target.region }),
  )
  await metadata.commit({ sets: [{ key: bucketKey('logs'), value }] })
  const lines = async (): Promise<string[][]> => {
    const entries = await metadata.scan({ ...objectsRange('id'), limit: 1000 })
    return entries.map(({ value: record }) => decodeObject(record).tail.toString().split('\n').slice(0, -1))
  }
  return { context, metadata, lines }
}

describe('AccessLogs', () => {
  it('delivers without being asked when a bucket has gathered enough', async () => {
    const { context, lines } = await setUp()
    const delivered = new Promise<number>((resolve) => {
      const logs = new AccessLogs(context, { bucketCharactersMax: 1000, onLines: resolve })
      for (let at = 0; at < 10; at++) logs.record(target, access(`request-${at}`))
    })
    assert.equal(await delivered, 10)
    assert.equal((await lines()).flat().length, 10)
  })

  it('drops lines, and counts them, when more waits than memory may hold', async () => {
    const { context, lines } = await setUp()
    const counts = { delivered: 0, dropped: 0 }
    const logs = new AccessLogs(context, {
      charactersMax: 3000,
      onLines: (count, outcome) => (counts[outcome] += count),
    })
    for (let at = 0; at < 100; at++) logs.record(target, access(`request-${at}`))
    assert.ok(counts.dropped > 80)
    await logs.deliver()
    assert.equal(counts.delivered + counts.dropped, 100)
    assert.equal((await lines()).flat().length, counts.delivered)
    logs.record(target, access('later'))
    await logs.deliver()
    assert.equal((await lines()).flat().filter((line) => line.includes(' later ')).length, 1)
  })

  it('keeps lines in order while the store does not answer, and delivers them when it does', async () => {
    const { context, metadata, lines } = await setUp()
    let isAway = true
    const flaky = createServiceContext({
      ...context,
      metadata: Object.assign(Object.create(metadata) as MemoryMetadataStore, {
        getMany: (keys: Parameters<typeof metadata.getMany>[0]) =>
          isAway ? Promise.reject(new StoreUnavailable('away')) : metadata.getMany(keys),
        scan: metadata.scan.bind(metadata),
        commit: metadata.commit.bind(metadata),
      }),
    })
    const logs = new AccessLogs(flaky)
    logs.record(target, access('first'))
    await assert.rejects(logs.deliver())
    logs.record(target, access('second'))
    isAway = false
    await logs.deliver()
    const [file = []] = await lines()
    assert.deepEqual(
      file.map((line) => /(first|second)/.exec(line)?.[0]),
      ['first', 'second'],
    )
  })
})
