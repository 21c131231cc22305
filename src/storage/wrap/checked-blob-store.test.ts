import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { readFile, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { after, before, describe, it } from 'node:test'
import { SeededRandom } from '../../../test/seeded-random.ts'
import {
  CHECKED_BLOB_SUFFIX,
  DamagedBlob,
  type BlobId,
  type BlobStore,
  type BlobStream,
  type ByteRange,
  type GetBlobOptions,
} from '../blob-store.ts'
import { FileBlobStore } from '../files/blob-store.ts'
import { MemoryBlobStore } from '../memory/blob-store.ts'
import { bodyOf, patternBytes, readBlob } from '../testing/blob-fixtures.ts'
import { describeBlobStore } from '../testing/blob-store-suite.ts'
import { STORED_BLOCK_BYTES, storedBytesOf } from './block-sums.ts'
import { CheckedBlobStore } from './checked-blob-store.ts'

const always = () => true

const root = mkdtempSync(join(tmpdir(), 'lugsail-checked-'))
after(() => rmSync(root, { recursive: true, force: true }))

describeBlobStore('checked', { open: async () => new CheckedBlobStore(new MemoryBlobStore(), always) })
describeBlobStore('checked files', {
  open: async () => new CheckedBlobStore(await FileBlobStore.open(join(root, 'suite')), always),
})
describeBlobStore('checked, of older releases', {
  open: async () => new CheckedBlobStore(new MemoryBlobStore()),
})

/** An engine whose streams come in pieces of any size, as those of a cluster do. */
class PiecewiseBlobStore extends MemoryBlobStore {
  readonly #random: SeededRandom

  constructor(random: SeededRandom) {
    super()
    this.#random = random
  }

  override async get(id: BlobId, range?: ByteRange, options?: GetBlobOptions): Promise<BlobStream> {
    const stream = await super.get(id, range, options)
    const { blobBytes } = stream
    const bytes = Buffer.concat(await stream.toArray())
    const pieces: Buffer[] = []
    for (let at = 0; at < bytes.length; at += pieces.at(-1)?.length ?? 0)
      pieces.push(bytes.subarray(at, at + 1 + this.#random.below(2 * STORED_BLOCK_BYTES)))
    return Object.assign(Readable.from(pieces), { blobBytes })
  }
}

const ID = `blob${CHECKED_BLOB_SUFFIX}`
const BLOCK = STORED_BLOCK_BYTES - 4

describe('CheckedBlobStore', () => {
  it('gives any range out of pieces of any size', async (t) => {
    const random = new SeededRandom()
    t.diagnostic(`seed ${random.seed}`)
    for (const sizeBytes of [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 500_000]) {
      const store = new CheckedBlobStore(new PiecewiseBlobStore(random))
      const bytes = patternBytes(sizeBytes)
      assert.deepEqual(await store.put(ID, bodyOf(bytes), { sizeBytes }), { sizeBytes })
      assert.deepEqual(await store.list({ limit: 1 }), [{ id: ID, sizeBytes }])
      assert.ok((await readBlob(store, ID)).equals(bytes))
      for (let round = 0; sizeBytes > 0 && round < 20; round++) {
        const start = random.below(sizeBytes)
        const end = start + random.below(sizeBytes - start)
        assert.ok((await readBlob(store, ID, { start, end })).equals(bytes.subarray(start, end + 1)))
      }
    }
  })

  describe('on a disk that changes bytes', () => {
    let store: BlobStore
    let file: string
    const bytes = patternBytes(3 * BLOCK + 1_000)
    let stored: Buffer
    before(async () => {
      store = new CheckedBlobStore(await FileBlobStore.open(join(root, 'damaged')))
      await store.put(ID, bodyOf(bytes))
      file = store.placeOf(ID)
      stored = await readFile(file)
      assert.equal(stored.length, storedBytesOf(bytes.length))
    })
    after(() => store.close())

    /** What a reader got before the error that ended the read. */
    async function readUntilError(range?: ByteRange): Promise<{ given: Buffer; error: unknown }> {
      const chunks: Buffer[] = []
      try {
        for await (const chunk of await store.get(ID, range)) chunks.push(Buffer.from(chunk as Buffer))
      } catch (error) {
        return { given: Buffer.concat(chunks), error }
      }
      return { given: Buffer.concat(chunks), error: null }
    }

    it('never gives a byte of a block in which a bit was flipped, and says where it is', async (t) => {
      const random = new SeededRandom()
      t.diagnostic(`seed ${random.seed}`)
      for (let round = 0; round < 40; round++) {
        const at = random.below(stored.length)
        const damaged = Buffer.from(stored)
        damaged.writeUInt8(damaged.readUInt8(at) ^ (1 << random.below(8)), at)
        await writeFile(file, damaged)
        const block = Math.floor(at / STORED_BLOCK_BYTES)
        const { given, error } = await readUntilError()
        assert.ok(error instanceof DamagedBlob, `byte ${at}`)
        assert.equal(error.offset, block * BLOCK)
        assert.equal(error.place, file)
        assert.ok(given.equals(bytes.subarray(0, block * BLOCK)))
        const other = block === 0 ? BLOCK : 0
        assert.equal(
          (await readUntilError({ start: other, end: other + 9 })).error,
          null,
          'another block is read',
        )
      }
      await writeFile(file, stored)
    })

    it('refuses blocks that changed places, a blob under another id, and a blob that lost its last block', async () => {
      const [first, second] = [0, 1].map((block) =>
        stored.subarray(block * STORED_BLOCK_BYTES, (block + 1) * STORED_BLOCK_BYTES),
      )
      const rest = stored.subarray(2 * STORED_BLOCK_BYTES)
      await writeFile(file, Buffer.concat([second ?? rest, first ?? rest, rest]))
      assert.ok((await readUntilError()).error instanceof DamagedBlob)
      await writeFile(file, stored)
      await truncate(file, 3 * STORED_BLOCK_BYTES)
      const { error } = await readUntilError()
      assert.ok(error instanceof DamagedBlob)
      assert.equal(error.offset, 2 * BLOCK, 'the block before it was not the last one')
      await writeFile(file, stored)
      const otherId = `other${CHECKED_BLOB_SUFFIX}`
      await store.put(otherId, bodyOf(bytes))
      await writeFile(store.placeOf(otherId), stored)
      await assert.rejects(readBlob(store, otherId), DamagedBlob)
    })

    it('tells of a blob that is shorter than any how many bytes are left of it', async () => {
      for (const left of [1, 3]) {
        await truncate(file, left)
        for (const range of [undefined, { start: 0, end: 0 }]) {
          const { given, error } = await readUntilError(range)
          assert.ok(error instanceof DamagedBlob)
          assert.equal(given.length, 0)
          assert.deepEqual([error.offset, error.place], [0, file])
          assert.match(error.message, new RegExp(`it has ${left} stored bytes`))
        }
        const [entry] = await store.list({ limit: 1 })
        assert.equal(entry?.sizeBytes, 0)
      }
      await writeFile(file, stored)
    })
  })
})
