// One of several processes on an embedded store: process.ts ROLE FOLDER NAME NOTES_FOLDER, with a channel to its parent.
// `writer`: writes its own key `NAME`, adds to the key `shared` where nobody else did meanwhile, makes and removes keys beside them, and tells each write that was acknowledged;
// what it is told of others' writes it reads. `compactor`: compacts the store, again and again.
import { openSync } from 'node:fs'
import { LmdbMetadataStore } from '../../../src/storage/lmdb/metadata-store.ts'
import { CompactionFailed, type Entry, type Version } from '../../../src/storage/metadata-store.ts'
import { note, notesPath, numberIn, spareKey, valueOf, type Told, type Word } from './told.ts'

const [role, folder = '', name = '', notesFolder = ''] = process.argv.slice(2)
const store = LmdbMetadataStore.open(folder)
const tell = (word: Word): unknown => process.send?.(word)

process.once('disconnect', () => process.exit())
process.on('message', (told: Told) => void hear(told))

/** Another process was told that its write is there before this one is asked: a read has to find it. */
async function hear({ writer, count }: Told): Promise<void> {
  const [entry = null] = await store.getMany([Buffer.from(writer)])
  const found = numberIn(entry)
  if (found < count) tell({ type: 'stale', writer, count, found })
}

async function write(): Promise<never> {
  const notes = openSync(notesPath(notesFolder, name), 'r+')
  const own = Buffer.from(name)
  const shared = Buffer.from('shared')
  const [[entry = null], [sharedEntry = null]] = [await store.getMany([own]), await store.getMany([shared])]
  let version: Version | null = sharedEntry?.version ?? null
  let seen = numberIn(sharedEntry)
  for (let count = numberIn(entry) + 1; ; count++) {
    note(notes, 'asked', count)
    await store.commit({
      sets: [{ key: own, value: valueOf(count) }, ...sparesOf(count)],
      deletes: count > SPARES ? [spareKey(name, count - SPARES)] : [],
    })
    note(notes, 'wrote', count)
    tell({ type: 'wrote', count })
    note(notes, 'adding', seen + 1)
    const outcome = await store.commit({
      checks: [{ key: shared, version }],
      sets: [{ key: shared, value: valueOf(seen + 1) }],
    })
    if (outcome === 'ok') {
      note(notes, 'added', seen + 1)
      tell({ type: 'added', to: seen + 1 })
    }
    const [now = null]: (Entry | null)[] = await store.getMany([shared])
    tell({ type: 'saw', value: numberIn(now), version: Number(now?.version ?? 0) })
    version = now?.version ?? null
    seen = numberIn(now)
  }
}

/** Keys of one process that are there at a time. */
const SPARES = 40
const sparesOf = (count: number) => [
  { key: spareKey(name, count), value: Buffer.alloc(500 + ((count * 37) % 9_000), count) },
]

async function compactForEver(): Promise<never> {
  for (;;) {
    tell({ type: 'compacting' })
    try {
      const { pauseMs } = await store.compact()
      tell({ type: 'compacted', pauseMs })
    } catch (error) {
      // One that was killed is taken for over after a minute only.
      if (!(error instanceof CompactionFailed)) throw error
      tell({ type: 'not compacted', why: error.message })
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

tell({ type: 'started' })
await (role === 'writer' ? write() : compactForEver())
