import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
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
import { CompactionFailed, type Entry, type Version } from '../metadata-store.ts'
import { JOURNAL_SUFFIX, LOCK_SUFFIX } from './leftovers.ts'
import { LmdbMetadataStore } from './metadata-store.ts'
import { ownerHead } from './owned-file.ts'

const root = mkdtempSync(join(tmpdir(), 'lugsail-compact-'))
after(() => rmSync(root, { recursive: true, force: true }))

const ALL = { start: Buffer.of(0), end: Buffer.alloc(1_901, 0xff), limit: 100_000 }
const FILE = 'metadata.mdb'
const keyOf = (number: number): Buffer => Buffer.from(`key/${(number * 7_919) % 100_003}/${'x'.repeat(60)}`)

/** A store of which most was deleted; its keys are those of the numbers from `from` on. */
async function makeHollow(name: string): Promise<{ store: LmdbMetadataStore; folder: string; from: number }> {
  const folder = join(root, name)
  const store = LmdbMetadataStore.open(folder)
  const [from, to] = [1_800, 2_000]
  const put = (number: number) =>
    store.commit({ sets: [{ key: keyOf(number), value: Buffer.alloc(900 + number, number) }] })
  await Promise.all(Array.from({ length: to }, (_, number) => put(number)))
  await Promise.all(Array.from({ length: from }, (_, number) => store.commit({ deletes: [keyOf(number)] })))
  return { store, folder, from }
}

const contentOf = (store: LmdbMetadataStore): Promise<Entry[]> => store.scan(ALL)
const versionOf = async (store: LmdbMetadataStore, key: Buffer): Promise<Version | null> =>
  (await store.getMany([key]))[0]?.version ?? null
const filesIn = (folder: string): string[] =>
  readdirSync(folder).filter((name) => name.startsWith(FILE) && !name.includes('-trail-'))

describe('a compaction of the embedded store', () => {
  it('makes its file shorter and leaves every entry with its value and its version', async () => {
    const { store, folder } = await makeHollow('shorter')
    const before = await contentOf(store)
    const bytesBefore = statSync(join(folder, FILE)).size
    const compaction = await store.compact()
    const bytesAfter = statSync(join(folder, FILE)).size
    assert.deepEqual(await contentOf(store), before)
    assert.ok(bytesAfter * 4 < bytesBefore, `${bytesBefore} bytes became ${bytesAfter}`)
    assert.deepEqual([compaction.bytesBefore, compaction.bytesAfter], [bytesBefore, bytesAfter])
    // And the record of the format.
    assert.equal(compaction.entries, before.length + 1)
    assert.deepEqual(filesIn(folder).sort(), [FILE, FILE + LOCK_SUFFIX])
    await store.close()
    const again = LmdbMetadataStore.open(folder)
    assert.deepEqual(await contentOf(again), before)
    await again.close()
  })

  it('has what was committed while it went on', async () => {
    const { store, from } = await makeHollow('meanwhile')
    const [changed, removed, made, counter] = [keyOf(from), keyOf(from + 1), keyOf(1), Buffer.from('counter')]
    let times = 0
    const compaction = await store.compact({
      rest: async () => {
        times++
        await store.commit({ sets: [{ key: changed, value: Buffer.alloc(3_000, times) }] })
        await store.commit({ deletes: [removed] })
        await store.commit({ sets: [{ key: made, value: Buffer.from('new') }] })
        await store.commit({ adds: [{ key: counter, amounts: [1] }] })
      },
    })
    assert.ok(times > 2)
    assert.ok(compaction.copiedAgain >= 4)
    const [a, b, c, d] = await store.getMany([changed, removed, made, counter])
    assert.deepEqual(a?.value, Buffer.alloc(3_000, times))
    assert.equal(b, null)
    assert.deepEqual(c?.value, Buffer.from('new'))
    assert.equal(d?.value.readBigInt64BE(0), BigInt(times))
    await store.close()
  })

  it('lets conditions on a version from before hold, and gives no version twice', async () => {
    const { store, from } = await makeHollow('versions')
    const [key, other] = [keyOf(from), keyOf(from + 1)]
    const seen = new Set<Version | null>((await contentOf(store)).map(({ version }) => version))
    const old = await versionOf(store, key)
    const value = Buffer.from('value')
    for (let round = 0; round < 3; round++) {
      await store.compact()
      await store.commit({ sets: [{ key: other, value }] })
      const version = await versionOf(store, other)
      assert.ok(!seen.has(version), `the version ${version} comes again`)
      seen.add(version)
    }
    assert.equal(await store.commit({ checks: [{ key, version: old }], sets: [{ key, value }] }), 'ok')
    assert.equal(await store.commit({ checks: [{ key, version: old }], sets: [{ key, value }] }), 'conflict')
    await store.close()
  })

  it('is possible for a store that has hardly had a transaction', async () => {
    const folder = join(root, 'young')
    const store = LmdbMetadataStore.open(folder)
    const sets = Array.from({ length: 300 }, (_, number) => ({
      key: keyOf(number),
      value: Buffer.alloc(100),
    }))
    await store.commit({ sets })
    const before = await contentOf(store)
    await store.compact()
    await store.compact()
    assert.deepEqual(await contentOf(store), before)
    assert.equal(await store.commit({ deletes: [keyOf(1)] }), 'ok')
    await store.close()
  })

  it('ends when its signal says so, and leaves everything as it was', async () => {
    const { store, folder } = await makeHollow('ended')
    const before = await contentOf(store)
    const { ino } = statSync(join(folder, FILE))
    const ending = new AbortController()
    const compacting = store.compact({ signal: ending.signal, onProgress: () => ending.abort() })
    await assert.rejects(compacting, { name: 'AbortError' })
    assert.deepEqual(await contentOf(store), before)
    assert.equal(statSync(join(folder, FILE)).ino, ino)
    assert.deepEqual(filesIn(folder).sort(), [FILE, FILE + LOCK_SUFFIX])
    await store.close()
  })

  it('is refused while another one goes on', async () => {
    const { store } = await makeHollow('twice')
    let refused: Promise<void> | undefined
    await store.compact({
      onProgress: () => {
        refused ??= assert.rejects(store.compact(), CompactionFailed)
      },
    })
    assert.ok(refused)
    await refused
    await store.close()
  })

  for (const { what, spoil } of [
    { what: 'was removed', spoil: (journal: string) => rmSync(journal) },
    {
      what: 'has a part that a killed process left',
      spoil: (journal: string) => appendFileSync(journal, Buffer.of(0, 0, 0, 9, 1, 2)),
    },
  ]) {
    it(`ends where its journal of changes ${what}, and loses nothing`, async () => {
      const { store, folder, from } = await makeHollow(`journal ${what}`)
      const { ino } = statSync(join(folder, FILE))
      let isSpoilt = false
      const compacting = store.compact({
        rest: async () => {
          if (!isSpoilt) spoil(join(folder, FILE + JOURNAL_SUFFIX))
          isSpoilt = true
          await store.commit({ sets: [{ key: keyOf(from), value: Buffer.from('new') }] })
        },
      })
      await assert.rejects(compacting, CompactionFailed)
      assert.equal(statSync(join(folder, FILE)).ino, ino)
      const [entry] = await store.getMany([keyOf(from)])
      assert.deepEqual(entry?.value, Buffer.from('new'))
      await store.close()
    })
  }

  it('is seen by a process that reads one key again and again, with what others commit after it', async () => {
    const { store, folder, from } = await makeHollow('seen elsewhere')
    const key = keyOf(from)
    for (let reads = 0; reads < 3; reads++) await store.getMany([key])
    const script = `
      const { LmdbMetadataStore } = await import(${JSON.stringify(new URL('metadata-store.ts', import.meta.url).href)})
      const [folder, key] = process.argv.slice(1)
      const store = LmdbMetadataStore.open(folder)
      await store.compact()
      await store.commit({ sets: [{ key: Buffer.from(key), value: Buffer.from('new') }] })
      await store.close()`
    const words = ['--import', './build/typescript.mjs', '--input-type=module', '-e', script]
    const child = spawn(process.execPath, [...words, folder, key.toString()], { stdio: 'inherit' })
    assert.deepEqual(await once(child, 'close'), [0, null])
    const [entry] = await store.getMany([key])
    assert.equal(entry?.value.toString(), 'new')
    await store.close()
  })

  it('waits for who reads an old state of the store', async () => {
    const { store } = await makeHollow('read')
    const before = await contentOf(store)
    const snapshot = await store.snapshot()
    let isOver = false
    let copied = (): void => undefined
    const isCopied = new Promise<void>((resolve) => (copied = resolve))
    const compacting = store.compact({ onProgress: () => copied() }).finally(() => (isOver = true))
    await isCopied
    for (let commit = 0; commit < 20; commit++)
      await store.commit({ sets: [{ key: keyOf(1), value: Buffer.of(commit) }] })
    assert.deepEqual(await snapshot.scan(ALL), before)
    assert.equal(isOver, false)
    await snapshot.close()
    await compacting
    await store.close()
  })

  it('is cleaned up after at the next start when it was killed, and not while it goes on', async () => {
    const { store, folder } = await makeHollow('killed')
    await store.close()
    const gone = spawnSync(process.execPath, ['-p', 'process.pid']).stdout.toString()
    const names = ['.changes', '.compacting', '.compacting-lock'].map((suffix) => FILE + suffix)
    for (const [pid, stays] of [
      [process.ppid, true],
      [Number(gone), false],
    ] as const) {
      for (const name of names) writeFileSync(join(folder, name), ownerHead(pid))
      await LmdbMetadataStore.open(folder).close()
      for (const name of names)
        assert.equal(filesIn(folder).includes(name), stays, `${name} of process ${pid}`)
    }
  })
})

describe('a commit of the embedded store', () => {
  it('undoes no other one when the engine was made to count its transactions wrongly', async () => {
    const folder = join(root, 'count')
    const store = LmdbMetadataStore.open(folder)
    const put = (name: string) =>
      store.commit({ sets: [{ key: Buffer.from(name), value: Buffer.from(name) }] })
    await put('early')
    const path = join(folder, FILE)
    const early = readFileSync(path)
    for (const name of ['one', 'two', 'three']) await put(name)
    const versions = (await contentOf(store)).map(({ version }) => version)
    // What happens when a process reads the file, and sets the count, while another one commits in between.
    const script = `
      import { renameSync } from 'node:fs'
      import { open } from 'lmdb'
      const [path, before, aside] = process.argv.slice(1)
      renameSync(path, aside)
      renameSync(before, path)
      const environment = open({ path, noSubdir: true, overlappingSync: false, mapSize: 16 * 1024 ** 3, maxReaders: 512 })
      renameSync(aside, path)
      await environment.close()`
    writeFileSync(`${path}.early`, early)
    const opening = spawnSync(
      process.execPath,
      ['--input-type=module', '-e', script, path, `${path}.early`, `${path}.aside`],
      { encoding: 'utf8' },
    )
    assert.equal(opening.status, 0, opening.stderr)
    await put('four')
    const entries = await contentOf(store)
    assert.deepEqual(
      entries.map(({ value }) => value.toString()),
      ['early', 'four', 'one', 'three', 'two'],
    )
    const version = await versionOf(store, Buffer.from('four'))
    assert.ok(!versions.includes(version ?? 0))
    await store.close()
  })
})
