import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, it } from 'node:test'
import { listStates } from '../../src/server/backup/backup-state.ts'
import { restoreStore } from '../../src/server/backup/restore-store.ts'
import { parseRetention } from '../../src/server/backup/retention.ts'
import { openTarget } from '../../src/server/backup/target.ts'
import { Mirror } from '../../src/server/mirror/mirror.ts'
import { openSecondCopy } from '../../src/server/mirror/open-second-copy.ts'
import { readScrub, wantScrub } from '../../src/server/scrub/scrub-record.ts'
import { scrub } from '../../src/server/scrub/scrub.ts'
import { verifyStore } from '../../src/server/store/verify-store.ts'
import { currentVersionKey, isCounterKey } from '../../src/service/keyspace.ts'
import { deleteObject } from '../../src/service/objects/delete-object.ts'
import { LmdbMetadataStore } from '../../src/storage/lmdb/metadata-store.ts'
import { MemoryBlobStore } from '../../src/storage/memory/blob-store.ts'
import { CheckedBlobStore } from '../../src/storage/wrap/checked-blob-store.ts'
import { CheckedMetadataStore } from '../../src/storage/wrap/checked-metadata-store.ts'
import { ManualClock } from '../manual-clock.ts'
import { ObjectWorld } from '../objects/object-world.ts'
import { identify, newEngines, recordsOf } from './backup-world.ts'

const root = mkdtempSync(join(tmpdir(), 'lugsail-compacted-'))
after(() => rmSync(root, { recursive: true, force: true }))
const [folder, to] = [join(root, 'store'), join(root, 'mirror')]

const blobs = new CheckedBlobStore(new MemoryBlobStore())
const bodyOf = (name: string, bytes: number): string => `${name} `.repeat(bytes).slice(0, bytes)

/** The store with its mirror, opened. */
async function openMirrored() {
  const engine = LmdbMetadataStore.open(folder)
  const metadata = new CheckedMetadataStore(engine, { place: folder, isCounter: isCounterKey })
  metadata.requireSums()
  const healed: string[] = []
  const second = await openSecondCopy({
    metadata,
    blobs,
    mirror: to,
    isServer: true,
    asksAgain: false,
    clock: new ManualClock(),
    onHealed: (kind) => healed.push(kind),
  })
  return { metadata, second, healed }
}

it('a compacted store is mirrored on without comparing everything, scrubbed and counted without a fault, and healed from its mirror', async () => {
  const first = await openMirrored()
  const settings = { inlineBodyBytesMax: 64 * 1024 }
  const world = await ObjectWorld.make({}, { ...first.second, settings })
  const { context } = world
  await identify(context)
  const openMirror = () =>
    Mirror.open({
      context,
      to,
      retention: parseRetention('all:1h') ?? [],
      onDamage: (what) => assert.fail(what),
    })
  const names = Array.from({ length: 120 }, (_, number) => `object ${number}`)
  // Some beside others in a page, some in pages of their own, some divided, some blobs.
  const sizes = [100, 3_000, 4_096, 8_192, 20_000, 400_000]
  for (const [at, name] of names.entries()) await world.put(name, bodyOf(name, sizes[at % sizes.length] ?? 0))
  const mirror = await openMirror()
  assert.equal((await mirror.round()).isWhole, true)
  for (const objectKey of names.slice(0, 80)) await deleteObject(context, world.admission, { objectKey })
  let meanwhile = 0
  const compaction = await first.metadata.compact({
    rest: async () => {
      if (meanwhile === 50) return
      await world.put(`meanwhile ${meanwhile}`, bodyOf('new', sizes[meanwhile++ % sizes.length] ?? 0))
      if (meanwhile === 2) assert.equal((await mirror.round()).isWhole, false)
    },
  })
  assert.ok(compaction && compaction.bytesAfter < compaction.bytesBefore)
  assert.ok(meanwhile > 2)
  await world.put('after', bodyOf('after', 4_096))
  assert.equal((await mirror.round()).isWhole, false)

  const records = await recordsOf(context.metadata)
  const target = await openTarget('FROM', to, { isMade: false })
  const state = (await listStates(target.store)).states.at(-1)
  assert.ok(state)
  const restored = newEngines()
  await restoreStore({ target, state, to: restored, onlyMetadata: false })
  assert.equal(await recordsOf(restored.metadata), records)
  await target.store.close()

  const { problems, versions } = await verifyStore(context, { readsBodies: true, hasBeenSwept: false })
  assert.deepEqual(problems, [])
  assert.equal(versions, 40 + meanwhile + 1)
  await wantScrub(context)
  await scrub(context, { periodMs: 86_400_000, sharePercent: 100 }, { goesOn: () => true })
  const { last } = (await readScrub(context)).record
  const inBlobs = (count: number): number => Math.floor(count / sizes.length)
  assert.deepEqual([last?.damaged, last?.blobs], [0, inBlobs(120) - inBlobs(80) + inBlobs(meanwhile)])
  await mirror.close()
  await first.second.metadata.close()

  // The version of a record is what it was, so the mirror's is taken for it.
  const [name = ''] = names.slice(-4)
  const file = join(folder, 'metadata.mdb')
  const bytes = readFileSync(file)
  const body = bodyOf(name, sizes[(names.length - 4) % sizes.length] ?? 0)
  const place = bytes.indexOf(body.slice(-1_000))
  assert.ok(place > 0)
  bytes.writeUInt8(bytes.readUInt8(place) ^ 1, place)
  writeFileSync(file, bytes)
  const again = await openMirrored()
  const row = currentVersionKey(world.admission.bucket.record.bucketId, name)
  const [entry] = await again.second.metadata.getMany([row])
  assert.ok(entry?.value.includes(body))
  assert.deepEqual(again.healed, ['record'])
  await again.second.metadata.close()
})
