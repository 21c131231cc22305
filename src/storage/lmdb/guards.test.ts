import assert from 'node:assert/strict'
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { ManualClock } from '../../../test/manual-clock.ts'
import { UnreadableRecord } from '../metadata-store.ts'
import { ChangeJournal, JournalBroken, noteChanges } from './change-journal.ts'
import { DataFile } from './data-file.ts'
import { FILE_NAME } from './environment.ts'
import { FileRoom, makeRoom, PAGES_BESIDES, PAGES_PER_KEY } from './file-room.ts'
import { JOURNAL_SUFFIX } from './leftovers.ts'
import { LmdbMetadataStore } from './metadata-store.ts'
import { isOwn, isOwnerGone, makeOwnedFile, OWNER_BYTES, ownerHead } from './owned-file.ts'
import { ReadGuard } from './read-guard.ts'
import { isAnyOpen, ReadTrail, takeLeftTrails } from './read-trail.ts'

const root = mkdtempSync(join(tmpdir(), 'lugsail-guards-'))
after(() => rmSync(root, { recursive: true, force: true }))

const MINUTE_MS = 60_000
/** No process has this id: it is above the greatest that Linux gives. */
const DEAD_PID = 99_999_999

/** A folder with a store's file in it, as the store left it. */
async function newFolder(keys: readonly string[] = ['Aa', 'Ab', 'Ac']): Promise<string> {
  const folder = mkdtempSync(join(root, 'store-'))
  const store = LmdbMetadataStore.open(folder)
  await store.commit({
    sets: keys.map((key) => ({ key: Buffer.from(key), value: Buffer.from(`value of ${key}`) })),
  })
  await store.close()
  return folder
}

/** What a process left that ended in the midst of a read; '' between two. */
const leaveTrail = (folder: string, text: string): void =>
  writeFileSync(
    join(folder, `metadata.mdb-trail-${DEAD_PID}-${Math.random().toString(16).slice(2)}`),
    text.padEnd(100),
  )

const stepAt = (key: string, kind = 'row'): string =>
  JSON.stringify({ kind, key: Buffer.from(key).toString('hex') })

describe('the trail of a reading process', () => {
  it('tells the last step to whoever comes after it, once, and nothing of processes that live', () => {
    const folder = mkdtempSync(join(root, 'trail-'))
    assert.deepEqual(takeLeftTrails(folder), { isAny: false, steps: [] })
    const trail = new ReadTrail(folder)
    assert.ok(isAnyOpen(folder))
    trail.note('after', Buffer.from('Aa'))
    const [name = ''] = readdirSync(folder)
    assert.deepEqual(JSON.parse(readFileSync(join(folder, name), 'utf8').trim()), {
      kind: 'after',
      key: '4161',
    })
    assert.equal(statSync(join(folder, name)).size, 8_192)
    assert.deepEqual(takeLeftTrails(folder), { isAny: false, steps: [] })
    trail.clear()
    trail.clear()
    assert.equal(readFileSync(join(folder, name), 'utf8').trim(), '')
    leaveTrail(folder, stepAt('Ab', 'before'))
    leaveTrail(folder, '')
    leaveTrail(folder, 'no step')
    writeFileSync(join(folder, `metadata.mdb-trail-${process.ppid}-aa`), stepAt('Ac'))
    assert.deepEqual(takeLeftTrails(folder), { isAny: true, steps: [{ kind: 'before', key: '4162' }] })
    assert.deepEqual(takeLeftTrails(folder), { isAny: false, steps: [] })
    trail.close()
    assert.equal(readdirSync(folder).length, 1)
    // A process of this one's id that ended before.
    writeFileSync(join(folder, `metadata.mdb-trail-${process.pid}-aa`), stepAt('Ad'))
    assert.deepEqual(takeLeftTrails(folder).steps, [{ kind: 'row', key: '4164' }])
  })
})

describe('the guard over reads', () => {
  const step = (guard: ReadGuard, key: string, kind: 'row' | 'after' | 'before' = 'row'): string => {
    try {
      return guard.step(kind, Buffer.from(key), () => 'read')
    } catch (error) {
      assert.ok(error instanceof UnreadableRecord)
      return `refused ${error.what} ${error.key.toString()}`
    }
  }

  it('costs nothing while nobody ended, and leaves nothing', async () => {
    const folder = await newFolder()
    const before = readdirSync(folder).sort()
    const guard = new ReadGuard(folder)
    assert.deepEqual([guard.isOn, guard.hidden, step(guard, 'Aa')], [false, [], 'read'])
    assert.equal(guard.refusalOf({ deletes: [Buffer.from('Aa')] }), null)
    guard.close()
    assert.deepEqual(readdirSync(folder).sort(), before)
  })

  it('refuses the step at which two processes ended, and no other, to reads and to changes', async () => {
    const folder = await newFolder()
    leaveTrail(folder, stepAt('Ab'))
    const first = new ReadGuard(folder)
    assert.ok(first.isOn, 'one that ended makes the next one careful')
    assert.equal(step(first, 'Ab'), 'read')
    leaveTrail(folder, stepAt('Ab'))
    const second = new ReadGuard(folder)
    assert.equal(step(second, 'Ab'), 'refused row Ab')
    assert.deepEqual([step(second, 'Aa'), step(second, 'Ab', 'after')], ['read', 'read'])
    const [ab, aa] = [Buffer.from('Ab'), Buffer.from('Aa')]
    const value = Buffer.of(1)
    for (const change of [
      { checks: [{ key: ab, version: 1 }] },
      { sets: [{ key: ab, value }] },
      { adds: [{ key: ab, amounts: [1] }] },
      { deletes: [ab] },
    ])
      assert.ok(second.refusalOf(change) instanceof UnreadableRecord, Object.keys(change).join())
    assert.equal(second.refusalOf({ deletes: [aa], emptyRanges: [{ start: aa, end: ab }] }), null)
    // Others hear of it when they look.
    assert.equal(step(first, 'Ab'), 'read')
    first.look()
    assert.equal(step(first, 'Ab'), 'refused row Ab')
    first.close()
    second.close()
    assert.ok(!existsSync(join(folder, `${FILE_NAME}-fences`)), 'the last one that closes in order forgets')
    const next = new ReadGuard(folder)
    assert.deepEqual([next.isOn, step(next, 'Ab')], [false, 'read'])
    next.close()
  })

  it('is careful for a time after a process ended, and notes each step while it is', async () => {
    const folder = await newFolder()
    leaveTrail(folder, '')
    const uptime = new ManualClock(0)
    const guard = new ReadGuard(folder, () => uptime.now())
    const noted = (): string => {
      const name = readdirSync(folder).find((each) => each.includes('-trail-')) ?? ''
      return readFileSync(join(folder, name), 'utf8').trim()
    }
    assert.equal(guard.step('after', Buffer.from('Aa'), noted), stepAt('Aa', 'after'))
    assert.equal(noted(), '', 'what was read is noted no more')
    assert.throws(
      () =>
        guard.step('row', Buffer.from('Aa'), () => {
          throw new Error('a fault')
        }),
      /a fault/,
    )
    assert.equal(noted(), '')
    uptime.advance(10 * MINUTE_MS - 1)
    assert.ok(guard.isOn)
    uptime.advance(1)
    assert.ok(!guard.isOn)
    assert.equal(guard.step('row', Buffer.from('Aa'), noted), '')
    guard.close()
  })

  it('forgets what is known of another file', async () => {
    const folder = await newFolder()
    const fences = { inode: 1, deaths: { [`row ${Buffer.from('Aa').toString('hex')}`]: 5 } }
    writeFileSync(join(folder, `${FILE_NAME}-fences`), JSON.stringify(fences))
    const guard = new ReadGuard(folder)
    assert.equal(step(guard, 'Aa'), 'read')
    guard.close()
    writeFileSync(join(folder, `${FILE_NAME}-fences`), 'no JSON')
    const other = new ReadGuard(folder)
    assert.equal(step(other, 'Aa'), 'read')
    other.close()
  })

  it('makes no step of an iteration that can find nothing, and lets go of it', async () => {
    const guard = new ReadGuard(await newFolder())
    const seen = { made: 0, isLetGo: false }
    const keys = ['a', 'b', 'c'].map((key) => Buffer.from(key))
    const entries = {
      [Symbol.iterator]: () => ({
        next: () => {
          const value = keys[seen.made++]
          return value ? { done: false as const, value } : { done: true as const, value: undefined }
        },
        return: () => {
          seen.isLetGo = true
          return { done: true as const, value: undefined }
        },
      }),
    }
    const read = (end: string, limit?: number): string[] => {
      Object.assign(seen, { made: 0, isLetGo: false })
      const range = {
        start: Buffer.from('a'),
        end: Buffer.from(end),
        keyOf: (key: Buffer) => key,
        reverse: false,
      }
      return [...guard.each(entries, { ...range, ...(limit !== undefined && { limit }) })].map(String)
    }
    assert.deepEqual([read('z'), seen.made, seen.isLetGo], [['a', 'b', 'c'], 4, true])
    assert.deepEqual([read('z', 2), seen.made, seen.isLetGo], [['a', 'b'], 2, true])
    // Nothing lies between a key and the one right behind it.
    assert.deepEqual([read('b\0'), seen.made], [['a', 'b'], 2])
    assert.deepEqual([read('z', 0), seen.made], [[], 0])
    guard.close()
  })
})

describe('a file that belongs to a process', () => {
  it('names its process before anybody sees it, and is made once', () => {
    const path = join(mkdtempSync(join(root, 'owned-')), 'file')
    const file = makeOwnedFile(path)
    assert.ok(file !== null)
    assert.equal(makeOwnedFile(path), null)
    assert.deepEqual(readdirSync(join(path, '..')), ['file'])
    assert.equal(statSync(path).size, OWNER_BYTES)
    assert.deepEqual([isOwn(path), isOwnerGone(path)], [true, false])
    assert.throws(() => makeOwnedFile(join(root, 'nowhere', 'file')), /ENOENT/)
  })

  it('is of one that is gone where that can be seen from here', () => {
    const path = join(mkdtempSync(join(root, 'owned-')), 'file')
    const own = ownerHead(process.pid).toString()
    for (const [head, isGone] of [
      [ownerHead(DEAD_PID).toString(), true],
      [ownerHead(process.ppid).toString(), false],
      // Of another start of the machine, and of another container on this one.
      [own.replace(/^\d+ \S/, (text) => `${text}0`), true],
      [`${own.trim()}0`, false],
      ['no process', false],
      [`${DEAD_PID}`, false],
      ['', false],
    ] as const) {
      writeFileSync(path, head)
      assert.deepEqual([isOwnerGone(path), isOwn(path)], [isGone, false], head)
    }
    assert.deepEqual([isOwnerGone(`${path}-nowhere`), isOwn(`${path}-nowhere`)], [false, false])
  })
})

describe('the journal of what changes while a store is compacted', () => {
  const keysOf = (keys: Buffer[] | null): string[] | null => keys && keys.map(String)

  it('gives the keys of each change, in order, and nothing of one that was not noted whole', async () => {
    const path = join(await newFolder(), FILE_NAME)
    const file = DataFile.open(path)
    noteChanges(file, [Buffer.from('Aa')])
    assert.ok(!existsSync(path + JOURNAL_SUFFIX), 'without a compaction nothing is noted')
    const journal = ChangeJournal.begin(path)
    assert.ok(journal)
    assert.equal(ChangeJournal.begin(path), null)
    await journal.isKnown()
    assert.deepEqual([journal.isWhole, journal.waitingBytes, journal.read()], [true, 0, null])
    noteChanges(file, [Buffer.from('Aa'), Buffer.alloc(300, 'k')])
    noteChanges(file, [])
    noteChanges(file, [Buffer.from('Ab')])
    assert.equal(journal.waitingBytes, 8 + 2 + 2 + 2 + 300 + 8 + 2 + 2)
    assert.deepEqual(keysOf(journal.read()), ['Aa', 'k'.repeat(300)])
    assert.deepEqual(keysOf(journal.read()), ['Ab'])
    assert.deepEqual([journal.read(), journal.waitingBytes], [null, 0])
    const noted = Buffer.from([0, 0, 0, 4, 1, 2, 3, 4, 0, 2, 65])
    appendFileSync(path + JOURNAL_SUFFIX, noted)
    assert.equal(journal.read(), null, 'it may still come')
    appendFileSync(path + JOURNAL_SUFFIX, Buffer.of(65))
    assert.throws(() => journal.read(), JournalBroken)
    journal.end()
    assert.ok(!existsSync(path + JOURNAL_SUFFIX))
  })

  it('is given up where it is not its own any more, or promises more than it may hold', async () => {
    const path = join(await newFolder(), FILE_NAME)
    const journal = ChangeJournal.begin(path)
    assert.ok(journal)
    appendFileSync(path + JOURNAL_SUFFIX, Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0]))
    assert.throws(() => journal.read(), JournalBroken)
    rmSync(path + JOURNAL_SUFFIX)
    assert.ok(!journal.isWhole)
    writeFileSync(path + JOURNAL_SUFFIX, 'of another')
    assert.ok(!journal.isWhole)
    journal.end()
    assert.ok(existsSync(path + JOURNAL_SUFFIX), 'what is another’s stays')
  })
})

describe('room in the file', () => {
  it('is made for all that a change may write, and by steps', async () => {
    const folder = await newFolder()
    const file = DataFile.open(join(folder, FILE_NAME))
    const room = new FileRoom()
    const nothing = room.bytesFor([])
    assert.equal(nothing, PAGES_BESIDES * 4_096)
    const key = Buffer.from('k')
    const more = (change: object): number => room.bytesFor([change]) - nothing
    const perKey = PAGES_PER_KEY * 4_096
    assert.equal(more({ adds: [{ key, amounts: [1] }] }), perKey)
    assert.ok(more({ deletes: [key] }) > perKey)
    const small = more({ sets: [{ key, value: Buffer.alloc(0) }] })
    assert.ok(small > more({ deletes: [key] }))
    assert.equal(more({ sets: [{ key, value: Buffer.alloc(1_000) }] }), small + 1_000)
    assert.equal(
      room.bytesFor([{ deletes: [key] }, { deletes: [key] }]) - nothing,
      2 * more({ deletes: [key] }),
    )
    const { usedBytes } = file.newestState()
    const before = file.bytes
    makeRoom(file, 1)
    const wanted = Math.max(before, usedBytes + 1)
    if (before < usedBytes + 1) assert.ok(file.bytes >= wanted)
    makeRoom(file, before)
    assert.ok(file.bytes >= usedBytes + before + 256 * 1024)
    assert.ok(file.bytes <= usedBytes + before + 8 * 1024 * 1024)
    const after = file.bytes
    makeRoom(file, before)
    assert.equal(file.bytes, after)
    const large = after - usedBytes + 100 * 1024 * 1024
    makeRoom(file, large, { usedBytes } as never)
    assert.ok(file.bytes >= usedBytes + large)
    room.makeFor(file, [{ deletes: [key] }], file.newestState())
  })

  it('is told with what of it holds nothing', async () => {
    const folder = await newFolder()
    const store = LmdbMetadataStore.open(folder)
    const before = await store.space()
    assert.ok(before.fileBytes >= 4 * 4_096)
    const { size } = statSync(join(folder, FILE_NAME))
    assert.equal(before.fileBytes, size)
    const sets = Array.from({ length: 400 }, (_, at) => ({
      key: Buffer.from(`Z${at}`),
      value: Buffer.alloc(3_000, 'v'),
    }))
    await store.commit({ sets: sets.slice(0, 200) })
    await store.commit({ sets: sets.slice(200) })
    const full = await store.space()
    await store.commit({ deletes: sets.slice(0, 200).map(({ key }) => key) })
    await store.commit({ deletes: sets.slice(200).map(({ key }) => key) })
    const empty = await store.space()
    const usedOf = ({ fileBytes, freeBytes }: typeof full): number => fileBytes - freeBytes
    assert.ok(usedOf(full) > 400 * 3_000, `${usedOf(full)}`)
    assert.ok(usedOf(empty) < 40 * 4_096, `${usedOf(empty)}`)
    await store.close()
  })
})
