import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ManualClock } from '../../../test/manual-clock.ts'
import type { BlobId } from '../../storage/blob-store.ts'
import { MemoryBlobStore } from '../../storage/memory/blob-store.ts'
import { MemoryMetadataStore } from '../../storage/memory/metadata-store.ts'
import { StoreUnavailable } from '../../storage/metadata-store.ts'
import { blobReferenceKey, removalQuestionsRange } from '../keyspace.ts'
import { BlobLedger, BlobsGivenUp } from './blob-ledger.ts'
import { LEASE_DURATION_MS } from './writer-lease.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

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

  it('removes released blobs after the delay, and not while a body of this process is read from them', async () => {
    const { ledger, put, refer, giveUp, ids, clock } = await setUp()
    const [first, second] = [await put(ledger), await put(ledger)]
    for (const id of [first, second]) await refer(ledger, id)
    const hold = await ledger.hold([second], ledger.epoch)
    for (const id of [first, second]) await giveUp(ledger, id)
    assert.equal(await ledger.reclaimDue(), 0)
    clock.advance(MINUTE_MS)
    assert.equal(await ledger.reclaimDue(), 1)
    assert.deepEqual(await ids(), [second])
    hold.release()
    clock.advance(MINUTE_MS)
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
    const { ledger, openLedger, put, ids, clock } = await setUp()
    for (let count = 0; count < 2100; count++) await put(ledger)
    clock.advance(LEASE_DURATION_MS + 1)
    const { blobsSeen, blobsRemoved } = await (await openLedger()).sweep()
    assert.deepEqual([blobsSeen, blobsRemoved], [2100, 2100])
    assert.deepEqual(await ids(), [])
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
    const { id, reader, remover, giveUp, questions, ids, clock } = await setUpReading()
    const hold = await reader.hold([id], reader.epoch)
    await giveUp(remover, id)
    for (let minute = 0; minute < 20; minute++) {
      clock.advance(MINUTE_MS)
      for (const ledger of [reader, remover]) await ledger.renew()
      await remover.reclaimDue()
      await reader.answerQuestions()
      assert.equal(await remover.reclaimDue(), 0)
      assert.equal(remover.isUndecided, false)
    }
    assert.deepEqual(await ids(), [id])
    hold.release()
    clock.advance(MINUTE_MS)
    await remover.reclaimDue()
    await reader.answerQuestions()
    assert.equal(await remover.reclaimDue(), 1)
    assert.deepEqual(await ids(), [])
    assert.equal(await questions(), 0)
  })

  it('goes piece by piece as a body leaves them behind', async () => {
    const { ledger, openLedger, put, refer, giveUp, ids, clock } = await setUp()
    const blobIds = [await put(ledger), await put(ledger), await put(ledger)]
    for (const id of blobIds) await refer(ledger, id)
    const reader = await openLedger()
    const hold = await reader.hold(blobIds, reader.epoch)
    hold.readFirst(2)
    for (const id of blobIds) await giveUp(ledger, id)
    clock.advance(MINUTE_MS)
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

  it('stays while a process that has a lease says nothing, and goes when the lease has run out', async () => {
    const { id, remover, reader, giveUp, ids, questions, clock } = await setUpReading()
    await giveUp(remover, id)
    for (let minute = 1; minute < 10; minute++) {
      clock.advance(MINUTE_MS)
      await remover.renew()
      assert.equal(await remover.reclaimDue(), 0)
    }
    await reader.answerQuestions()
    assert.equal(await remover.reclaimDue(), 1)
    const silent = await setUpReading()
    await silent.giveUp(silent.remover, silent.id)
    for (let minute = 0; minute < 12; minute++) {
      silent.clock.advance(MINUTE_MS)
      await silent.remover.renew()
      await silent.remover.reclaimDue()
    }
    assert.deepEqual([await ids(), await silent.ids()], [[], []])
    assert.deepEqual([await questions(), await silent.questions()], [0, 0])
  })

  it('is not begun with when it was given up between look-up and hold, though nobody held it when it was asked about', async () => {
    const { id, reader, remover, giveUp, clock } = await setUpReading()
    const { epoch } = reader
    await giveUp(remover, id)
    clock.advance(MINUTE_MS)
    await remover.reclaimDue()
    await reader.answerQuestions()
    await assert.rejects(reader.hold([id], epoch), BlobsGivenUp)
    assert.equal(await remover.reclaimDue(), 1)
  })

  it('is begun with when another was asked about between look-up and hold', async () => {
    const { id, reader, remover, put, clock } = await setUpReading()
    const { epoch } = reader
    remover.release([await put(remover)])
    clock.advance(MINUTE_MS)
    await remover.reclaimDue()
    await reader.answerQuestions()
    assert.notEqual(reader.epoch, epoch)
    const hold = await reader.hold([id], epoch)
    hold.release()
  })

  it('is looked at again by a process that lost its lease without noticing', async () => {
    const { id, reader, remover, giveUp, clock, ids } = await setUpReading()
    const { epoch } = reader
    await giveUp(remover, id)
    clock.advance(LEASE_DURATION_MS + 1)
    await remover.renew()
    await remover.sweep()
    await remover.reclaimDue()
    assert.deepEqual(await ids(), [])
    await assert.rejects(reader.hold([id], epoch), BlobsGivenUp)
  })

  it('is forgotten as a question with the process that asked', async () => {
    const { id, reader, remover, giveUp, questions, clock } = await setUpReading()
    await giveUp(remover, id)
    clock.advance(MINUTE_MS)
    await remover.reclaimDue()
    assert.equal(await questions(), 1)
    clock.advance(LEASE_DURATION_MS + 1)
    await reader.renew()
    await reader.sweep()
    assert.equal(await questions(), 0)
  })
})

describe('a rule that holds blobs which nobody named', () => {
  it('keeps them in every process, also those that were written and given up later, until it ends', async () => {
    const { ledger: reader, openLedger, put, refer, giveUp, ids, clock } = await setUp()
    const remover = await openLedger()
    const [first, second] = [await put(remover), await put(remover)]
    for (const id of [first, second]) await refer(remover, id)
    const held = { from: first }
    const end = await reader.holdWhere((id) => id > held.from)
    for (const id of [first, second]) await giveUp(remover, id)
    const pass = async () => {
      clock.advance(MINUTE_MS)
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
