import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MemoryBlobStore } from '../../storage/memory/blob-store.ts'
import { bodyOf } from '../../storage/testing/blob-fixtures.ts'
import { listStates, readState, writeState, type BackupState } from './backup-state.ts'

const run = { id: '0a', entries: 1, keyBytes: 2, keySha256: 'k', valueBytes: 3, valueSha256: 'v' }
const stateOf = (id: string, at: number): Omit<BackupState, 'format'> => ({
  ...{ id, at, storeId: 'store', finishedAt: at + 1, runs: [run], records: 1, blobs: 0 },
  ...{ added: { records: 1, blobs: 0, bytes: 5 }, damage: [], damageCount: 0 },
})

/** What becomes of a state some of whose members are other ones; `undefined` takes a member away. */
async function readChanged(change: Readonly<Record<string, unknown>>): Promise<BackupState> {
  const store = new MemoryBlobStore()
  const id = 'state-1.c'
  const text = JSON.stringify({ format: 1, ...stateOf(id, 1), ...change })
  await store.put(id, bodyOf(Buffer.from(text)))
  return await readState(store, id)
}

describe('a state of a backup', () => {
  it('is read as it was written', async () => {
    const store = new MemoryBlobStore()
    const state = stateOf('state-1.c', 1)
    await writeState(store, state)
    assert.deepEqual(await readState(store, state.id), { format: 1, ...state })
  })

  it('is one of many, oldest first by its moment; what cannot be read is told beside them', async () => {
    const store = new MemoryBlobStore()
    for (const [id, at] of [
      ['state-1.c', 30],
      ['state-2.c', 10],
      ['state-3.c', 20],
    ] as const)
      await writeState(store, stateOf(id, at))
    await store.put('state-4.c', bodyOf(Buffer.from('no JSON')))
    await store.put('run-1-k.c', bodyOf(Buffer.from('no state')))
    const { states, unreadable } = await listStates(store)
    assert.deepEqual(
      states.map(({ id }) => id),
      ['state-2.c', 'state-3.c', 'state-1.c'],
    )
    assert.deepEqual(
      unreadable.map(({ id }) => id),
      ['state-4.c'],
    )
    assert.match(unreadable[0]?.reason ?? '', /JSON/)
  })

  it('has all its members, of their kinds, and moments that a date can be of', async () => {
    for (const name of ['format', 'id', 'storeId', 'at', 'runs', 'damage', 'damageCount', 'added'])
      for (const value of [undefined, null, true])
        await assert.rejects(readChanged({ [name]: value }), RangeError, `${name} ${String(value)}`)
    for (const name of Object.keys(run)) {
      for (const value of [undefined, null, true])
        await assert.rejects(readChanged({ runs: [run, { ...run, [name]: value }] }), RangeError, name)
    }
    for (const runs of ['', {}, [null], ['0a'], [{ ...run, id: '' }], [{ ...run, id: '0A' }]])
      await assert.rejects(readChanged({ runs }), RangeError, JSON.stringify(runs))
    for (const at of [8.64e15, -8.64e15]) await assert.rejects(readChanged({ at }), RangeError)
    for (const at of [0, -1, 4e15]) assert.equal((await readChanged({ at })).at, at)
    for (const text of ['null', '1', '"state"', '[]']) {
      const store = new MemoryBlobStore()
      await store.put('state-1.c', bodyOf(Buffer.from(text)))
      await assert.rejects(readState(store, 'state-1.c'), RangeError, text)
    }
  })

  it('of a newer form, or under another name, is refused by name', async () => {
    await assert.rejects(readChanged({ format: 2 }), /format 2.*newer Lugsail/)
    await assert.rejects(readChanged({ id: 'state-2.c' }), /is the state state-2\.c/)
    assert.deepEqual((await readChanged({ runs: [] })).runs, [])
  })
})
