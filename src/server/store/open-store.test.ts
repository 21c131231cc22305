import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { systemClock } from '../../base/clock.ts'
import type { MetadataStore } from '../../storage/metadata-store.ts'
import { ConfigurationError } from '../configuration/errors.ts'
import { readSettings } from '../configuration/read.ts'
import { openStore } from './open-store.ts'
import { IDENTITY_KEY, readStoreIdentity } from './store-identity.ts'

const root = mkdtempSync(join(tmpdir(), 'lugsail-open-'))
after(() => rmSync(root, { recursive: true, force: true }))

const open = (data: string, createsWhenMissing = true) =>
  openStore({
    settings: readSettings({ options: new Map([['data', data]]), environment: {} }),
    environment: {},
    clock: systemClock,
    createsWhenMissing,
  })
const refusal = (said: RegExp) => (error: unknown) =>
  error instanceof ConfigurationError && said.test(error.message)

async function setFormat(metadata: MetadataStore, format: number) {
  const [entry = null] = await metadata.getMany([IDENTITY_KEY])
  const text = String(entry?.value.toString('latin1'))
  const value = Buffer.from(text.replace('"format":2', `"format":${format}`), 'latin1')
  await metadata.commit({ sets: [{ key: IDENTITY_KEY, value }] })
}

describe('openStore', () => {
  it('does not make a new store where the metadata of an old one are missing', async () => {
    const data = join(root, 'lost')
    await (await open(data)).close()
    writeFileSync(join(data, 'credentials'), '[default]\n')
    await (await open(data)).close()
    rmSync(join(data, 'store'), { recursive: true })
    await assert.rejects(open(data), refusal(/^data: .*credentials is of a store that is not there any more/))
  })

  it('leaves a store alone that a newer program wrote, and says so', async () => {
    const data = join(root, 'newer')
    const { context, close } = await open(data)
    await setFormat(context.metadata, 3)
    await close()
    await assert.rejects(
      open(data),
      refusal(/the store has format 3; this program reads up to 2: use a newer Lugsail/),
    )
  })

  it('says in a store of an earlier release that programs of that release must not open it any more', async () => {
    const data = join(root, 'older')
    const { context, close } = await open(data)
    const before = await readStoreIdentity(context.metadata)
    await setFormat(context.metadata, 1)
    await close()
    const again = await open(data, false)
    assert.deepEqual(await readStoreIdentity(again.context.metadata), before)
    assert.equal(before?.format, 2)
    await again.close()
  })

  it('names the folder that cannot be made, and why', async () => {
    writeFileSync(join(root, 'file'), '')
    await assert.rejects(
      open(join(root, 'file', 'data')),
      refusal(/^data: the folder .*file\/data cannot be made: ENOTDIR/),
    )
  })
})
