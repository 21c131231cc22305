import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { systemClock } from '../../base/clock.ts'
import { mintMasterKey } from '../../service/secrets/master-keys.ts'
import { LmdbMetadataStore } from '../../storage/lmdb/metadata-store.ts'
import type { MetadataStore } from '../../storage/metadata-store.ts'
import { ConfigurationError } from '../configuration/errors.ts'
import { readSettings } from '../configuration/read.ts'
import { openStore } from './open-store.ts'
import { IDENTITY_KEY, readStoreIdentity } from './store-identity.ts'

const root = mkdtempSync(join(tmpdir(), 'lugsail-open-'))
after(() => rmSync(root, { recursive: true, force: true }))

const open = (
  data: string,
  createsWhenMissing = true,
  options: readonly (readonly [string, string])[] = [],
) =>
  openStore({
    settings: readSettings({ options: new Map([['data', data], ...options]), environment: {} }),
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

  it('keeps as much room for deletions on the disk as is set, for a server and not for a command', async (t) => {
    const data = join(root, 'reserve')
    await (await open(data)).close()
    const openEngine = LmdbMetadataStore.open.bind(LmdbMetadataStore)
    const reserves: unknown[] = []
    t.mock.method(LmdbMetadataStore, 'open', (...args: Parameters<typeof openEngine>) => {
      reserves.push(args[1]?.reserveBytes)
      return openEngine(...args)
    })
    for (const isServer of [true, false])
      await (await open(data, isServer, [['disk-reserve-bytes', '2000000']])).close()
    assert.deepEqual(reserves, [2_000_000, 0])
  })

  for (const place of ['mirror', 'backup'] as const)
    it(`refuses the folders of the store itself as the ${place}`, async () => {
      const data = join(root, `in-${place}`)
      await (await open(data)).close()
      await assert.rejects(
        open(data, true, [[place, join(data, 'store')]]),
        refusal(new RegExp(`^${place}: `)),
      )
    })

  it('is for no server that keeps nothing', async () => {
    await assert.rejects(
      openStore({
        settings: readSettings({ options: new Map([['ephemeral', 'yes']]), environment: {} }),
        ...{ environment: {}, clock: systemClock, createsWhenMissing: true },
      }),
      refusal(/^ephemeral: such a server keeps no store that a command could work on$/),
    )
  })

  it('is not there for a command before a server made it, nor with another key than its own', async () => {
    const data = join(root, 'keys')
    await assert.rejects(
      open(data, false),
      refusal(/^data: there is no store in .*keys yet; "lugsail serve"/),
    )
    const key = mintMasterKey()
    const withKey = (value: string | undefined) =>
      openStore({
        settings: readSettings({
          options: new Map([
            ['data', data],
            ['master-key', 'env:LUGSAIL_TEST_KEY'],
          ]),
          environment: {},
        }),
        environment: { LUGSAIL_TEST_KEY: value },
        clock: systemClock,
        createsWhenMissing: true,
      })
    for (const unset of [undefined, ''])
      await assert.rejects(
        withKey(unset),
        refusal(/^masterKey: the environment variable LUGSAIL_TEST_KEY is not set$/),
      )
    await assert.rejects(withKey('no key'), refusal(/^masterKey: /))
    await (await withKey(key)).close()
    await (await withKey(key)).close()
    await assert.rejects(withKey(mintMasterKey()), ConfigurationError)
  })

  it('names the folder that cannot be made, and why', async () => {
    writeFileSync(join(root, 'file'), '')
    await assert.rejects(
      open(join(root, 'file', 'data')),
      refusal(/^data: the folder .*file\/data cannot be made: ENOTDIR/),
    )
  })
})
