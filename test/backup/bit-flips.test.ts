import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { listStates } from '../../src/server/backup/backup-state.ts'
import { restoreStore } from '../../src/server/backup/restore-store.ts'
import { takeBackup } from '../../src/server/backup/take-backup.ts'
import { verifyTarget } from '../../src/server/backup/verify-target.ts'
import { createServiceContext } from '../../src/service/create-context.ts'
import { verifyStore } from '../../src/server/store/verify-store.ts'
import { ObjectWorld } from '../objects/object-world.ts'
import { SeededRandom } from '../seeded-random.ts'
import { identify, newEngines, newTarget, recordsOf } from './backup-world.ts'

const FLIPS_IN_EACH_FILE = 6

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())

it('a changed bit, or a lost end, in any file of a backup is found by verify, and never restored for what was there', async (t) => {
  const random = new SeededRandom()
  t.diagnostic(`seed ${random.seed}`)
  const world = await ObjectWorld.make({}, newEngines())
  const storeId = await identify(world.context)
  const { folder, target, dispose } = await newTarget()
  try {
    for (const round of [1, 2]) {
      for (let index = 0; index < 3; index++)
        await world.put(`${round} ${index}`, 'bytes of a blob '.repeat(round))
      await world.put(`small ${round}`, 'small')
      await takeBackup({ storeId, source: world.context, target, clock: world.clock, retention: null })
      world.clock.advance(1_000)
    }
    const state = (await listStates(target.store)).states.at(-1)
    assert.ok(state)
    const records = await recordsOf(world.context.metadata)
    assert.deepEqual((await verifyTarget(target)).problems, [])
    const files = filesIn(join(folder, 'blobs'))
    assert.ok(files.length >= 10)
    for (const file of files) {
      const bytes = readFileSync(file)
      for (let flip = 0; flip <= FLIPS_IN_EACH_FILE; flip++) {
        if (flip === FLIPS_IN_EACH_FILE) truncateSync(file, random.below(bytes.length))
        else {
          const changed = Buffer.from(bytes)
          const at = random.below(bytes.length)
          changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8))
          writeFileSync(file, changed)
        }
        const { problemCount } = await verifyTarget(target)
        assert.ok(problemCount > 0, `verify finds change ${flip} in ${file}`)
        const to = newEngines()
        const report = await restoreStore({ target, state, to, onlyMetadata: false }).catch(() => null)
        if (report) {
          assert.equal(await recordsOf(to.metadata), records)
          const context = createServiceContext({ ...world.context, metadata: to.metadata, blobs: to.blobs })
          const { problems } = await verifyStore(context, { readsBodies: true, hasBeenSwept: false })
          if (report.missingCount === 0) assert.deepEqual(problems, [])
        }
        writeFileSync(file, bytes)
      }
    }
    assert.deepEqual((await verifyTarget(target)).problems, [])
  } finally {
    await dispose()
  }
})
