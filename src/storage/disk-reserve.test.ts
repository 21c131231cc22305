import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { DiskReserve } from './disk-reserve.ts'

const MIB = 1024 * 1024
const root = mkdtempSync(join(tmpdir(), 'lugsail-reserve-'))
after(() => rmSync(root, { recursive: true, force: true }))

describe('room that is kept for deletions', () => {
  it('is a file that is made whole, given up by parts, and made whole again', async () => {
    const folder = mkdtempSync(join(root, 'a-'))
    const file = join(folder, 'reserve')
    const reserve = new DiskReserve(folder, 6 * MIB)
    assert.equal(await reserve.missingBytes(), 6 * MIB)
    assert.ok(!existsSync(file))
    assert.equal(await reserve.giveUpSome(), false)
    assert.equal(await reserve.restore(), true)
    const { size, blocks, mode } = statSync(file)
    assert.equal(size, 6 * MIB)
    assert.ok(blocks * 512 >= 6 * MIB, 'it has no holes')
    assert.equal(mode & 0o777, 0o600)
    assert.equal(await reserve.missingBytes(), 0)
    assert.equal(await reserve.giveUpSome(), true)
    assert.deepEqual([statSync(file).size, await reserve.missingBytes()], [2 * MIB, 4 * MIB])
    const other = new DiskReserve(folder, 6 * MIB)
    assert.equal(await other.giveUpSome(), true)
    assert.deepEqual([statSync(file).size, await reserve.missingBytes()], [0, 6 * MIB])
    assert.equal(await reserve.giveUpSome(), false)
    assert.equal(await reserve.restore(), true)
    assert.equal(await reserve.missingBytes(), 0)
    assert.equal(await reserve.restore(), true)
  })

  it('is missing where its file has holes in it', async () => {
    const folder = mkdtempSync(join(root, 'b-'))
    const reserve = new DiskReserve(folder, MIB)
    await reserve.restore()
    truncateSync(join(folder, 'reserve'), 0)
    truncateSync(join(folder, 'reserve'), MIB)
    assert.equal(await reserve.missingBytes(), MIB)
  })

  it('is none where none is wanted, and where there is no room for it', async () => {
    const none = new DiskReserve(root, 0)
    assert.deepEqual(
      [await none.missingBytes(), await none.restore(), existsSync(join(root, 'reserve'))],
      [0, true, false],
    )
    assert.ok((await none.freeBytes()) > 0)
    const folder = mkdtempSync(join(root, 'c-'))
    const full = new (class extends DiskReserve {
      override async freeBytes(): Promise<number> {
        return 3 * MIB - 1
      }
    })(folder, 2 * MIB)
    assert.equal(await full.restore(), false)
    assert.ok(!existsSync(join(folder, 'reserve')))
    const fitting = new (class extends DiskReserve {
      override async freeBytes(): Promise<number> {
        return 3 * MIB
      }
    })(folder, 2 * MIB)
    assert.equal(await fitting.restore(), true)
    // No more than a part of the disk.
    assert.ok(
      (await new DiskReserve(folder, Number.MAX_SAFE_INTEGER).missingBytes()) < Number.MAX_SAFE_INTEGER,
    )
  })

  it('tells where its folder is gone', async () => {
    const reserve = new DiskReserve(join(root, 'nowhere'), MIB)
    await assert.rejects(reserve.missingBytes(), /ENOENT/)
    await assert.rejects(reserve.restore(), /ENOENT/)
  })
})
