import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { BLOB_ID_LENGTH_MAX, BlobNotFound, type BlobId, type BlobStore } from '../blob-store.ts'
import { bodyOf, listIds, newIdPrefix, patternBytes, readBlob } from './blob-fixtures.ts'

/** Rules of `put` and `delete`. */
export function blobWriteRules(store: () => BlobStore): void {
  describe('putting blobs', () => {
    it('keeps bodies of every size, the empty one among them, and says how long they were', async () => {
      const prefix = newIdPrefix()
      for (const size of [0, 1, 4095, 65_536, 65_537, 300_000, 3_000_001]) {
        const bytes = patternBytes(size)
        assert.deepEqual(await store().put(`${prefix}${size}`, bodyOf(bytes)), { sizeBytes: size })
        assert.ok((await readBlob(store(), `${prefix}${size}`)).equals(bytes), `${size} bytes`)
      }
    })

    it('keeps bodies whatever the sizes of their chunks, empty chunks among them', async () => {
      const prefix = newIdPrefix()
      const bytes = patternBytes(50_000)
      async function* ragged() {
        yield new Uint8Array(0)
        yield bytes.subarray(0, 1)
        yield bytes.subarray(1, 40_000)
        yield new Uint8Array(0)
        yield new Uint8Array(bytes.subarray(40_000))
      }
      await store().put(`${prefix}a`, ragged(), { sizeBytes: 50_000 })
      assert.ok((await readBlob(store(), `${prefix}a`)).equals(bytes))
    })

    it(`takes ids of ${BLOB_ID_LENGTH_MAX} characters`, async () => {
      const id = newIdPrefix().padEnd(BLOB_ID_LENGTH_MAX, 'x')
      await store().put(id, bodyOf(patternBytes(10)))
      assert.ok((await readBlob(store(), id)).equals(patternBytes(10)))
      await store().delete([id])
    })

    it('refuses ids with other characters, so that no id leads out of the store', async () => {
      for (const id of ['', '.', '..', '../x', 'a/b', 'A', 'é', 'a b', '.a', 'x'.repeat(201)]) {
        await assert.rejects(store().put(id, bodyOf(patternBytes(1))), RangeError)
        await assert.rejects(store().get(id), RangeError)
        await assert.rejects(store().delete([id]), RangeError)
      }
    })

    it('rejects with the error of a failing body, and nothing of the blob is left', async () => {
      const prefix = newIdPrefix()
      const failure = new Error('the client went away')
      for (const sizeBefore of [0, 10, 200_000]) {
        async function* failing() {
          yield* bodyOf(patternBytes(sizeBefore))
          throw failure
        }
        await assert.rejects(store().put(`${prefix}a`, failing()), (error) => error === failure)
        await assertAbsent(store(), prefix, `${prefix}a`)
      }
    })

    it('rejects a body that is shorter or longer than the size told before', async () => {
      const prefix = newIdPrefix()
      for (const sizeBytes of [9, 11]) {
        await assert.rejects(store().put(`${prefix}a`, bodyOf(patternBytes(10)), { sizeBytes }))
        await assertAbsent(store(), prefix, `${prefix}a`)
      }
    })

    it('rejects when the signal aborts: before, while bytes come, and while the body hangs', async () => {
      const prefix = newIdPrefix()
      const reason = new Error('stopped')
      const isReason = (error: unknown) => error === reason
      const body = bodyOf(patternBytes(10))
      await assert.rejects(store().put(`${prefix}a`, body, { signal: AbortSignal.abort(reason) }), isReason)
      const coming = new AbortController()
      async function* endless() {
        for (let count = 0; ; count++) {
          if (count === 3) coming.abort(reason)
          yield patternBytes(1000)
          await nextTurn()
        }
      }
      await assert.rejects(store().put(`${prefix}b`, endless(), { signal: coming.signal }), isReason)
      const hanging = new AbortController()
      async function* hung() {
        yield patternBytes(1000)
        setImmediate(() => hanging.abort(reason))
        await new Promise(() => undefined)
      }
      await assert.rejects(store().put(`${prefix}c`, hung(), { signal: hanging.signal }), isReason)
      assert.deepEqual(await listIds(store(), prefix), [])
    })

    it('lets the same id be tried again after a failure', async () => {
      const prefix = newIdPrefix()
      async function* failing() {
        yield patternBytes(100)
        throw new Error('broken')
      }
      await assert.rejects(store().put(`${prefix}a`, failing()))
      await store().put(`${prefix}a`, bodyOf(patternBytes(5)))
      assert.ok((await readBlob(store(), `${prefix}a`)).equals(patternBytes(5)))
    })

    it('is invisible to get and list until it is done', async () => {
      const prefix = newIdPrefix()
      const seen: string[] = []
      async function* watched() {
        for (let piece = 0; piece < 4; piece++) {
          yield patternBytes(100_000)
          seen.push(...(await listIds(store(), prefix)))
          await assert.rejects(store().get(`${prefix}a`), BlobNotFound)
        }
      }
      await store().put(`${prefix}a`, watched())
      assert.deepEqual(seen, [])
      assert.deepEqual(await listIds(store(), prefix), [`${prefix}a`])
    })

    it('keeps its own copy: a body may use its buffer again once it is asked for more', async () => {
      const prefix = newIdPrefix()
      const pieces = Array.from({ length: 40 }, (_, index) => Buffer.alloc(50_000, index + 1))
      async function* reusing() {
        const buffer = Buffer.alloc(50_000)
        for (const piece of pieces) {
          piece.copy(buffer)
          yield buffer
        }
      }
      await store().put(`${prefix}a`, reusing())
      assert.ok((await readBlob(store(), `${prefix}a`)).equals(Buffer.concat(pieces)))
    })

    it('stores many blobs at once', async () => {
      const prefix = newIdPrefix()
      const ids = Array.from({ length: 64 }, (_, index) => `${prefix}${String(index).padStart(2, '0')}`)
      await Promise.all(ids.map((id, index) => store().put(id, bodyOf(patternBytes(1000 + index)))))
      for (const [index, id] of ids.entries())
        assert.ok((await readBlob(store(), id)).equals(patternBytes(1000 + index)))
      assert.deepEqual(await listIds(store(), prefix), ids)
    })
  })

  describe('deleting blobs', () => {
    it('removes the blobs named and no other', async () => {
      const prefix = newIdPrefix()
      for (const name of 'abc') await store().put(`${prefix}${name}`, bodyOf(patternBytes(10)))
      await store().delete([`${prefix}a`, `${prefix}c`])
      assert.deepEqual(await listIds(store(), prefix), [`${prefix}b`])
      await assert.rejects(store().get(`${prefix}a`), (error) => {
        return error instanceof BlobNotFound && error.id === `${prefix}a`
      })
    })

    it('resolves for blobs that do not exist, for none, and for the same one again', async () => {
      const prefix = newIdPrefix()
      await store().put(`${prefix}a`, bodyOf(patternBytes(10)))
      await store().delete([])
      await store().delete([`${prefix}never`, `${prefix}a`])
      await store().delete([`${prefix}a`, `${prefix}a`])
      assert.deepEqual(await listIds(store(), prefix), [])
    })

    it('removes a thousand at once', async () => {
      const prefix = newIdPrefix()
      const ids = Array.from({ length: 30 }, (_, index) => `${prefix}${index}`)
      await Promise.all(ids.map((id) => store().put(id, bodyOf(patternBytes(1)))))
      const absent = Array.from({ length: 970 }, (_, index) => `${prefix}absent-${index}`)
      await store().delete([...ids, ...absent])
      assert.deepEqual(await listIds(store(), prefix), [])
    })
  })
}

async function assertAbsent(store: BlobStore, prefix: string, id: BlobId): Promise<void> {
  assert.deepEqual(await listIds(store, prefix), [])
  await assert.rejects(store.get(id), BlobNotFound)
}
