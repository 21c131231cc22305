import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compareCounts } from '../../src/server/store/count-bucket.ts'
import { bucketKey, currentVersionKey, usageRange } from '../../src/service/keyspace.ts'
import { deleteObject } from '../../src/service/objects/delete-object.ts'
import { bucketCodec } from '../../src/service/records/bucket.ts'
import { usageDelta } from '../../src/service/usage/usage.ts'
import { withSum } from '../../src/storage/wrap/value-sum.ts'
import { checkedWorld } from './checked-world.ts'

async function countedWorld() {
  const made = await checkedWorld()
  const { world, engine, bucketId } = made
  for (const key of ['a', 'b', 'c', 'd']) await world.put(key, `body of ${key}`)
  const { record } = world.admission.bucket
  return {
    ...made,
    fault: () => compareCounts(world.context, record),
    isSummed: async () => {
      const [entry] = await world.context.metadata.getMany([bucketKey(record.name)])
      return entry && bucketCodec.decode(entry.value).sumsRecords
    },
    row: async (key: string) => {
      const [entry] = await engine.getMany([currentVersionKey(bucketId, key)])
      assert.ok(entry)
      return entry
    },
    counterRows: () => engine.scan({ ...usageRange(bucketId), limit: 16 }),
  }
}

describe('the counters of a bucket', () => {
  it('are those of its records', async () => {
    const { fault } = await countedWorld()
    assert.equal(await fault(), null)
  })

  it('tell that a record is missing', async () => {
    const { fault, engine, row } = await countedWorld()
    await engine.commit({ deletes: [(await row('b')).key] })
    assert.match((await fault()) ?? '', /1 records are missing.*say 4 records.*there are 3/)
    assert.match((await fault()) ?? '', /1 records are missing/, 'it is told as long as it is so')
  })

  it('tell that a record is of an earlier state, though it fits its checksum and has the same size', async () => {
    const { fault, engine, row, world } = await countedWorld()
    const earlier = await row('b')
    await world.put('b', 'BODY OF B')
    assert.equal(await fault(), null)
    await engine.commit({ sets: [earlier] })
    assert.match((await fault()) ?? '', /as many records as were stored.*earlier state/)
  })

  it('tell that one record is missing and another one there twice', async () => {
    const { fault, engine, row, world, bucketId } = await countedWorld()
    const { value } = await row('b')
    const [decoded] = await world.context.metadata.getMany([currentVersionKey(bucketId, 'b')])
    assert.ok(decoded && value.length > decoded.value.length)
    const key = currentVersionKey(bucketId, 'e')
    await engine.commit({
      sets: [{ key, value: withSum(key, decoded.value) }],
      deletes: [(await row('c')).key],
    })
    assert.match((await fault()) ?? '', /as many records as were stored/)
  })

  it('tell that a row of theirs is missing', async () => {
    const { fault, engine, counterRows } = await countedWorld()
    const [row] = await counterRows()
    assert.ok(row)
    await engine.commit({ deletes: [row.key] })
    assert.match((await fault()) ?? '', /a row of its counters is missing/)
  })

  it('tell of each bit of theirs that was flipped, and are set right then', async () => {
    for (let bit = 0; bit < 5 * 64; bit += 7) {
      const { fault, engine, counterRows } = await countedWorld()
      const [row] = await counterRows()
      assert.ok(row)
      const value = Buffer.from(row.value)
      value[bit >> 3] = (value[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      await engine.commit({ sets: [{ key: row.key, value }] })
      assert.match((await fault()) ?? '', /do not fit themselves/, `bit ${bit}`)
      assert.equal(await fault(), null, `bit ${bit}`)
    }
  })

  it('are given sums where an older release made the bucket, beside those who write', async () => {
    const { fault, isSummed, engine, world, bucketId } = await countedWorld()
    const older = { ...world.admission.bucket.record }
    delete older.sumsRecords
    const sets = [{ key: bucketKey(older.name), value: bucketCodec.encode(older) }]
    await world.context.metadata.commit({ sets })
    for (const row of await engine.scan({ ...usageRange(bucketId), limit: 16 })) {
      const value = Buffer.from(row.value.subarray(0, 16))
      await engine.commit({ sets: [{ key: row.key, value }] })
    }
    const [, first] = await Promise.all([world.put('e', 'while it counts'), fault(), fault()])
    assert.equal(first, null)
    assert.equal(await isSummed(), true)
    assert.equal(await fault(), null)
    await engine.commit({ deletes: [currentVersionKey(bucketId, 'a')] })
    assert.match((await fault()) ?? '', /1 records are missing/)
  })

  it('say nothing of sums while a server of an older release counts, and are set right after it', async () => {
    const { fault, engine, bucketId, world } = await countedWorld()
    const [add] = usageDelta(bucketId, { sizeBytes: 9, objects: 1 }, '3')
    assert.ok(add)
    const [b] = await world.context.metadata.getMany([currentVersionKey(bucketId, 'b')])
    assert.ok(b)
    const key = currentVersionKey(bucketId, 'old')
    await engine.commit({
      sets: [{ key, value: withSum(key, b.value) }],
      adds: [{ ...add, amounts: [9, 1] }],
    })
    assert.match((await fault()) ?? '', /a server of an older release/)
    assert.equal(await fault(), null)
  })

  it('are set right after a damaged record was removed', async () => {
    const { fault, world, damage, bucketId } = await countedWorld()
    await damage(currentVersionKey(bucketId, 'b'))
    assert.match((await fault()) ?? '', /1 records are damaged/)
    await deleteObject(world.context, world.admission, { objectKey: 'b' })
    assert.equal(await fault(), null)
    assert.deepEqual(await world.usage(), { sizeBytes: 27, objects: 3 })
    await damage(currentVersionKey(bucketId, 'c'))
    await world.put('c', 'again')
    assert.equal(await fault(), null)
    assert.deepEqual(await world.usage(), { sizeBytes: 23, objects: 3 })
  })
})
