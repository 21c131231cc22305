import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newTargetInMemory } from '../../../test/backup/target-in-memory.ts'
import { ManualClock } from '../../../test/manual-clock.ts'
import { ownProcess } from '../../base/process-identity.ts'
import { bodyOf, listIds } from '../../storage/testing/blob-fixtures.ts'
import { TargetLock, TargetTaken } from './target-lock.ts'

describe('the lock on a target', () => {
  it('is taken by one process at a time, and from one that is gone', async () => {
    const { target, raw } = newTargetInMemory()
    const lock = await TargetLock.take(target)
    const [id = ''] = await listIds(raw, '')
    assert.ok(id.startsWith(lock.prefix))
    await assert.rejects(
      TargetLock.take(target),
      (error) =>
        error instanceof TargetTaken && /another backup is being written to the place/.test(error.message),
    )
    assert.deepEqual(await listIds(raw, ''), [id])
    await lock.release()
    assert.deepEqual(await listIds(raw, ''), [])
    const gone = { ...ownProcess(), startedAt: 'another time' }
    for (const count of [1, 2])
      await target.store.put(`lock-dead-00000000${count}.c`, bodyOf(Buffer.from(JSON.stringify(gone))))
    const next = await TargetLock.take(target)
    assert.ok((await listIds(raw, '')).every((each) => each.startsWith(next.prefix)))
    await next.release()
  })

  it('has one blob at a time, a newer one with each sign of life', async () => {
    const { target, raw } = newTargetInMemory()
    const uptime = new ManualClock(0)
    const lock = await TargetLock.take(target, () => uptime.now())
    const names: string[] = []
    for (let beat = 0; beat < 3; beat++) {
      const ids = await listIds(raw, '')
      assert.equal(ids.length, 1)
      names.push(ids[0] ?? '')
      uptime.advance(14_000)
      lock.assertHeld()
      await lock.beat()
    }
    assert.deepEqual([...new Set(names)].sort(), names)
    uptime.advance(15_000)
    assert.throws(() => lock.assertHeld(), /could not be kept/)
    await lock.release()
    assert.deepEqual(await listIds(raw, ''), [])
  })
})
