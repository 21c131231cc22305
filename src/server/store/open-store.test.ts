import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { systemClock } from '../../base/clock.ts'
import { ConfigurationError } from '../configuration/errors.ts'
import { readSettings } from '../configuration/read.ts'
import { openStore } from './open-store.ts'
import { IDENTITY_KEY } from './store-identity.ts'

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
    const [entry = null] = await context.metadata.getMany([IDENTITY_KEY])
    const value = Buffer.from(
      String(entry?.value.toString('latin1')).replace('"format":1', '"format":2'),
      'latin1',
    )
    await context.metadata.commit({ sets: [{ key: IDENTITY_KEY, value }] })
    await close()
    await assert.rejects(
      open(data),
      refusal(/the store has format 2; this program reads up to 1: use a newer Lugsail/),
    )
  })

  it('names the folder that cannot be made, and why', async () => {
    writeFileSync(join(root, 'file'), '')
    await assert.rejects(
      open(join(root, 'file', 'data')),
      refusal(/^data: the folder .*file\/data cannot be made: ENOTDIR/),
    )
  })
})
