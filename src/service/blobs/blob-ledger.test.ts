import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ManualClock } from '../../base/clock.ts'
import type { BlobId } from '../../storage/blob-store.ts'
import { MemoryBlobStore } from '../../storage/memory/blob-store.ts'
import { MemoryMetadataStore } from '../../storage/memory/metadata-store.ts'
import { StoreUnavailable } from '../../storage/metadata-store.ts'
import { blobReferenceKey } from '../keyspace.ts'
import { BlobLedger } from './blob-ledger.ts'
import { LEASE_DURATION_MS } from './writer-lease.ts'

const HOUR_MS = 3_600_000

async function setUp() {
  const [metadata, blobs, clock] = [new MemoryMetadataStore(), new MemoryBlobStore(), new ManualClock()]
  const openLedger = () => BlobLedger.open({ metadata, blobs, clock })
  async function* body() {
    yield Buffer.from('bytes')
  }
  const put = async (ledger: BlobLedger) => {
    const id = ledger.newBlobId()
    await blobs.put(id, body())
    return id
  }
  const refer = (ledger: BlobLedger, id: BlobId) =>
    metadata.commit({
      checks: ledger.leaseChecks([id]),
      sets: [{ key: blobReferenceKey(id), value: Buffer.alloc(0) }],
    })
  const ids = async () => (await blobs.list({ limit: 1000 })).map(({ id }) => id)
  return { metadata, blobs, clock, openLedger, put, refer, ids, ledger: await openLedger() }
}

describe('BlobLedger', () => {
  it('never gives a blob id twice, and ids of one writer count up', async () => {
    const { ledger, openLedger } = await setUp()
    const other = await openLedger()
    const mine = Array.from({ length: 1000 }, () => ledger.newBlobId())
    const theirs = Array.from({ length: 1000 }, () => other.newBlobId())
    assert.equal(new Set([...mine, ...theirs]).size, 2000)
    assert.deepEqual([...mine].sort(), mine)
  })

  it('leaves referenced blobs and blobs in the making alone, whoever sweeps', async () => {
    const { ledger, openLedger, put, refer, ids } = await setUp()
    const other = await openLedger()
    const referenced = await put(ledger)
    assert.equal(await refer(ledger, referenced), 'ok')
    ledger.settle([referenced])
    const inTheMaking = await put(ledger)
    for (const sweeper of [ledger, other]) assert.equal((await sweeper.sweep()).blobsRemoved, 0)
    assert.deepEqual(await ids(), [referenced, inTheMaking].sort())
  })

  it('never removes what a slow live writer is still writing, however late it commits', async () => {
    const { ledger, openLedger, put, refer, clock } = await setUp()
    const other = await openLedger()
    const slow = await put(ledger)
    for (let minutes = 0; minutes < 24 * 60; minutes += 5) {
      clock.advance(5 * 60_000)
      await ledger.renew()
      await other.renew()
      if (minutes % 60 === 0) for (const sweeper of [ledger, other]) await sweeper.sweep()
    }
    assert.equal(await refer(ledger, slow), 'ok')
  })

  it('removes the unreferenced blobs of a writer whose lease ran out, and keeps its referenced ones', async () => {
    const { ledger, openLedger, put, refer, ids, clock } = await setUp()
    const referenced = await put(ledger)
    await refer(ledger, referenced)
    await put(ledger)
    clock.advance(LEASE_DURATION_MS + 1)
    const other = await openLedger()
    assert.deepEqual(await other.sweep(), { writersEnded: 1, blobsSeen: 2, blobsRemoved: 1, bytesRemoved: 5 })
    assert.deepEqual(await ids(), [referenced])
  })

  it('refuses the commit of a writer whose lease was ended, and tells it so', async () => {
    const { ledger, openLedger, put, refer, clock } = await setUp()
    const late = await put(ledger)
    clock.advance(LEASE_DURATION_MS + 1)
    await (await openLedger()).sweep()
    assert.equal(await refer(ledger, late), 'conflict')
    await assert.rejects(ledger.confirmLease([late]), StoreUnavailable)
    assert.throws(() => ledger.leaseChecks([late]), StoreUnavailable)
    assert.equal(await refer(ledger, await put(ledger)), 'ok')
  })

  it('confirms the lease after a conflict that had another reason', async () => {
    const { ledger, put } = await setUp()
    const id = await put(ledger)
    await ledger.confirmLease([id])
    assert.equal(ledger.leaseChecks([id]).length, 1)
  })

  it('removes released blobs after the delay, and not while a reader of this process has them', async () => {
    const { ledger, put, ids, clock } = await setUp()
    const [first, second] = [await put(ledger), await put(ledger)]
    const unpin = ledger.pin([second])
    ledger.release([first, second])
    assert.equal(await ledger.reclaimDue(), 0)
    clock.advance(60_000)
    assert.equal(await ledger.reclaimDue(), 1)
    assert.deepEqual(await ids(), [second])
    unpin()
    assert.equal(await ledger.reclaimDue(), 1)
    assert.deepEqual(await ids(), [])
  })

  it('finds its own forgotten blobs in a second sweep after the grace', async () => {
    const { ledger, put, ids, clock } = await setUp()
    const forgotten = await put(ledger)
    ledger.settle([forgotten])
    assert.equal((await ledger.sweep()).blobsRemoved, 0)
    clock.advance(HOUR_MS)
    await ledger.renew()
    assert.equal((await ledger.sweep()).blobsRemoved, 1)
    assert.deepEqual(await ids(), [])
  })

  it('removes what waits when it is closed, and gives up its lease', async () => {
    const { ledger, openLedger, put, ids } = await setUp()
    ledger.release([await put(ledger)])
    await put(ledger)
    await ledger.close()
    assert.equal((await ids()).length, 1)
    assert.equal((await (await openLedger()).sweep()).blobsRemoved, 1)
  })

  it('sweeps more blobs than fit a page', async () => {
    const { ledger, openLedger, put, ids, clock } = await setUp()
    for (let count = 0; count < 2100; count++) await put(ledger)
    clock.advance(LEASE_DURATION_MS + 1)
    const { blobsSeen, blobsRemoved } = await (await openLedger()).sweep()
    assert.deepEqual([blobsSeen, blobsRemoved], [2100, 2100])
    assert.deepEqual(await ids(), [])
  })
})
