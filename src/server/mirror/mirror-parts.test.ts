import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import { newEngines } from '../../../test/backup/backup-world.ts'
import { ManualClock } from '../../../test/manual-clock.ts'
import { changeLogKey, changeLogRange, storeKey, writerLeaseKey } from '../../service/keyspace.ts'
import { DamagedBlob, type BlobStream } from '../../storage/blob-store.ts'
import type { DamagedRecord } from '../../storage/metadata-store.ts'
import { MemoryMetadataStore } from '../../storage/memory/metadata-store.ts'
import { decodeLogEntry, LoggedMetadataStore } from './change-log.ts'
import { HealingReader } from './healing-reader.ts'
import { changedRecords, readLoggedChanges } from './mirror-changes.ts'
import { changeMirrorMark, MIRROR_MARK_KEY, readMirrorMark } from './mirror-mark.ts'
import { deleteNotes, dropNotes, limitNotes } from './note-limit.ts'

const key = (text: string): Buffer => Buffer.from(text)
const value = Buffer.from('value')

async function notesIn(metadata: MemoryMetadataStore) {
  const entries = await metadata.scan({ ...changeLogRange(), limit: 1_000 })
  return entries.map((entry) => {
    const { at, keys } = decodeLogEntry(entry.value)
    return { at, keys: keys.map(String) }
  })
}

describe('what commits note for a mirror', () => {
  it('is which records they change, and when, in the commit itself; nothing of records that belong to the place', async () => {
    const [metadata, clock] = [new MemoryMetadataStore(), new ManualClock(1_000)]
    const logged = new LoggedMetadataStore(metadata, clock)
    await logged.commit({
      sets: [
        { key: key('Aa'), value },
        { key: writerLeaseKey('w'), value },
      ],
    })
    clock.advance(5)
    await logged.commit({ deletes: [key('Aa'), storeKey('job/x')], adds: [{ key: key('An'), amounts: [1] }] })
    await logged.commit({ sets: [{ key: storeKey('mirror'), value }], deletes: [writerLeaseKey('w')] })
    await logged.commit({ checks: [{ key: key('Aa'), version: null }] })
    assert.deepEqual(await notesIn(metadata), [
      { at: 1_000, keys: ['Aa'] },
      { at: 1_005, keys: ['Aa', 'An'] },
    ])
    const conflict = await logged.commit({
      checks: [{ key: key('Aa'), version: 1 }],
      sets: [{ key: key('Aa'), value }],
    })
    assert.notEqual(conflict, 'ok')
    assert.equal((await notesIn(metadata)).length, 2)
    const another = new LoggedMetadataStore(metadata, clock)
    await another.commit({ sets: [{ key: key('Ab'), value }] })
    assert.equal((await notesIn(metadata)).length, 3, 'two processes do not write over each other’s notes')
  })

  it('is read as the keys of all, each once and in order, with the oldest time', async () => {
    const [metadata, clock] = [new MemoryMetadataStore(), new ManualClock(1_000)]
    const logged = new LoggedMetadataStore(metadata, clock)
    const read = async () => {
      const snapshot = await metadata.snapshot()
      const { logKeys, keys, ...rest } = await readLoggedChanges(snapshot)
      await snapshot.close()
      return { notes: logKeys.length, keys: keys.map(String), ...rest }
    }
    assert.deepEqual(await read(), { notes: 0, keys: [], oldestAt: null, isIncomplete: false })
    for (const name of ['Ac', 'Aa', 'Ab', 'Aa']) {
      await logged.commit({ sets: [{ key: key(name), value }] })
      clock.advance(-10)
    }
    assert.deepEqual(await read(), { notes: 4, keys: ['Aa', 'Ab', 'Ac'], oldestAt: 970, isIncomplete: false })
    await metadata.commit({ sets: [{ key: changeLogKey('zz', 0), value: Buffer.of(1) }] })
    const { isIncomplete, notes } = await read()
    assert.deepEqual([isIncomplete, notes], [true, 5])
  })

  it('leads to the records as they are now, to what is gone, and past what is damaged', async () => {
    const { metadata, rawMetadata } = newEngines()
    await metadata.commit({
      sets: ['Aa', 'Ab', 'Ac'].map((name) => ({ key: key(name), value: key(`of ${name}`) })),
    })
    await metadata.commit({ deletes: [key('Ab')] })
    rawMetadata.spoil(key('Ac'))
    const snapshot = await metadata.snapshot()
    const damaged: DamagedRecord[] = []
    const found: string[] = []
    const names = ['Aa', 'Ab', 'Ac', 'Ad'].map(key)
    for await (const entry of changedRecords(snapshot, names, (error) => damaged.push(error)))
      found.push(
        `${entry.key.toString()} ${entry.value?.toString() ?? '-'} ${entry.version === '' ? 'gone' : 'there'}`,
      )
    assert.deepEqual(found, ['Aa of Aa there', 'Ab - gone', 'Ad - gone'])
    assert.deepEqual(
      damaged.map((error) => error.key.toString()),
      ['Ac'],
    )
    await snapshot.close()
  })

  it('is dropped when it is too much, and then the mark says that everything is to be compared', async () => {
    const metadata = new MemoryMetadataStore()
    const note = async (count: number): Promise<void> => {
      for (let at = 0; at < count; at++)
        await metadata.commit({ sets: [{ key: changeLogKey('w', at), value: Buffer.alloc(8) }] })
    }
    await note(5)
    assert.equal(await limitNotes(metadata, 5), 0)
    assert.deepEqual([(await notesIn(metadata)).length, await readMirrorMark(metadata)], [5, null])
    assert.equal(await limitNotes(metadata, 4), 5)
    const lost = (await readMirrorMark(metadata))?.notesLost
    assert.match(lost ?? '', /^[0-9a-f]+$/)
    assert.deepEqual(await notesIn(metadata), [])
    assert.equal(await dropNotes(metadata), 0)
    assert.notEqual((await readMirrorMark(metadata))?.notesLost, lost)
    await note(400)
    const keys = (await metadata.scan({ ...changeLogRange(), limit: 1_000 })).map((entry) => entry.key)
    const sizes: number[] = []
    const commit = async (change: { readonly deletes?: readonly Uint8Array[] }) => {
      sizes.push(change.deletes?.length ?? 0)
      return await metadata.commit(change)
    }
    await deleteNotes({ commit }, keys)
    assert.ok(sizes.length > 1 && new Set(sizes.slice(0, -1)).size === 1)
    assert.deepEqual(await notesIn(metadata), [])
  })
})

describe('the mark of a mirror', () => {
  it('is changed from what it is, whoever else does so at once', async () => {
    const metadata = new MemoryMetadataStore()
    assert.equal(await readMirrorMark(metadata), null)
    await changeMirrorMark(metadata, (mark) => {
      assert.equal(mark, null)
      return { stateId: 'one' }
    })
    let tries = 0
    const getMany = async (keys: Parameters<MemoryMetadataStore['getMany']>[0]) => {
      const entries = await metadata.getMany(keys)
      // Another process is faster, once.
      if (tries++ === 0) await changeMirrorMark(metadata, (mark) => ({ ...mark, notesLost: 'by another' }))
      return entries
    }
    await changeMirrorMark({ getMany, commit: (change) => metadata.commit(change) }, (mark) => ({
      ...mark,
      stateId: 'two',
    }))
    assert.deepEqual(
      [tries, await readMirrorMark(metadata)],
      [2, { stateId: 'two', notesLost: 'by another' }],
    )
    assert.ok((await metadata.getMany([MIRROR_MARK_KEY]))[0])
  })
})

describe('a blob that is read past damage', () => {
  const damage = (offset: number): DamagedBlob =>
    new DamagedBlob('b', { offset, place: 'the test', reason: 'a sum' })
  /** A stream of the text that fails at its end; `blobBytes`: of the whole blob. */
  function streamOf(
    text: string,
    { error, blobBytes = 10 }: { error?: Error; blobBytes?: number } = {},
  ): BlobStream {
    const stream = Readable.from(
      (function* () {
        for (const letter of text) yield Buffer.from(letter)
        if (error) throw error
      })(),
      { objectMode: false },
    )
    return Object.assign(stream, { blobBytes })
  }
  const read = async (reader: HealingReader): Promise<string> => (await buffer(reader)).toString()

  it('comes from its store where that is whole, and else its rest from elsewhere, whole or in a range', async () => {
    const never = async (): Promise<null> => assert.fail('nothing is damaged')
    const whole = new HealingReader(streamOf('0123456789'), undefined, never)
    assert.deepEqual([whole.blobBytes, await read(whole)], [10, '0123456789'])
    for (const [range, begun, rest] of [
      [undefined, '0123', { start: 4, end: 9 }],
      [{ start: 2, end: 7 }, '23', { start: 4, end: 7 }],
      [{ start: 4, end: 7 }, '', { start: 4, end: 7 }],
    ] as const) {
      const asked: object[] = []
      const reader = new HealingReader(
        streamOf(begun, { error: damage(4) }),
        range,
        async (wanted, found) => {
          asked.push(wanted)
          assert.equal(found.offset, 4)
          return streamOf('0123456789'.slice(wanted.start, wanted.end + 1))
        },
      )
      assert.equal(await read(reader), '0123456789'.slice(range?.start ?? 0, (range?.end ?? 9) + 1))
      assert.deepEqual(asked, [rest])
    }
  })

  it('fails with the damage where there is nothing elsewhere, where that is damaged too, or is another blob', async () => {
    const first = damage(1)
    for (const elsewhere of [
      async () => null,
      async () => await Promise.reject(new Error('away')),
      async () => streamOf('x', { error: damage(9) }),
      async () => streamOf('123456789', { blobBytes: 11 }),
    ]) {
      const reader = new HealingReader(streamOf('0', { error: first }), undefined, elsewhere)
      await assert.rejects(read(reader), (error) => error === first)
    }
    const inRange = new HealingReader(streamOf('0', { error: first }), { start: 0, end: 2 }, async () =>
      streamOf('12', { blobBytes: 11 }),
    )
    assert.equal(await read(inRange), '012', 'of a part nobody was told the size')
    const other = new Error('the disk failed')
    await assert.rejects(
      read(new HealingReader(streamOf('0', { error: other }), undefined, async () => null)),
      other,
    )
  })

  it('lets go of what it reads from when its reader leaves, also of what comes late', async () => {
    const source = streamOf('0123456789')
    const reader = new HealingReader(source, undefined, async () => null)
    for await (const piece of reader) if (piece) break
    assert.ok(source.destroyed)
    const late = streamOf('123456789')
    const held: { open: (stream: BlobStream) => void; isAsked: boolean } = {
      open: () => undefined,
      isAsked: false,
    }
    const leaving = new HealingReader(streamOf('0', { error: damage(1) }), undefined, () => {
      held.isAsked = true
      return new Promise((resolve) => (held.open = resolve))
    })
    leaving.resume()
    const turn = () => new Promise((resolve) => setImmediate(resolve))
    for (let turns = 0; turns < 100 && !held.isAsked; turns++) await turn()
    assert.ok(held.isAsked)
    leaving.destroy()
    held.open(late)
    for (let turns = 0; turns < 100 && !late.destroyed; turns++) await turn()
    assert.ok(late.destroyed)
  })
})
