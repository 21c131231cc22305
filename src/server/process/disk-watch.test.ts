import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { memoryContext } from '../../../test/memory-context.ts'
import { StoreUnavailable, type UnreadableKeys } from '../../storage/metadata-store.ts'
import { createLogger } from '../logging/logger.ts'
import { Metrics, metricsText } from '../metrics/metrics.ts'
import { DamageLog } from './damage-log.ts'
import { DiskWatch } from './disk-watch.ts'
import { setUp } from '../../../test/bucket-world.ts'

const folder = mkdtempSync(join(tmpdir(), 'lugsail-disk-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** Lines of a log as objects, without what is the same in each. */
function newLog() {
  const pieces: string[] = []
  const log = createLogger({
    ...{ level: 'info', format: 'json', clock: { now: () => 0 } },
    target: (piece, done) => {
      pieces.push(piece)
      done()
    },
  })
  const lines = (): Record<string, unknown>[] => {
    log.flush()
    return pieces
      .join('')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  }
  return { log, lines }
}

function newWatch({
  diskLowBytes = 0,
  addresses = { metadata: `lmdb:${folder}`, blobs: `files:${folder}` },
} = {}) {
  const context = memoryContext()
  const state: {
    refusals: Record<string, StoreUnavailable | null>
    unreadable: UnreadableKeys[]
    hurried: number
  } = {
    ...{ refusals: {}, unreadable: [], hurried: 0 },
  }
  context.metadata.refusal = () => state.refusals['metadata'] ?? null
  context.metadata.unreadable = () => state.unreadable
  context.blobs.refusal = () => state.refusals['blobs'] ?? null
  context.blobLedger.hurry = () => void state.hurried++
  const metrics = new Metrics()
  const { log, lines } = newLog()
  const settings = { diskLowBytes }
  const watch = new DiskWatch({ context, settings, addresses, metrics, log })
  const metric = async (line: string): Promise<string | undefined> =>
    (await metricsText([await metrics.snapshot()])).text
      .split('\n')
      .find((each) => each.startsWith(line))
      ?.split(' ')[1]
  return { watch, state, lines, metric, settings }
}

describe('the watch over the disks', () => {
  it('tells how much room there is, and that it is low once until it is no more', async () => {
    const { watch, state, lines, metric, settings } = newWatch()
    await watch.look()
    const { bavail, bsize, blocks } = await statfs(folder)
    assert.ok(
      Math.abs(Number(await metric('lugsail_disk_free_bytes{store="blobs"}')) - bavail * bsize) < 2 ** 31,
    )
    assert.deepEqual(
      [await metric('lugsail_disk_low{store="metadata"}'), watch.warning, lines(), state.hurried],
      ['0', null, [], 0],
    )
    // Of a twentieth of a disk at most: a disk that is emptier than that is not low, however much is asked for.
    settings.diskLowBytes = Number.MAX_SAFE_INTEGER
    await watch.look()
    const isLow = bavail < blocks / 20
    assert.equal(await metric('lugsail_disk_low{store="blobs"}'), isLow ? '1' : '0')
  })

  it('says nothing of the room of stores that lie on no disk of this machine', async () => {
    const { watch, metric } = newWatch({
      addresses: { metadata: 'postgres://host/db', blobs: 's3://bucket' },
    })
    await watch.look()
    assert.equal(await metric('lugsail_disk_free_bytes{'), undefined)
    assert.equal(await metric('lugsail_store_takes_writes{store="metadata"}'), '1')
  })

  it('tells that a store takes nothing, once, and that it does again', async () => {
    for (const store of ['metadata', 'blobs']) {
      const { watch, state, lines, metric } = newWatch()
      await watch.look()
      assert.equal(watch.trouble, null)
      state.refusals[store] = new StoreUnavailable('the disk is full')
      await watch.look()
      await watch.look()
      assert.equal(watch.trouble, 'the disk is full')
      assert.equal(await metric(`lugsail_store_takes_writes{store="${store}"}`), '0')
      state.refusals[store] = null
      await watch.look()
      await watch.look()
      assert.equal(await metric(`lugsail_store_takes_writes{store="${store}"}`), '1')
      assert.deepEqual(
        lines().map(({ level, store: name, msg }) => [level, name, msg]),
        [
          ['error', store, 'the store takes nothing new'],
          ['info', store, 'the store takes writes again'],
        ],
      )
    }
  })

  it('tells once of each part of the metadata that the disk cannot read', async () => {
    const { watch, state, lines } = newWatch()
    const [from, to] = [Buffer.from('Ba'), Buffer.from('Bb')]
    state.unreadable.push({ from, to })
    await watch.look()
    assert.equal(watch.warning, 'the disk cannot read a part of the metadata')
    state.unreadable.push({ from: null, to: null })
    await watch.look()
    assert.deepEqual(
      lines().map(({ records }) => records),
      ['from Ba to before Bb', 'from the first one to the last one'],
    )
  })

  it('is a job of each process', async () => {
    const { watch, metric } = newWatch()
    const { job } = watch
    assert.deepEqual([job.name, job.scope], ['watch-disks', 'process'])
    await job.run(new AbortController().signal)
    assert.equal(await metric('lugsail_store_takes_writes{store="metadata"}'), '1')
  })
})

describe('the log of damage', () => {
  it('names buckets by their names, and what is of none by itself', async () => {
    const { context, bucket } = await setUp()
    const { log, lines } = newLog()
    const damages = new DamageLog(context.metadata, log)
    const found = { key: 'k', reason: 'a sum is wrong', foundAt: 1, order: '1' }
    damages.note({ ...found, bucketId: bucket.bucketId, versionId: 'v' })
    damages.note({ ...found, bucketId: 'gone' })
    damages.note({ bucketId: '', key: '', reason: 'a record', foundAt: 1 })
    await damages.close()
    assert.deepEqual(
      lines().map(({ level: _, time: __, pid: ___, ...facts }) => facts),
      [
        {
          bucketName: bucket.name,
          objectKey: 'k',
          versionId: 'v',
          reason: 'a sum is wrong',
          msg: 'what is stored is damaged',
        },
        { bucketId: 'gone', objectKey: 'k', reason: 'a sum is wrong', msg: 'what is stored is damaged' },
        { reason: 'a record', msg: 'what is stored is damaged' },
      ],
    )
  })

  it('is written with the id of a bucket where the store does not answer', async () => {
    const { log, lines } = newLog()
    const scan = async (): Promise<never> => {
      throw new StoreUnavailable('away')
    }
    const damages = new DamageLog({ scan }, log)
    damages.note({ bucketId: 'id', key: 'k', reason: 'r', foundAt: 1 })
    await damages.close()
    assert.deepEqual([lines().length, lines()[0]?.['bucketId']], [1, 'id'])
  })
})
