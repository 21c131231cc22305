import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import fs from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { takeBackup } from './take-backup.ts'
import { TargetLock } from './target-lock.ts'
import { refuseStoreFolders } from './target.ts'
import { readSettings } from '../configuration/read.ts'
import { COPY_MARK_KEY, IDENTITY_KEY, RESTORE_MARK_KEY } from '../store/store-identity.ts'
import { ObjectWorld } from '../../../test/objects/object-world.ts'
import { identify, newEngines, newTarget } from '../../../test/backup/backup-world.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('a place for backups', () => {
  it('is not where the store keeps its files, under whatever name', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lugsail-places-'))
    try {
      const [blobs, link] = [join(folder, 'store', 'blobs'), join(folder, 'link')]
      mkdirSync(blobs, { recursive: true })
      symlinkSync(blobs, link)
      const refuse = (word: string): Promise<void> => refuseStoreFolders('TO', word, [blobs])
      for (const word of [blobs, `${blobs}/`, join(blobs, 'new'), join(folder, 'store'), link, `${link}/a/b`])
        await assert.rejects(refuse(word), /TO: .* is where the store itself keeps its files/, word)
      for (const word of [folder, join(folder, 'other'), `${blobs}-2`, 's3://bucket/prefix'])
        await assert.doesNotReject(refuse(word), word)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('that hangs keeps a start waiting for five seconds, and is then told from the store by the name that it was given', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'lugsail-places-'))
    let comeBack: (path: string) => void = () => undefined
    const asked = t.mock.method(fs, 'realpath', () => new Promise((resolve) => (comeBack = resolve)))
    syncBuiltinESMExports()
    t.mock.timers.enable({ apis: ['setTimeout'] })
    try {
      const outcomes: string[] = []
      const note = (word: string): void =>
        void refuseStoreFolders('TO', word, [folder]).then(
          () => outcomes.push(`${word} is taken`),
          () => outcomes.push(`${word} is refused`),
        )
      const [elsewhere, inside] = ['/mnt/hangs/backup', join(realpathSync(folder), 'in it')]
      note(elsewhere)
      t.mock.timers.tick(4_999)
      await turn()
      assert.deepEqual(outcomes, [])
      t.mock.timers.tick(1)
      await turn()
      assert.deepEqual(outcomes, [`${elsewhere} is taken`])
      comeBack(elsewhere)
      note(inside)
      t.mock.timers.tick(5_000)
      await turn()
      assert.deepEqual(outcomes.slice(1), [`${inside} is refused`])
      assert.equal(asked.mock.callCount(), 2)
    } finally {
      comeBack('')
      t.mock.restoreAll()
      t.mock.timers.reset()
      syncBuiltinESMExports()
      await turn()
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('is not the blob store itself, though that is empty', async () => {
    const { target, dispose } = await newTarget()
    const world = await ObjectWorld.make({}, { ...newEngines(), blobs: target.store })
    const storeId = await identify(world.context)
    await assert.rejects(
      takeBackup({ storeId, source: world.context, target, clock: world.clock, retention: null }),
      /is where the store itself keeps its bytes/,
    )
    assert.deepEqual(await target.store.list({ limit: 1 }), [])
    await dispose()
  })

  it('is another one than the mirror', () => {
    const options = new Map([
      ['mirror', '/backup'],
      ['backup', '/backup'],
    ])
    assert.throws(() => readSettings({ options, environment: {} }), /mirror and backup name one place/)
  })

  it('is lost for good to a process that was silent for so long that others took it for gone', async () => {
    const { target, dispose } = await newTarget()
    let now = 0
    const lock = await TargetLock.take(target, () => now)
    now = 10_000
    await lock.beat()
    now = 24_000
    lock.assertHeld()
    now = 26_000
    await lock.beat()
    assert.throws(() => lock.assertHeld(), /could not be kept/)
    await lock.beat()
    assert.throws(() => lock.assertHeld(), /could not be kept/)
    await lock.release()
    assert.deepEqual(await target.store.list({ limit: 1 }), [])
    await dispose()
  })
})

it('a server makes no store where a restore or a copy was cut off', async () => {
  for (const [key, work] of [
    [RESTORE_MARK_KEY, 'restore'],
    [COPY_MARK_KEY, 'copy'],
  ] as const) {
    const engines = newEngines()
    const world = await ObjectWorld.make({}, engines)
    await engines.metadata.commit({ sets: [{ key, value: Buffer.from('{}') }] })
    await assert.rejects(identify(world.context), new RegExp(`store ${work}" was cut off`))
    assert.deepEqual(await engines.metadata.getMany([IDENTITY_KEY]), [null])
  }
})
