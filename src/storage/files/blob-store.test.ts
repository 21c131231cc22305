import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it, mock } from 'node:test'
import { StoreUnavailable } from '../metadata-store.ts'
import { StoreOpenError } from '../store-open-error.ts'
import { bodyOf, listIds, patternBytes, readBlob } from '../testing/blob-fixtures.ts'
import { describeBlobStore } from '../testing/blob-store-suite.ts'
import { blobPath } from './blob-path.ts'
import { FileBlobStore } from './blob-store.ts'
import { systemFiles, type FileSystem } from './file-system.ts'

const root = mkdtempSync(join(tmpdir(), 'lugsail-files-'))
after(() => rmSync(root, { recursive: true, force: true }))

const folder = join(root, 'suite')
describeBlobStore('files', {
  open: () => FileBlobStore.open(folder),
  openAnother: () => FileBlobStore.open(folder),
})

describe('FileBlobStore', () => {
  it('has what was put after it is closed and opened again', async () => {
    const place = join(root, 'reopened')
    const first = await FileBlobStore.open(place)
    await first.put('kept', bodyOf(patternBytes(100)))
    await first.close()
    const second = await FileBlobStore.open(place)
    assert.deepEqual(await listIds(second, ''), ['kept'])
    await second.close()
  })

  it('removes the unfinished files of dead processes when it opens, and none of live ones', async () => {
    const place = join(root, 'leftovers')
    const live = await FileBlobStore.open(place)
    const incoming = join(place, 'incoming')
    const [mine = ''] = readdirSync(incoming)
    const [machine] = mine.split('-')
    // No process has this id: it is above the greatest that Linux gives.
    const dead = join(incoming, `${machine}-99999999-aa`)
    mkdirSync(dead)
    writeFileSync(join(dead, '0'), 'half a body')
    const elsewhere = join(incoming, 'another-machine-1')
    mkdirSync(elsewhere)
    const second = await FileBlobStore.open(place)
    const names = readdirSync(incoming)
    assert.ok(names.includes(mine) && names.includes('another-machine-1'))
    assert.ok(!names.includes(`${machine}-99999999-aa`))
    await live.close()
    await second.close()
  })

  it('passes over what others left among its files', async () => {
    const place = join(root, 'strangers')
    const store = await FileBlobStore.open(place)
    await store.put('writer01-00000001', bodyOf(patternBytes(10)))
    const inner = join(place, 'blobs', 'wr', 'writer01-00000001')
    for (const folder of [inner, join(place, 'blobs', 'wr'), join(place, 'blobs')])
      for (const name of ['.nfs00000000000a1b2c', 'writer01 (copy)', 'lost+found'])
        writeFileSync(join(folder, name), '')
    assert.deepEqual(await listIds(store, ''), ['writer01-00000001'])
    await store.close()
  })

  it('fails, rather than go on in another place, when its folder is gone', async () => {
    const place = join(root, 'unmounted')
    const store = await FileBlobStore.open(place)
    rmSync(join(place, 'blobs'), { recursive: true })
    await assert.rejects(store.put('writer01-00000001', bodyOf(patternBytes(10))), StoreUnavailable)
    assert.ok(!existsSync(join(place, 'blobs')))
    await store.close()
  })

  it('removes a folder with its last blob, and makes it again for the next', async () => {
    const place = join(root, 'emptied')
    const store = await FileBlobStore.open(place)
    for (let round = 0; round < 3; round++) {
      await store.put('writer01-00000001', bodyOf(patternBytes(10)))
      await store.delete(['writer01-00000001'])
      assert.deepEqual(readdirSync(join(place, 'blobs', 'wr')), [])
    }
    await store.close()
  })

  it('leaves no unfinished file behind a failed put', async () => {
    const place = join(root, 'failed')
    const store = await FileBlobStore.open(place)
    const [mine = ''] = readdirSync(join(place, 'incoming'))
    await assert.rejects(store.put('a', bodyOf(patternBytes(10)), { sizeBytes: 11 }), RangeError)
    assert.deepEqual(readdirSync(join(place, 'incoming', mine)), [])
    await store.close()
  })

  it('shows no blob whose name could not be synced', async () => {
    const place = join(root, 'unsynced')
    const store = await FileBlobStore.open(place)
    const { file } = blobPath(join(place, 'blobs'), 'writer01-00000001')
    const handle = await open(place, 'r')
    const syncing = mock.method(Object.getPrototypeOf(handle) as typeof handle, 'sync', async () => {
      if (!existsSync(file)) return
      throw Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO', syscall: 'fsync' })
    })
    await assert.rejects(store.put('writer01-00000001', bodyOf(patternBytes(10))), StoreUnavailable)
    syncing.mock.restore()
    await handle.close()
    assert.deepEqual(await listIds(store, ''), [])
    await store.put('writer01-00000001', bodyOf(patternBytes(10)))
    assert.deepEqual(await listIds(store, ''), ['writer01-00000001'])
    await store.close()
  })

  it('is unavailable, and not faulty, on a disk that lets nothing be removed either', async () => {
    const place = join(root, 'read-only')
    const failing = async (): Promise<never> => {
      throw Object.assign(new Error('EROFS: read-only file system'), { code: 'EROFS', syscall: 'call' })
    }
    let isReadOnly = false
    const files: FileSystem = {
      ...systemFiles,
      rename: (from, to) => (isReadOnly ? failing() : systemFiles.rename(from, to)),
      remove: (path) => (isReadOnly ? failing() : systemFiles.remove(path)),
    }
    const store = await FileBlobStore.open(place, { files })
    isReadOnly = true
    await assert.rejects(store.put('writer01-00000001', bodyOf(patternBytes(10))), StoreUnavailable)
    isReadOnly = false
    await store.put('writer01-00000001', bodyOf(patternBytes(10)))
    assert.deepEqual(await listIds(store, ''), ['writer01-00000001'])
    await store.close()
  })

  it('is unavailable, and not faulty, when the disk cannot read what is being read', async () => {
    const place = join(root, 'unreadable')
    let isFailing = false
    const files: FileSystem = {
      ...systemFiles,
      openForReading: async (path) => {
        const file = await systemFiles.openForReading(path)
        return {
          sizeBytes: file.sizeBytes,
          read: (buffers, at, done) => {
            if (!isFailing) return file.read(buffers, at, done)
            done(Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO', syscall: 'read' }), 0)
          },
          close: (done) => file.close(done),
        }
      },
    }
    const store = await FileBlobStore.open(place, { files })
    await store.put('writer01-00000001', bodyOf(patternBytes(10)))
    const read = () => readBlob(store, 'writer01-00000001')
    isFailing = true
    await assert.rejects(read(), StoreUnavailable)
    isFailing = false
    assert.deepEqual(await read(), patternBytes(10))
    await store.close()
  })

  it('names the path and the cause when the store cannot be opened', async () => {
    const place = join(root, 'a-file')
    writeFileSync(place, 'not a folder')
    await assert.rejects(
      FileBlobStore.open(place),
      (error) => error instanceof StoreOpenError && error.message.includes(place),
    )
  })
})
