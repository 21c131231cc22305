import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { listStates } from './backup-state.ts'
import { parseRetention } from './retention.ts'
import { ScheduledBackup } from './scheduled-backup.ts'
import { openTarget } from './target.ts'
import { ObjectWorld } from '../../../test/objects/object-world.ts'
import { identify, newEngines } from '../../../test/backup/backup-world.ts'

const HOUR_MS = 3_600_000

it('takes a backup by the clock, tells when one failed, tries it again, and warns when there is none for long', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lugsail-scheduled-'))
  const backup = join(folder, 'target')
  try {
    const world = await ObjectWorld.make({}, newEngines())
    await identify(world.context)
    const told: object[] = []
    const logged: string[] = []
    const write = (_: object, message: string): void => void logged.push(message)
    const schedule = new ScheduledBackup({
      context: world.context,
      settings: { backup, backupIntervalSeconds: 3_600, backupKeep: parseRetention('2') ?? [] },
      log: { info: write, error: write },
      metrics: { setBackup: (status) => told.push({ ...status }) },
      processId: 'the test',
    })
    const [job] = schedule.jobs
    const run = async () => await job?.run(new AbortController().signal)
    const states = async (): Promise<number> => {
      const target = await openTarget('FROM', backup, { isMade: false })
      const found = await listStates(target.store)
      await target.store.close()
      return found.states.length
    }
    const begun = world.clock.now()

    // Something else is in the way of the folder.
    writeFileSync(backup, '')
    await assert.rejects(run)
    assert.match(JSON.stringify(told.at(-1)), new RegExp(`"lastFailureAt":${begun},"lastFailure":"backup: `))
    rmSync(backup)
    world.clock.advance(60_000)
    await run()
    assert.equal(logged.length, 0, 'it waits before it tries again')
    world.clock.advance(15 * 60_000)
    await run()
    assert.deepEqual([await states(), logged], [1, ['took a backup']])
    assert.equal(await schedule.warning(), null)

    world.clock.advance(HOUR_MS / 2)
    await run()
    assert.equal(await states(), 1, 'the next one is not due')
    for (let hour = 0; hour < 4; hour++) {
      world.clock.advance(HOUR_MS)
      await run()
    }
    assert.equal(await states(), 2)
    world.clock.advance(2 * HOUR_MS + 1)
    assert.match((await schedule.warning()) ?? '', /^the last backup that succeeded is of \d{4}-/)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
