import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { HOUR_MS, ledgerWorld, MINUTE_MS } from '../../../test/ledger-world.ts'
import { writerLeaseKey } from '../keyspace.ts'
import { BlobLedger } from './blob-ledger.ts'

describe('the lease of a process', () => {
  it('is not ended by another one whose clock jumps, nor are its blobs swept', async () => {
    const { ledger, openLedger, put, refer, clock, pass } = await ledgerWorld()
    const other = await openLedger()
    const inTheMaking = await put(ledger)
    for (const jumpMs of [HOUR_MS, -3 * HOUR_MS, 24 * HOUR_MS]) {
      clock.advance(jumpMs)
      for (let minute = 0; minute < 2; minute++) {
        assert.equal((await other.sweep()).blobsRemoved, 0)
        pass(MINUTE_MS)
      }
    }
    assert.equal(await refer(ledger, inTheMaking), 'ok')
  })

  it('is not ended by another one for as long as it is renewed, by a clock that is days behind', async () => {
    const { metadata, blobs, openLedger, clock, monotonic, pass } = await ledgerWorld()
    const other = await openLedger()
    const late = { now: () => clock.now() - 72 * HOUR_MS }
    const writer = await BlobLedger.open({ metadata, blobs, clock: late, monotonicMs: () => monotonic.now() })
    const { writerId } = writer
    for (let minute = 0; minute < 30; minute++) {
      pass(MINUTE_MS)
      await writer.renew()
      await other.watchLeases()
    }
    assert.equal(writer.writerId, writerId)
  })

  it('is ended by another one ten minutes after its last renewal as that one saw it, and not before, though its clock is days ahead', async () => {
    const { metadata, blobs, openLedger, clock, monotonic, pass } = await ledgerWorld()
    const early = { now: () => clock.now() + 72 * HOUR_MS }
    const gone = await BlobLedger.open({ metadata, blobs, clock: early, monotonicMs: () => monotonic.now() })
    const other = await openLedger()
    const isThere = async () => (await metadata.getMany([writerLeaseKey(gone.writerId)]))[0] !== null
    await other.watchLeases()
    for (let minute = 1; minute <= 10; minute++) {
      assert.equal(await isThere(), true)
      pass(MINUTE_MS)
      await other.watchLeases()
    }
    assert.equal(await isThere(), false)
  })

  it('is not ended after a long time in which nobody looked: others may not have been able to renew theirs either', async () => {
    const { ledger, openLedger, pass, metadata } = await ledgerWorld()
    const other = await openLedger()
    await other.watchLeases()
    for (let pauses = 0; pauses < 3; pauses++) {
      pass(HOUR_MS)
      await other.watchLeases()
    }
    const isThere = async () => (await metadata.getMany([writerLeaseKey(ledger.writerId)]))[0] !== null
    assert.equal(await isThere(), true)
    pass(HOUR_MS)
    await other.watchLeases()
    assert.equal(await isThere(), false)
  })
})
