import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { HOUR_MS, ledgerWorld, MINUTE_MS } from '../../../test/ledger-world.ts'
import { StoreUnavailable } from '../../storage/metadata-store.ts'

describe('BlobLedger', () => {
  it('never gives a blob id twice, and ids of one writer count up', async () => {
    const { ledger, openLedger } = await ledgerWorld()
    const other = await openLedger()
    const mine = Array.from({ length: 1000 }, () => ledger.newBlobId())
    const theirs = Array.from({ length: 1000 }, () => other.newBlobId())
    assert.equal(new Set([...mine, ...theirs]).size, 2000)
    assert.deepEqual([...mine].sort(), mine)
  })

  it('leaves referenced blobs and blobs in the making alone, whoever sweeps', async () => {
    const { ledger, openLedger, put, refer, ids } = await ledgerWorld()
    const other = await openLedger()
    const referenced = await put(ledger)
    assert.equal(await refer(ledger, referenced), 'ok')
    ledger.settle([referenced])
    const inTheMaking = await put(ledger)
    for (const sweeper of [ledger, other]) assert.equal((await sweeper.sweep()).blobsRemoved, 0)
    assert.deepEqual(await ids(), [referenced, inTheMaking].sort())
  })

  it('never removes what a slow live writer is still writing, however late it commits', async () => {
    const { ledger, openLedger, put, refer, pass } = await ledgerWorld()
    const other = await openLedger()
    const slow = await put(ledger)
    for (let minutes = 0; minutes < 24 * 60; minutes += 5) {
      pass(5 * 60_000)
      await ledger.renew()
      await other.renew()
      if (minutes % 60 === 0) for (const sweeper of [ledger, other]) await sweeper.sweep()
    }
    assert.equal(await refer(ledger, slow), 'ok')
  })

  it('removes the unreferenced blobs of a writer that did not renew its lease, and keeps its referenced ones', async () => {
    const { ledger, openLedger, put, refer, ids, watch } = await ledgerWorld()
    const referenced = await put(ledger)
    await refer(ledger, referenced)
    await put(ledger)
    const other = await openLedger()
    await watch(other)
    assert.deepEqual(await other.sweep(), {
      writersEnded: 1,
      blobsSeen: 2,
      blobsRemoved: 1,
      bytesRemoved: 5,
      referencesMended: 0,
    })
    assert.deepEqual(await ids(), [referenced])
  })

  it('refuses the commit of a writer whose lease was ended, and tells it so', async () => {
    const { ledger, openLedger, put, refer, watch } = await ledgerWorld()
    const late = await put(ledger)
    const other = await openLedger()
    await watch(other)
    await other.sweep()
    assert.equal(await refer(ledger, late), 'conflict')
    await assert.rejects(ledger.confirmLease([late]), StoreUnavailable)
    assert.throws(() => ledger.leaseChecks([late]), StoreUnavailable)
    assert.equal(await refer(ledger, await put(ledger)), 'ok')
  })

  it('confirms the lease after a conflict that had another reason', async () => {
    const { ledger, put } = await ledgerWorld()
    const id = await put(ledger)
    await ledger.confirmLease([id])
    assert.equal(ledger.leaseChecks([id]).length, 1)
  })

  it('removes released blobs after the delay, and not while a body of this process is read from them', async () => {
    const { ledger, put, refer, giveUp, ids, pass } = await ledgerWorld()
    const [first, second] = [await put(ledger), await put(ledger)]
    for (const id of [first, second]) await refer(ledger, id)
    const hold = await ledger.hold([second], ledger.epoch)
    for (const id of [first, second]) await giveUp(ledger, id)
    assert.equal(await ledger.reclaimDue(), 0)
    pass(MINUTE_MS)
    assert.equal(await ledger.reclaimDue(), 1)
    assert.deepEqual(await ids(), [second])
    hold.release()
    pass(MINUTE_MS)
    assert.equal(await ledger.reclaimDue(), 1)
    assert.deepEqual(await ids(), [])
  })

  it('removes released blobs also when the clock was set back', async () => {
    const { ledger, put, ids, clock } = await ledgerWorld()
    ledger.release([await put(ledger)])
    clock.advance(-24 * HOUR_MS)
    assert.equal(await ledger.reclaimDue(), 1)
    assert.deepEqual(await ids(), [])
  })

  it('finds its own forgotten blobs in a second sweep after the grace', async () => {
    const { ledger, put, ids, pass } = await ledgerWorld()
    const forgotten = await put(ledger)
    ledger.settle([forgotten])
    assert.equal((await ledger.sweep()).blobsRemoved, 0)
    pass(HOUR_MS)
    await ledger.renew()
    assert.equal((await ledger.sweep()).blobsRemoved, 1)
    assert.deepEqual(await ids(), [])
  })

  it('keeps blobs that it could still refer to when only the clock of the machine says that the grace is over', async () => {
    const { ledger, put, ids, clock } = await ledgerWorld()
    const forgotten = await put(ledger)
    ledger.settle([forgotten])
    for (const jumpMs of [0, HOUR_MS, -HOUR_MS, 24 * HOUR_MS]) {
      clock.advance(jumpMs)
      assert.equal((await ledger.sweep()).blobsRemoved, 0)
    }
    assert.deepEqual(await ids(), [forgotten])
  })

  it('removes what waits when it is closed, and gives up its lease', async () => {
    const { ledger, openLedger, put, ids } = await ledgerWorld()
    ledger.release([await put(ledger)])
    await put(ledger)
    await ledger.close()
    assert.equal((await ids()).length, 1)
    assert.equal((await (await openLedger()).sweep()).blobsRemoved, 1)
  })

  it('leaves what waits to the sweeper when it is closed while another process may read it', async () => {
    const { ledger, openLedger, put, ids } = await ledgerWorld()
    const other = await openLedger()
    ledger.release([await put(ledger)])
    await ledger.close()
    assert.equal((await ids()).length, 1)
    assert.equal((await other.sweep()).blobsRemoved, 1)
    assert.deepEqual(await ids(), [])
  })

  it('sweeps more blobs than fit a page', async () => {
    const { ledger, openLedger, put, ids, watch } = await ledgerWorld()
    for (let count = 0; count < 2100; count++) await put(ledger)
    const other = await openLedger()
    await watch(other)
    const { blobsSeen, blobsRemoved } = await other.sweep()
    assert.deepEqual([blobsSeen, blobsRemoved], [2100, 2100])
    assert.deepEqual(await ids(), [])
  })
})
