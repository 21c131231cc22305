import assert from 'node:assert/strict'
import { it } from 'node:test'
import { listStates, readState } from './backup-state.ts'
import { collect } from './collect.ts'
import { RunCursor } from './run-cursor.ts'
import { encodeRunKey } from './run-format.ts'
import { runBlobIds } from './names.ts'
import { takeBackup } from './take-backup.ts'
import { verifyTarget } from './verify-target.ts'
import { bodyOf } from '../../storage/testing/blob-fixtures.ts'
import { ObjectWorld } from '../../../test/objects/object-world.ts'
import { identify, newEngines, newTarget } from '../../../test/backup/backup-world.ts'

it('a state that somebody else wrote is told as one that cannot be read, and the next backup is taken all the same', async () => {
  const { target, dispose } = await newTarget()
  try {
    const world = await ObjectWorld.make({}, newEngines())
    const storeId = await identify(world.context)
    const backUp = () =>
      takeBackup({ storeId, source: world.context, target, clock: world.clock, retention: null })
    const { state } = await backUp()
    const whole = JSON.parse((await collect(await target.store.get(state.id))).toString()) as object
    const [run] = state.runs
    const id = `${state.id.slice(0, -4)}0.c`
    const strange = [
      { at: 8.64e15 },
      { at: -1e300 },
      { runs: [{ ...run, id: '../../credentials' }] },
      { runs: [{ ...run, id: `${run?.id}-k.c/..` }] },
      { runs: [null] },
      { runs: [{ ...run, entries: '1' }] },
      { damage: null },
      { damageCount: 'none' },
      { added: null },
      { storeId: 1 },
    ]
    for (const change of strange) {
      await target.store.delete([id])
      await target.store.put(id, bodyOf(Buffer.from(JSON.stringify({ ...whole, ...change, id }))))
      await assert.rejects(readState(target.store, id), RangeError, JSON.stringify(change))
      const { states, unreadable } = await listStates(target.store)
      assert.deepEqual([states.length > 0, unreadable.map((each) => each.id)], [true, [id]])
      assert.ok((await verifyTarget(target)).problems.some((problem) => problem.includes(id)))
      assert.equal((await backUp()).unreadable.length, 1)
    }
  } finally {
    await dispose()
  }
})

it('a run that promises more than a record holds is damaged before it is read into memory', async () => {
  const { target, dispose } = await newTarget()
  const key = encodeRunKey({ key: Buffer.from('A'), version: 1, value: Buffer.from('value') })
  key.writeUInt32BE(0xffff_ffff, 4)
  const ids = runBlobIds('00')
  await target.store.put(ids.keys, bodyOf(key))
  await target.store.put(ids.values, bodyOf(Buffer.alloc(10)))
  const info = { id: '00', entries: 1, keyBytes: 0, keySha256: '', valueBytes: 0, valueSha256: '' }
  const cursor = new RunCursor(target.store, info, { withValues: true })
  await assert.rejects(cursor.next(), /a value is too long/)
  cursor.close()
  await dispose()
})
