import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { readCounters, type MetadataStore } from '../metadata-store.ts'
import {
  incrementTimes,
  raceRemovalAgainstEntry,
  raceToCreate,
  rangeFillers,
  skewWinners,
} from './concurrency-rules.ts'
import { newKeySpace, readOne, readText, setText } from './key-space.ts'

/** Rules for several handles on one store, as several processes have them. */
export function sharedStoreRules(
  store: () => MetadataStore,
  openAnother: () => Promise<MetadataStore>,
): void {
  describe('several handles on one store', () => {
    let opened: MetadataStore | null = null
    const other = () => {
      if (!opened) throw new Error('the second handle is not open')
      return opened
    }
    before(async () => {
      opened = await openAnother()
    })
    after(async () => {
      await opened?.close()
    })

    it('shows each commit to the other handle at once', async () => {
      const space = newKeySpace()
      for (let round = 0; round < 50; round++) {
        const [writer, reader] = round % 2 ? [store(), other()] : [other(), store()]
        await readText(reader, space.key('a'))
        await setText(writer, space.key('a'), String(round))
        assert.equal(await readText(reader, space.key('a')), String(round))
        const [scanned] = await reader.scan({ start: space.prefix, end: space.end, limit: 1 })
        assert.equal(scanned?.value.toString(), String(round))
      }
    })

    it('means the same state by the same version', async () => {
      const space = newKeySpace()
      await setText(store(), space.key('a'), 'one')
      const entry = await readOne(other(), space.key('a'))
      assert.deepEqual(entry, await readOne(store(), space.key('a')))
      const change = { checks: [{ key: space.key('a'), version: entry?.version ?? null }] }
      assert.equal(await store().commit({ ...change, deletes: [space.key('a')] }), 'ok')
      assert.equal(await other().commit(change), 'conflict')
    })

    it('never gives one version to two states, whichever handle writes', async () => {
      const space = newKeySpace()
      const versions = new Set<unknown>()
      for (let round = 0; round < 20; round++) {
        const writer = round % 3 ? store() : other()
        await setText(writer, space.key('a'), 'same')
        versions.add((await readOne(other(), space.key('a')))?.version)
        if (round % 4 === 3) await writer.commit({ deletes: [space.key('a')] })
      }
      assert.equal(versions.size, 20)
    })

    it('lets one of 32 create a key', async () => {
      for (let round = 0; round < 10; round++)
        assert.equal((await raceToCreate([store(), other()])).winners.length, 1)
    })

    it('loses no update and no amount', async () => {
      const space = newKeySpace()
      await setText(store(), space.key('n'), '0')
      const writers = Array.from({ length: 32 }, async (_, writer) => {
        const mine = writer % 2 ? store() : other()
        await incrementTimes(mine, space.key('n'), 2)
        await mine.commit({ adds: [{ key: space.key('sum'), amounts: [writer] }] })
      })
      await Promise.all(writers)
      assert.equal(await readText(other(), space.key('n')), '64')
      assert.deepEqual(readCounters(await readOne(store(), space.key('sum')), 1), [496])
    })

    it('has no write skew and keeps an empty range empty', async () => {
      for (let round = 0; round < 10; round++) {
        assert.equal(await skewWinners(store(), other()), 1)
        await raceRemovalAgainstEntry(store(), other())
        assert.equal(await rangeFillers([store(), other()]), 1)
      }
    })

    it('keeps working when another handle is closed', async () => {
      const space = newKeySpace()
      const third = await openAnother()
      await setText(third, space.key('a'), 'from the third')
      await third.close()
      assert.equal(await readText(store(), space.key('a')), 'from the third')
      await setText(other(), space.key('a'), 'later')
      assert.equal(await readText(store(), space.key('a')), 'later')
    })
  })
}
