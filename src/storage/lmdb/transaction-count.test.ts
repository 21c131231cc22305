import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { DataFile } from './data-file.ts'
import { FILE_NAME } from './environment.ts'
import { LOCK_SUFFIX } from './leftovers.ts'
import { LmdbMetadataStore } from './metadata-store.ts'
import { TransactionCount } from './transaction-count.ts'

const root = mkdtempSync(join(tmpdir(), 'lugsail-count-'))
after(() => rmSync(root, { recursive: true, force: true }))

describe('the count of transactions', () => {
  it('is the number of the last one that the file has, after each commit', async () => {
    const store = LmdbMetadataStore.open(root)
    const path = join(root, FILE_NAME)
    const file = DataFile.open(path)
    const count = new TransactionCount(path + LOCK_SUFFIX)
    for (let commit = 0; commit < 3; commit++) {
      await store.commit({ sets: [{ key: Buffer.from('key'), value: Buffer.of(commit) }] })
      assert.equal(count.read(), file.newestState().transactionId)
    }
    file.close()
    await store.close()
  })

  it('is not known of a file that is no lock file of the engine, nor of none', () => {
    const other = join(root, 'other')
    writeFileSync(other, Buffer.alloc(64, 1))
    assert.ok(Number.isNaN(new TransactionCount(other).read()))
    assert.ok(Number.isNaN(new TransactionCount(join(root, 'none')).read()))
  })
})

describe('the mark of a state', () => {
  it('is the same until somebody commits, and tells nothing while this process writes', async () => {
    const folder = join(root, 'mark')
    const store = LmdbMetadataStore.open(folder)
    const change = (value: number) => ({ sets: [{ key: Buffer.from('key'), value: Buffer.of(value) }] })
    await store.commit(change(1))
    const mark = store.stateMark()
    assert.ok(mark)
    await store.getMany([Buffer.from('key')])
    assert.equal(store.stateMark(), mark)
    const marks = new Set<object | null>()
    const isOver = store.commit(change(2)).then(() => true)
    while (!(await Promise.race([isOver, setImmediate(false)]))) marks.add(store.stateMark())
    assert.ok(marks.has(null))
    const next = store.stateMark()
    assert.ok(next)
    assert.notEqual(next, mark)
    await store.compact()
    await store.getMany([Buffer.from('key')])
    assert.notEqual(store.stateMark(), next)
    await store.close()
    assert.equal(store.stateMark(), null)
  })
})
