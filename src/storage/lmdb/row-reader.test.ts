import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { after, it } from 'node:test'
import { open } from 'lmdb'
import { rowAt } from './row-reader.ts'

const folder = mkdtempSync(join(tmpdir(), 'lugsail-rows-'))
after(() => rmSync(folder, { recursive: true, force: true }))

it('a row is read in the state of the transaction that is given, also while another one writes and waits', async () => {
  const environment = open<Buffer, Buffer>({
    path: join(folder, 'metadata.mdb'),
    noSubdir: true,
    encoding: 'binary',
    keyEncoding: 'binary',
    useVersions: true,
    overlappingSync: false,
  })
  const [kept, removed, made] = ['kept', 'removed', 'made'].map((name) => Buffer.from(name)) as [
    Buffer,
    Buffer,
    Buffer,
  ]
  await environment.put(kept, Buffer.from('before'), 1)
  await environment.put(removed, Buffer.from('there'), 1)
  const transaction = environment.useReadTransaction()
  const read = (key: Buffer, of?: typeof transaction) => rowAt(environment, key, of)?.value.toString() ?? null
  await environment.childTransaction(async () => {
    environment.putSync(kept, Buffer.from('after'), 2)
    environment.putSync(made, Buffer.from('new'), 2)
    environment.removeSync(removed)
    await nextTurn()
    assert.deepEqual(
      [kept, removed, made].map((key) => read(key, transaction)),
      ['before', 'there', null],
    )
    assert.deepEqual(
      [kept, removed, made].map((key) => read(key)),
      ['after', null, 'new'],
    )
  })
  transaction.done()
  assert.deepEqual(
    [kept, removed, made].map((key) => read(key)),
    ['after', null, 'new'],
  )
  await environment.close()
})
