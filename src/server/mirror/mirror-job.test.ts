import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { identify, newEngines } from '../../../test/backup/backup-world.ts'
import { ObjectWorld } from '../../../test/objects/object-world.ts'
import { parseRetention } from '../backup/retention.ts'
import { MirrorJob } from './mirror-job.ts'

it('tells how far the mirror is behind while it cannot be opened', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lugsail-mirror-job-'))
  const mirror = join(folder, 'mirror')
  try {
    const world = await ObjectWorld.make({}, newEngines())
    await identify(world.context)
    const lags: number[] = []
    const logged: string[] = []
    const write = (_: object, message: string): void => void logged.push(message)
    const job = new MirrorJob({
      context: world.context,
      settings: { mirror, mirrorIntervalSeconds: 10, mirrorKeep: parseRetention('5') ?? [] },
      log: { info: write, warn: write, error: write },
      metrics: { setMirrorLag: (seconds) => lags.push(seconds) },
    })
    const [round] = job.jobs
    assert.ok(round)
    const run = () => round.run(new AbortController().signal)
    // Something else is in the way of the folder.
    writeFileSync(mirror, '')
    for (let minute = 0; minute < 3; minute++) {
      await run().catch(() => undefined)
      world.clock.advance(60_000)
    }
    assert.deepEqual(lags, [0, 60, 120])
    assert.equal(logged.length, 1)
    rmSync(mirror)
    mkdirSync(mirror)
    const other = new MirrorJob({
      context: world.context,
      settings: { mirror, mirrorIntervalSeconds: 10, mirrorKeep: parseRetention('5') ?? [] },
      log: { info: write, warn: write, error: write },
      metrics: { setMirrorLag: (seconds) => lags.push(seconds) },
    })
    await other.jobs[0]?.run(new AbortController().signal)
    assert.equal(lags.at(-1), 0)
    await other.close()
    await job.close()
    assert.ok(readdirSync(mirror).includes('blobs'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
