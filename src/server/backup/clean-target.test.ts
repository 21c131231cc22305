import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newTargetInMemory } from '../../../test/backup/target-in-memory.ts'
import { blobReferenceKey } from '../../service/keyspace.ts'
import { bodyOf, listIds } from '../../storage/testing/blob-fixtures.ts'
import { type BackupState } from './backup-state.ts'
import { cleanTarget, namedBlobs } from './clean-target.ts'
import { parseRetention } from './retention.ts'
import type { RunInfo } from './run-format.ts'
import { writeRun } from './run-writer.ts'
import { referencedBlobs } from './state-taker.ts'

describe('what is removed from a target', () => {
  async function filled() {
    const { raw, target } = newTargetInMemory()
    const { store } = target
    const runOf = async (...blobs: string[]): Promise<RunInfo> => {
      const run = await writeRun(
        store,
        (async function* () {
          for (const id of blobs) yield { key: blobReferenceKey(id), version: 1, value: Buffer.alloc(0) }
          yield { key: Buffer.from('Z'), version: 1, value: Buffer.from('value') }
        })(),
      )
      assert.ok(run)
      return run
    }
    const stateOf = (id: string, at: number, ...runs: RunInfo[]): BackupState => ({
      ...{ format: 1, id, storeId: 's', at, finishedAt: at, runs, records: 1, blobs: 1 },
      ...{ added: { records: 0, blobs: 0, bytes: 0 }, damage: [], damageCount: 0 },
    })
    for (const id of ['0a.c', '0b.c', '0c.c']) await store.put(id, bodyOf(Buffer.from(id)))
    const [old, kept, cut] = [await runOf('0a.c'), await runOf('0b.c'), await runOf('0c.c')]
    const states = [stateOf('state-1.c', 1, old), stateOf('state-2.c', 2, old, kept)]
    for (const { id } of states) await store.put(id, bodyOf(Buffer.from('a state')))
    const held = { count: 0 }
    const clean = (more: Partial<Parameters<typeof cleanTarget>[1]> = {}) =>
      cleanTarget(store, {
        ...{ states, retention: null, nowMs: 2, hasUnreadable: false, assertHeld: () => void held.count++ },
        ...more,
      })
    return { raw, store, runOf, stateOf, states, old, kept, cut, clean, held }
  }

  it('is what no state needs: runs that were cut off, and blobs that nothing names', async () => {
    const { store, cut, clean, held } = await filled()
    const { states, runs, blobs, bytes } = await clean()
    assert.deepEqual([states, runs, blobs], [0, 1, 1])
    assert.ok(bytes > 3)
    assert.ok(held.count >= 3)
    assert.deepEqual(await listIds(store, `run-${cut.id}`), [])
    assert.deepEqual(await listIds(store, '0'), ['0a.c', '0b.c'])
    assert.deepEqual(await clean(), { states: 0, runs: 0, blobs: 0, bytes: 0 })
  })

  it('is nothing but states where one cannot be read, and no blob where those are to stay', async () => {
    const unreadable = await filled()
    const retention = parseRetention('1')
    assert.ok(retention)
    assert.deepEqual(await unreadable.clean({ hasUnreadable: true, retention }), {
      states: 1,
      runs: 0,
      blobs: 0,
      bytes: 0,
    })
    assert.deepEqual(await listIds(unreadable.store, 'state-'), ['state-2.c'])
    assert.equal((await listIds(unreadable.store, 'run-')).length, 6)
    const keeping = await filled()
    const done = await keeping.clean({ keepsBlobs: true })
    assert.deepEqual([done.runs, done.blobs], [1, 0])
    assert.deepEqual(await listIds(keeping.store, '0'), ['0a.c', '0b.c', '0c.c'])
  })

  it('is nothing once the lock is lost', async () => {
    const { store, clean } = await filled()
    const assertHeld = (): never => {
      throw new Error('the lock is lost')
    }
    await assert.rejects(clean({ assertHeld, retention: [] }), /the lock is lost/)
    assert.equal((await listIds(store, '')).length, 3 + 6 + 2)
  })

  it('is no blob that any of very many runs names, in whatever order they are', async () => {
    const { store, runOf } = await filled()
    const runs: RunInfo[] = []
    const ids = Array.from({ length: 40 }, (_, index) => `1${String(index).padStart(3, '0')}.c`)
    for (const [index, id] of ids.entries())
      runs.push(await runOf(...(index % 2 === 0 ? [id] : ['0a.c', id])))
    const named: string[] = []
    for await (const id of namedBlobs(store, runs)) named.push(id)
    assert.deepEqual(named, ['0a.c', ...ids])
    const referenced: string[] = []
    for await (const id of referencedBlobs({ store }, runs.slice(0, 3))) referenced.push(id)
    assert.deepEqual(referenced, ['0a.c', ...ids.slice(0, 3)])
  })
})
