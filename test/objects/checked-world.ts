import assert from 'node:assert/strict'
import type { BucketRecord } from '../../src/service/records/bucket.ts'
import { MemoryMetadataStore } from '../../src/storage/memory/metadata-store.ts'
import type { Key } from '../../src/storage/metadata-store.ts'
import { CheckedMetadataStore } from '../../src/storage/wrap/checked-metadata-store.ts'
import { ObjectWorld } from './object-world.ts'

/** A world whose records are checked, and what flips a bit in the stored record under a key. */
export async function checkedWorld(bucket: Partial<BucketRecord> = {}) {
  const engine = new MemoryMetadataStore()
  const metadata = new CheckedMetadataStore(engine, {
    place: 'the test',
    isCounter: (key) => key[0] === 0x58,
  })
  metadata.requireSums()
  const world = await ObjectWorld.make(bucket, { metadata })
  const damage = async (key: Key) => {
    const [entry] = await engine.getMany([key])
    assert.ok(entry)
    const value = Buffer.from(entry.value)
    value.writeUInt8(value.readUInt8(value.length - 2) ^ 4, value.length - 2)
    await engine.commit({ sets: [{ key, value }] })
  }
  return { world, engine, damage, bucketId: world.admission.bucket.record.bucketId }
}
