import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ManualClock } from '../../../test/manual-clock.ts'
import type { BlobId } from '../../storage/blob-store.ts'
import { MemoryBlobStore } from '../../storage/memory/blob-store.ts'
import { MemoryMetadataStore } from '../../storage/memory/metadata-store.ts'
import { StoreUnavailable } from '../../storage/metadata-store.ts'
import { blobReferenceKey, removalQuestionsRange, writerLeaseKey } from '../keyspace.ts'
import { BlobLedger, BlobsGivenUp } from './blob-ledger.ts'
import { LEASE_DURATION_MS } from './writer-lease.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

async function setUp() {
  const [metadata, blobs, clock] = [new MemoryMetadataStore(), new MemoryBlobStore(), new ManualClock()]
  const monotonic = new ManualClock(0)
  const openLedger = () => BlobLedger.open({ metadata, blobs, clock, monotonicMs: () => monotonic.now() })
  const pass = (durationMs: number) => {
    clock.advance(durationMs)
    monotonic.advance(durationMs)
  }
  /** Ten minutes go by in which `watcher` looks at the leases and renews its own each minute; others do not renew theirs. */
  const watch = async (watcher: BlobLedger) => {
    for (let elapsedMs = 0; elapsedMs < LEASE_DURATION_MS; elapsedMs += MINUTE_MS) {
      await watcher.watchLeases()
      pass(MINUTE_MS)
      await watcher.renew()
    }
  }
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
  /** As a commit that removes or replaces the object of this blob. */
  const giveUp = async (ledger: BlobLedger, id: BlobId) => {
    await metadata.commit({ deletes: [blobReferenceKey(id)] })
    ledger.release([id])
  }
  const questions = async () => (await metadata.scan({ ...removalQuestionsRange(), limit: 10 })).length
  const ids = async () => (await blobs.list({ limit: 1000 })).map(({ id }) => id)
  return {
    metadata,
    blobs,
    clock,
    monotonic,
    pass,
    watch,
    openLedger,
    put,
    refer,
    giveUp,
    questions,
    ids,
    ledger: await openLedger(),
  }
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
    const { ledger, openLedger, put, refer, pass } = await setUp()
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
    const { ledger, openLedger, put, refer, ids, watch } = await setUp()
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
    const { ledger, openLedger, put, refer, watch } = await setUp()
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
    const { ledger, put } = await setUp()
    const id = await put(ledger)
    await ledger.confirmLease([id])
    assert.equal(ledger.leaseChecks([id]).length, 1)
  })

  it('removes released blobs after the delay, and not while a body of this process is read from them', async () => {
    const { ledger, put, refer, giveUp, ids, pass } = await setUp()
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
    const { ledger, put, ids, clock } = await setUp()
    ledger.release([await put(ledger)])
    clock.advance(-24 * HOUR_MS)
    assert.equal(await ledger.reclaimDue(), 1)
    assert.deepEqual(await ids(), [])
  })

  it('finds its own forgotten blobs in a second sweep after the grace', async () => {
    const { ledger, put, ids, pass } = await setUp()
    const forgotten = await put(ledger)
    ledger.settle([forgotten])
    assert.equal((await ledger.sweep()).blobsRemoved, 0)
    pass(HOUR_MS)
    await ledger.renew()
    assert.equal((await ledger.sweep()).blobsRemoved, 1)
    assert.deepEqual(await ids(), [])
  })

  it('keeps blobs that it could still refer to when only the clock of the machine says that the grace is over', async () => {
    const { ledger, put, ids, clock } = await setUp()
    const forgotten = await put(ledger)
    ledger.settle([forgotten])
    for (const jumpMs of [0, HOUR_MS, -HOUR_MS, 24 * HOUR_MS]) {
      clock.advance(jumpMs)
      assert.equal((await ledger.sweep()).blobsRemoved, 0)
    }
    assert.deepEqual(await ids(), [forgotten])
  })

  it('removes what waits when it is closed, and gives up its lease', async () => {
    const { ledger, openLedger, put, ids } = await setUp()
    ledger.release([await put(ledger)])
    await put(ledger)
    await ledger.close()
    assert.equal((await ids()).length, 1)
    assert.equal((await (await openLedger()).sweep()).blobsRemoved, 1)
  })

  it('leaves what waits to the sweeper when it is closed while another process may read it', async () => {
    const { ledger, openLedger, put, ids } = await setUp()
    const other = await openLedger()
    ledger.release([await put(ledger)])
    await ledger.close()
    assert.equal((await ids()).length, 1)
    assert.equal((await other.sweep()).blobsRemoved, 1)
    assert.deepEqual(await ids(), [])
  })

  it('sweeps more blobs than fit a page', async () => {
    const { ledger, openLedger, put, ids, watch } = await setUp()
    for (let count = 0; count < 2100; count++) await put(ledger)
    const other = await openLedger()
    await watch(other)
    const { blobsSeen, blobsRemoved } = await other.sweep()
    assert.deepEqual([blobsSeen, blobsRemoved], [2100, 2100])
    assert.deepEqual(await ids(), [])
  })
})

describe('the lease of a process', () => {
  it('is not ended by another one whose clock jumps, nor are its blobs swept', async () => {
    const { ledger, openLedger, put, refer, clock, pass } = await setUp()
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
    const { metadata, blobs, openLedger, clock, monotonic, pass } = await setUp()
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
    const { metadata, blobs, openLedger, clock, monotonic, pass } = await setUp()
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
    const { ledger, openLedger, pass, metadata } = await setUp()
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

describe('a blob that is read in one process and given up in another', () => {
  /** A blob of a writer that is gone, read through `reader`, and given up by `remover`. */
  async function setUpReading() {
    const world = await setUp()
    const { ledger: writer, openLedger, put, refer } = world
    const id = await put(writer)
    await refer(writer, id)
    await writer.close()
    const [reader, remover] = [await openLedger(), await openLedger()]
    return { ...world, id, reader, remover }
  }

  it('stays until it was read, and goes then', async () => {
    const { id, reader, remover, giveUp, questions, ids, pass } = await setUpReading()
    const hold = await reader.hold([id], reader.epoch)
    await giveUp(remover, id)
    for (let minute = 0; minute < 20; minute++) {
      pass(MINUTE_MS)
      for (const ledger of [reader, remover]) await ledger.renew()
      await remover.reclaimDue()
      await reader.answerQuestions()
      assert.equal(await remover.reclaimDue(), 0)
      assert.equal(remover.isUndecided, false)
    }
    assert.deepEqual(await ids(), [id])
    hold.release()
    pass(MINUTE_MS)
    await remover.reclaimDue()
    await reader.answerQuestions()
    assert.equal(await remover.reclaimDue(), 1)
    assert.deepEqual(await ids(), [])
    assert.equal(await questions(), 0)
  })

  it('goes piece by piece as a body leaves them behind', async () => {
    const { ledger, openLedger, put, refer, giveUp, ids, pass } = await setUp()
    const blobIds = [await put(ledger), await put(ledger), await put(ledger)]
    for (const id of blobIds) await refer(ledger, id)
    const reader = await openLedger()
    const hold = await reader.hold(blobIds, reader.epoch)
    hold.readFirst(2)
    for (const id of blobIds) await giveUp(ledger, id)
    pass(MINUTE_MS)
    await ledger.reclaimDue()
    await reader.answerQuestions()
    assert.equal(await ledger.reclaimDue(), 2)
    assert.deepEqual(await ids(), blobIds.slice(2))
  })

  it('is not swept by a third one, when its writer is long gone', async () => {
    const { id, reader, openLedger, metadata, ids } = await setUpReading()
    const hold = await reader.hold([id], reader.epoch)
    await metadata.commit({ deletes: [blobReferenceKey(id)] })
    const sweeper = await openLedger()
    const answerAll = async (ledgers: readonly BlobLedger[]) => {
      for (const ledger of ledgers) await ledger.answerQuestions()
    }
    assert.equal((await sweeper.sweep()).blobsRemoved, 1)
    await answerAll([reader])
    assert.equal(await sweeper.reclaimAll(), 0)
    assert.deepEqual(await ids(), [id])
    hold.release()
  })

  it('stays while a process that has a lease says nothing, and goes when the lease was not renewed for ten minutes', async () => {
    const { id, remover, reader, giveUp, ids, questions, pass } = await setUpReading()
    await giveUp(remover, id)
    for (let minute = 1; minute < 10; minute++) {
      pass(MINUTE_MS)
      await remover.renew()
      assert.equal(await remover.reclaimDue(), 0)
    }
    await reader.answerQuestions()
    assert.equal(await remover.reclaimDue(), 1)
    const silent = await setUpReading()
    await silent.giveUp(silent.remover, silent.id)
    for (let minute = 0; minute < 12; minute++) {
      silent.pass(MINUTE_MS)
      await silent.remover.renew()
      await silent.remover.watchLeases()
      await silent.remover.reclaimDue()
    }
    assert.deepEqual([await ids(), await silent.ids()], [[], []])
    assert.deepEqual([await questions(), await silent.questions()], [0, 0])
  })

  it('is not begun with when it was given up between look-up and hold, though nobody held it when it was asked about', async () => {
    const { id, reader, remover, giveUp, pass } = await setUpReading()
    const { epoch } = reader
    await giveUp(remover, id)
    pass(MINUTE_MS)
    await remover.reclaimDue()
    await reader.answerQuestions()
    await assert.rejects(reader.hold([id], epoch), BlobsGivenUp)
    assert.equal(await remover.reclaimDue(), 1)
  })

  it('is begun with when another was asked about between look-up and hold', async () => {
    const { id, reader, remover, put, pass } = await setUpReading()
    const { epoch } = reader
    remover.release([await put(remover)])
    pass(MINUTE_MS)
    await remover.reclaimDue()
    await reader.answerQuestions()
    assert.notEqual(reader.epoch, epoch)
    const hold = await reader.hold([id], epoch)
    hold.release()
  })

  it('is looked at again by a process that lost its lease without noticing', async () => {
    const { id, reader, remover, giveUp, watch, ids } = await setUpReading()
    const { epoch } = reader
    await giveUp(remover, id)
    await watch(remover)
    await remover.sweep()
    await remover.reclaimDue()
    assert.deepEqual(await ids(), [])
    await assert.rejects(reader.hold([id], epoch), BlobsGivenUp)
  })

  it('is forgotten as a question with the process that asked', async () => {
    const { id, reader, remover, giveUp, questions, pass, watch } = await setUpReading()
    await giveUp(remover, id)
    pass(MINUTE_MS)
    await remover.reclaimDue()
    assert.equal(await questions(), 1)
    await watch(reader)
    await reader.sweep()
    assert.equal(await questions(), 0)
  })
})

describe('a rule that holds blobs which nobody named', () => {
  it('keeps them in every process, also those that were written and given up later, until it ends', async () => {
    const { ledger: reader, openLedger, put, refer, giveUp, ids, pass: elapse } = await setUp()
    const remover = await openLedger()
    const [first, second] = [await put(remover), await put(remover)]
    for (const id of [first, second]) await refer(remover, id)
    const held = { from: first }
    const end = await reader.holdWhere((id) => id > held.from)
    for (const id of [first, second]) await giveUp(remover, id)
    const pass = async () => {
      elapse(MINUTE_MS)
      await remover.reclaimDue()
      await reader.answerQuestions()
      await remover.reclaimDue()
    }
    await pass()
    assert.deepEqual(await ids(), [second])
    end()
    await pass()
    assert.deepEqual(await ids(), [])
  })
})
