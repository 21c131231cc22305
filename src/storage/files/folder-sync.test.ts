import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { FolderSync } from './folder-sync.ts'
import { systemFiles, type FileSystem } from './file-system.ts'

/** Folders whose syncs end when the test says so. */
class HeldSyncs {
  readonly events: string[] = []
  readonly #ends: ((error: Error | null) => void)[] = []

  readonly files: FileSystem = {
    ...systemFiles,
    openFolder: async (path) => {
      this.events.push(`open ${path}`)
      return {
        sync: () => {
          this.events.push(`sync ${path}`)
          return new Promise((resolve, reject) =>
            this.#ends.push((error) => (error ? reject(error) : resolve())),
          )
        },
        isAt: async () => true,
        close: async () => void this.events.push(`close ${path}`),
      }
    },
  }

  /** Ends the oldest sync that is under way. */
  async end(error: Error | null = null): Promise<void> {
    await turn()
    this.#ends.shift()?.(error)
    await turn()
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const failure = new Error('EIO')

describe('names in folders', () => {
  it('are made while the folder is open already, and it is closed behind their sync', async () => {
    const disk = new HeldSyncs()
    const made = new FolderSync(disk.files).whileHeld('a', async (sync) => {
      disk.events.push('make')
      await sync()
    })
    await disk.end()
    await made
    assert.deepEqual(disk.events, ['open a', 'make', 'sync a', 'close a'])
  })

  it('that come while their folder is being synced share the next sync', async () => {
    const disk = new HeldSyncs()
    const folders = new FolderSync(disk.files)
    const all = [1, 2, 3].map(() => folders.whileHeld('a', (sync) => sync()))
    await disk.end()
    await disk.end()
    await Promise.all(all)
    assert.deepEqual(disk.events, ['open a', 'sync a', 'sync a', 'close a'])
  })

  it('are all in doubt when a sync fails while their folder is held, also those whose sync comes later', async () => {
    const disk = new HeldSyncs()
    const folders = new FolderSync(disk.files)
    let goOn: () => void = () => undefined
    const late = folders.whileHeld('a', async (sync) => {
      await new Promise<void>((resolve) => (goOn = resolve))
      await sync()
    })
    const [first, waiting] = [1, 2].map(() => folders.whileHeld('a', (sync) => sync()))
    const settled = Promise.allSettled([first, waiting, late])
    await disk.end(failure)
    goOn()
    assert.deepEqual(
      (await settled).map((each): unknown => (each.status === 'rejected' ? each.reason : null)),
      [failure, failure, failure],
    )
  })

  it('that come after a failed sync are made in the folder as it is opened anew', async () => {
    const disk = new HeldSyncs()
    const folders = new FolderSync(disk.files)
    const failed = folders.whileHeld('a', (sync) => sync())
    failed.catch(() => undefined)
    await disk.end(failure)
    await assert.rejects(failed, failure)
    const next = folders.whileHeld('a', (sync) => sync())
    await disk.end()
    await next
    assert.deepEqual(disk.events, ['open a', 'sync a', 'close a', 'open a', 'sync a', 'close a'])
  })

  it('are synced in the folder that is there, also when somebody still holds one that was removed from its place', async () => {
    const place = mkdtempSync(join(tmpdir(), 'lugsail-folder-sync-'))
    try {
      const folder = join(place, 'folder')
      mkdirSync(folder)
      const synced: string[] = []
      const inode = (path: string) => String(statSync(path).ino)
      const files: FileSystem = {
        ...systemFiles,
        syncFolder: async (path) => {
          synced.push(inode(path))
          await systemFiles.syncFolder(path)
        },
      }
      const folders = new FolderSync(files)
      await folders.whileHeld(folder, async () => {
        rmdirSync(folder)
        mkdirSync(folder)
        await folders.whileHeld(folder, async (sync) => {
          writeFileSync(join(folder, 'name'), '')
          await sync()
        })
        assert.deepEqual(synced, [inode(folder)])
        // Who comes then opens the one that is there.
        await folders.whileHeld(folder, (sync) => sync())
        assert.equal(synced.length, 1)
      })
    } finally {
      rmSync(place, { recursive: true })
    }
  })
})
