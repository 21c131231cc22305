import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MemoryBlobStore } from '../../storage/memory/blob-store.ts'
import { bodyOf } from '../../storage/testing/blob-fixtures.ts'
import { newRandomName, newStateId, runBlobIds, runIdOf, targetBlobId } from './names.ts'
import { allBlobIds, storedBlobs } from './target-content.ts'

async function targetOf(ids: readonly string[]): Promise<MemoryBlobStore> {
  const store = new MemoryBlobStore()
  for (const id of ids) await store.put(id, bodyOf(Buffer.from('x')))
  return store
}

async function idsOf(entries: AsyncIterable<{ readonly id: string }>): Promise<string[]> {
  const ids: string[] = []
  for await (const { id } of entries) ids.push(id)
  return ids
}

describe('what lies in a target', () => {
  it('is listed in order and to its end, however much it is', async () => {
    for (const count of [0, 1, 999, 1_000, 1_001, 2_000]) {
      const ids = Array.from({ length: count }, (_, index) => `run-${String(index).padStart(5, '0')}`)
      const target = await targetOf(['head.c', ...ids, 'state-1.c'])
      assert.deepEqual(await idsOf(allBlobIds(target, 'run-')), ids, String(count))
      assert.equal((await idsOf(allBlobIds(target, ''))).length, count + 2)
    }
  })

  it('is a blob of the store where its id begins with a hexadecimal digit, and nothing else', async () => {
    const blobs = ['0a.c', '9.c', 'a-1.c', 'f-f.c', 'ffff.c']
    const { keys, values } = runBlobIds(newRandomName())
    const others = ['head.c', keys, values, newStateId(0), 'lock-1-000000001.c', 'g.c']
    const target = await targetOf([...others, ...blobs])
    assert.deepEqual(await idsOf(storedBlobs(target)), blobs)
    for (const id of others) assert.throws(() => targetBlobId(id), RangeError, id)
    assert.deepEqual(
      blobs.map((id) => targetBlobId(id)),
      blobs,
    )
    assert.equal(targetBlobId('0a'), '0a.c', 'blobs of older releases get the suffix')
  })

  it('names runs by both their halves, and states by their moments, so that they sort by time', () => {
    const runId = newRandomName()
    assert.match(runId, /^[0-9a-f]{16}$/)
    assert.notEqual(newRandomName(), runId)
    const { keys, values } = runBlobIds(runId)
    assert.notEqual(keys, values)
    assert.deepEqual([runIdOf(keys), runIdOf(values)], [runId, runId])
    for (const id of [
      `run-${runId}.c`,
      `run-${runId}-k`,
      `run-${runId}-x.c`,
      `a${keys}`,
      `${keys}.c`,
      '0a.c',
    ])
      assert.equal(runIdOf(id), null, id)
    const moments = [0, 1, 999, 1_000, Date.UTC(2029, 11, 31, 23, 59), Date.UTC(2030, 0, 1)]
    const ids = moments.map(newStateId)
    assert.deepEqual([...ids].sort(), ids)
    assert.match(newStateId(Date.UTC(2030, 0, 2, 3, 4, 5, 6)), /^state-20300102t030405006z-[0-9a-f]{16}\.c$/)
  })
})
