import assert from 'node:assert/strict'
import { it } from 'node:test'
import { compareStores } from './compare-stores.ts'
import { copyStore } from './copy-store.ts'
import { readStoreIdentity } from './store-identity.ts'
import { currentVersionKey } from '../../service/keyspace.ts'
import { bodyOf } from '../../storage/testing/blob-fixtures.ts'
import { ObjectWorld } from '../../../test/objects/object-world.ts'
import { identify, newEngines } from '../../../test/backup/backup-world.ts'

const LONG = 'the bytes of a blob '.repeat(20_000)

it('a copy tells what is damaged, has all else, and goes on past damage where it was cut off', async () => {
  const [from, to] = [newEngines(), newEngines()]
  const world = await ObjectWorld.make({}, from)
  const storeId = await identify(world.context)
  const names = Array.from({ length: 40 }, (_, index) => `key ${index}`)
  for (const name of names) await world.put(name, name)
  await world.put('whole', LONG)
  const [whole] = await from.rawBlobs.list({ limit: 9 })
  await world.put('damaged', LONG)
  const damaged = (await from.rawBlobs.list({ limit: 9 })).find(({ id }) => id !== whole?.id)?.id ?? ''
  await world.put('lost', LONG)
  await from.rawBlobs.delete([damaged])
  await from.rawBlobs.put(damaged, bodyOf(Buffer.alloc(200_000)))
  const { bucketId } = world.admission.bucket.record
  for (const name of ['key 0', 'key 7', 'key 39']) from.rawMetadata.spoil(currentVersionKey(bucketId, name))

  const cutOff = copyStore(from, to, (phase, done) => {
    if (phase === 'records' && done > 0) throw new Error('cut off')
  })
  await assert.rejects(cutOff, /cut off/)
  const report = await copyStore(from, to)
  assert.equal(report.wasWhole, false)
  const told = report.damaged.join('\n')
  assert.ok(told.includes(`blob ${damaged}: `), told)

  const fresh = newEngines()
  const first = await copyStore(from, fresh)
  assert.equal(first.damagedCount, 4)
  for (const name of ['key 0', 'key 7', 'key 39']) assert.ok(first.damaged.join('\n').includes(name))
  for (const copy of [to, fresh]) {
    assert.equal((await readStoreIdentity(copy.metadata))?.storeId, storeId)
    const compared = await compareStores(from, copy)
    assert.equal(compared.differenceCount, 1, compared.differences.join('\n'))
    assert.match(compared.differences[0] ?? '', new RegExp(`^blob ${damaged}: missing in the copy`))
    const rows = await copy.metadata.getMany(names.map((name) => currentVersionKey(bucketId, name)))
    assert.equal(rows.filter(Boolean).length, 37)
  }
})
