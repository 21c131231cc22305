import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, it } from 'node:test'
import { bodyOf } from '../../storage/testing/blob-fixtures.ts'
import { MemoryMetadataStore } from '../../storage/memory/metadata-store.ts'
import { openTarget } from '../backup/target.ts'
import { SecondCopy } from './second-copy.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})
function newPlace(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lugsail-second-'))
  folders.push(folder)
  return join(folder, 'mirror')
}

async function textOf(stream: AsyncIterable<Uint8Array> | null): Promise<string | null> {
  if (!stream) return null
  let text = ''
  for await (const piece of stream) text += Buffer.from(piece).toString()
  return text
}

describe('the mirror, for reading', () => {
  it('gives the blobs that it has, whole or in part, also those of older releases, and of others none', async () => {
    const place = newPlace()
    const target = await openTarget('TO', place, { isMade: true })
    await target.store.put('0a.c', bodyOf(Buffer.from('a blob')))
    const copy = new SecondCopy(place)
    for (const id of ['0a.c', '0a']) {
      assert.equal(await textOf(await copy.openBlob(id)), 'a blob')
      assert.equal(await textOf(await copy.openBlob(id, { start: 2, end: 3 })), 'bl')
    }
    assert.equal(await copy.openBlob('0b.c'), null)
    await copy.close()
    await target.store.close()
  })

  it('is not asked for records while the store knows of no state in it', async () => {
    const copy = new SecondCopy(newPlace())
    assert.equal(await copy.findRecord(new MemoryMetadataStore(), Buffer.from('A')), null)
    await copy.close()
  })

  it('that is down is opened again ten seconds later, and not with each read', async (t) => {
    const uptime = { nowMs: 1_000_000 }
    t.mock.method(performance, 'now', () => uptime.nowMs)
    const place = newPlace()
    writeFileSync(place, '')
    const copy = new SecondCopy(place)
    await assert.rejects(copy.openBlob('0a.c'), /mirror/)
    rmSync(place)
    await (await openTarget('TO', place, { isMade: true })).store.close()
    uptime.nowMs += 9_999
    await assert.rejects(copy.openBlob('0a.c'), /the mirror is down/)
    uptime.nowMs += 1
    assert.equal(await copy.openBlob('0a.c'), null)
    await copy.close()
  })

  it('can be closed whether or not it was opened, or could be', async () => {
    const copy = new SecondCopy(newPlace())
    await copy.close()
    await assert.rejects(copy.openBlob('0a.c'))
    await copy.close()
  })
})
