import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, it } from 'node:test'
import { open } from 'lmdb'
import { Draft } from './draft.ts'
import { DRAFT_SUFFIX } from './leftovers.ts'

const folder = mkdtempSync(join(tmpdir(), 'lugsail-draft-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const PAGE_BYTES = 16 * 1024
const keyOf = (number: number): Buffer => Buffer.from(`key ${String(number).padStart(3, '0')}`)

it('the file of a compaction is long enough before the engine writes to it, also where its pages have 16 KiB, as on machines whose memory has', async () => {
  const path = join(folder, 'metadata.mdb')
  // The engine keeps the pages of a file that is there; it would choose those of this machine for a new one.
  await open<Buffer, Buffer>({
    path: path + DRAFT_SUFFIX,
    noSubdir: true,
    encoding: 'binary',
    keyEncoding: 'binary',
    useVersions: true,
    pageSize: PAGE_BYTES,
  }).close()
  const draft = Draft.make(path)
  const { file } = draft
  assert.equal(file.pageBytes, PAGE_BYTES)
  let madeBytes = file.bytes
  const growTo = file.growTo.bind(file)
  file.growTo = (bytes) => {
    growTo(bytes)
    madeBytes = file.bytes
  }
  // Each takes a page of its own, of which it fills half.
  const rows = Array.from({ length: 400 }, (_, number) => ({
    key: keyOf(number),
    value: Buffer.alloc(8_400, number),
    version: number + 1,
  }))
  await draft.append(rows.slice(0, 300))
  assert.ok(file.newestState().usedBytes > 300 * PAGE_BYTES)
  assert.ok(
    madeBytes >= file.newestState().usedBytes,
    `${madeBytes} of ${file.newestState().usedBytes} bytes`,
  )
  await draft.set(rows.slice(300))
  assert.ok(
    madeBytes >= file.newestState().usedBytes,
    `${madeBytes} of ${file.newestState().usedBytes} bytes`,
  )
  await draft.close()
})
