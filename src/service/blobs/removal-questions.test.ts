import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ledgerWorld, MINUTE_MS } from '../../../test/ledger-world.ts'
import { blobReferenceKey } from '../keyspace.ts'
import { BlobsGivenUp, type BlobLedger } from './blob-ledger.ts'

describe('a blob that is read in one process and given up in another', () => {
  /** A blob of a writer that is gone, read through `reader`, and given up by `remover`. */
  async function setUpReading() {
    const world = await ledgerWorld()
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
    const { ledger, openLedger, put, refer, giveUp, ids, pass } = await ledgerWorld()
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
    const { ledger: reader, openLedger, put, refer, giveUp, ids, pass: elapse } = await ledgerWorld()
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
