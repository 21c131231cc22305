import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { open } from 'lmdb'
import { StoreUnavailable } from '../metadata-store.ts'
import { StoreOpenError } from '../store-open-error.ts'
import { describeMetadataStore } from '../testing/metadata-store-suite.ts'
import { LmdbMetadataStore } from './metadata-store.ts'

const root = mkdtempSync(join(tmpdir(), 'lugsail-lmdb-'))
after(() => rmSync(root, { recursive: true, force: true }))

const folder = join(root, 'suite')
describeMetadataStore('lmdb', {
  open: async () => LmdbMetadataStore.open(folder),
  openAnother: async () => LmdbMetadataStore.open(folder),
})

describe('LmdbMetadataStore', () => {
  const key = Buffer.from('key')

  it('has what was committed after it is closed and opened again', async () => {
    const place = join(root, 'reopened')
    const first = LmdbMetadataStore.open(place)
    await first.commit({ sets: [{ key, value: Buffer.from('kept') }] })
    const [before] = await first.getMany([key])
    await first.close()
    const second = LmdbMetadataStore.open(place)
    assert.deepEqual(await second.getMany([key]), [before])
    await second.close()
  })

  it('refuses a file that is damaged or none of its own, instead of ending the process', async () => {
    const place = join(root, 'damaged')
    await LmdbMetadataStore.open(place).close()
    const path = join(place, 'metadata.mdb')
    const whole = readFileSync(path)
    const cut = whole.subarray(0, 4_096)
    const second = Buffer.from(whole).fill(1, 4_096, 8_192)
    for (const content of [Buffer.alloc(8_192, 1), Buffer.from('not a store'), cut, second]) {
      writeFileSync(path, content)
      assert.throws(
        () => LmdbMetadataStore.open(place),
        (error) => error instanceof StoreOpenError && error.message.includes(`${path}: the file is damaged`),
      )
    }
  })

  it('finishes commits under way when it is closed, and refuses further calls', async () => {
    const place = join(root, 'closed')
    const store = LmdbMetadataStore.open(place)
    const committing = Array.from({ length: 20 }, (_, index) =>
      store.commit({ sets: [{ key: Buffer.from(String(index)), value: key }] }),
    )
    await store.close()
    assert.deepEqual(new Set(await Promise.all(committing)), new Set(['ok']))
    await assert.rejects(store.getMany([key]), StoreUnavailable)
    await assert.rejects(store.commit({ deletes: [key] }), StoreUnavailable)
    await store.close()
  })

  /** Makes a store whose record of its format is `record`. */
  async function makeStoreOfFormat(place: string, record: Buffer): Promise<void> {
    await LmdbMetadataStore.open(place).close()
    const raw = open<Buffer, Buffer>({
      path: join(place, 'metadata.mdb'),
      noSubdir: true,
      encoding: 'binary',
      keyEncoding: 'binary',
      useVersions: true,
      overlappingSync: false,
    })
    await raw.put(Buffer.alloc(1_978, 0xff), record, 0)
    await raw.close()
  }

  it('refuses a store of a later format and names the path', async () => {
    const place = join(root, 'later')
    await makeStoreOfFormat(place, Buffer.from([0, 0, 0, 99]))
    assert.throws(
      () => LmdbMetadataStore.open(place),
      (error) => error instanceof StoreOpenError && /later.*format 99/.test(error.message),
    )
  })

  it('lets go of the file, and names it, when its format cannot be read', async () => {
    const place = join(root, 'unreadable')
    await makeStoreOfFormat(place, Buffer.from([0]))
    assert.throws(
      () => LmdbMetadataStore.open(place),
      (error) => error instanceof StoreOpenError && error.message.includes(place),
    )
    await new Promise(setImmediate)
    if (process.platform === 'linux')
      assert.deepEqual(
        // The engine's lock file stays open: that of the store which was made here.
        openFiles().filter((path) => path.startsWith(place) && !path.endsWith('-lock')),
        [],
      )
  })

  it('names the path and the cause when the store cannot be opened', () => {
    const place = join(root, 'a-file')
    writeFileSync(place, 'not a folder')
    assert.throws(
      () => LmdbMetadataStore.open(join(place, 'store')),
      (error) =>
        error instanceof StoreOpenError && error.message.includes(place) && error.cause !== undefined,
    )
  })
})

/** The paths of the files that this process has open; one may be closed while they are read. */
function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((name) => {
    try {
      return [readlinkSync(`/proc/self/fd/${name}`)]
    } catch {
      return []
    }
  })
}
