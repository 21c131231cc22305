import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { ManualClock } from '../../../test/manual-clock.ts'
import { UnreadableRecord, type MetadataStore } from '../../storage/metadata-store.ts'
import { ConfigurationError } from '../configuration/errors.ts'
import { readSettings } from '../configuration/read.ts'
import { openStore } from './open-store.ts'
import { COPY_MARK_KEY, IDENTITY_KEY, RESTORE_MARK_KEY } from './store-identity.ts'

const root = mkdtempSync(join(tmpdir(), 'lugsail-keys-'))
after(() => rmSync(root, { recursive: true, force: true }))
const KEY = 'ab'.repeat(32)

const open = (
  options: Readonly<Record<string, string>>,
  {
    createsWhenMissing = true,
    environment = {},
    ...rest
  }: Partial<Omit<Parameters<typeof openStore>[0], 'settings' | 'clock'>> = {},
) =>
  openStore({
    settings: readSettings({ options: new Map(Object.entries(options)), environment: {} }),
    environment,
    clock: new ManualClock(),
    createsWhenMissing,
    ...rest,
  })
const refusal = (said: RegExp) => (error: unknown) =>
  error instanceof ConfigurationError && said.test(error.message)

describe('the master key of a store', () => {
  it('is made in the data folder at the first start, and never again', async () => {
    const data = join(root, 'made')
    await (await open({ data })).close()
    const file = join(data, 'master.key')
    const key = readFileSync(file, 'utf8')
    await (await open({ data })).close()
    assert.equal(readFileSync(file, 'utf8'), key)
    rmSync(file)
    await assert.rejects(open({ data }), refusal(/^masterKey: /))
    assert.ok(!existsSync(file))
  })

  it('comes from the file, the variable or the command that the setting names', async () => {
    const data = join(root, 'named')
    const file = join(root, 'elsewhere.key')
    writeFileSync(file, `${KEY}\n`, { mode: 0o600 })
    for (const [source, environment] of [
      [`file:${file}`, {}],
      ['env:MY_KEY', { MY_KEY: KEY }],
      [`command:cat ${file}`, {}],
    ] as const) {
      await (await open({ data, 'master-key': source }, { environment })).close()
      assert.ok(!existsSync(join(data, 'master.key')), source)
    }
    const other = { MY_KEY: 'cd'.repeat(32), EMPTY: '' }
    for (const [source, message] of [
      ['env:MY_KEY', /^masterKey: the secrets in this store are sealed under another master key/],
      ['env:EMPTY', /^masterKey: the environment variable EMPTY is not set$/],
      ['env:NONE', /^masterKey: the environment variable NONE is not set$/],
      [`file:${join(root, 'none.key')}`, /^masterKey: /],
      ['command:echo nothing', /^masterKey: /],
    ] as const)
      await assert.rejects(open({ data, 'master-key': source }, { environment: other }), refusal(message))
  })

  it('is nowhere for a store in memory, which is marked as one', async () => {
    const data = join(root, 'memory')
    const store = await open({ data, metadata: 'memory:' })
    assert.equal(store.mark, 'memory')
    await store.close()
    assert.ok(!existsSync(join(data, 'master.key')))
    const kept = await open({ data: join(root, 'kept') })
    assert.match(kept.mark, /^[0-9a-f-]{36}$/)
    await kept.close()
  })
})

describe('a store that is opened', () => {
  it('is none that a command could work on where its server keeps none', async () => {
    await assert.rejects(open({ ephemeral: 'yes' }), refusal(/^ephemeral: such a server keeps no store/))
  })

  it('is not made by a command', async () => {
    const data = join(root, 'missing')
    await assert.rejects(
      open({ data }, { createsWhenMissing: false }),
      refusal(/^data: there is no store in .*missing yet; "lugsail serve" makes one/),
    )
  })

  it('is not where its own mirror or backups go', async () => {
    const data = join(root, 'nested')
    for (const name of ['mirror', 'backup'])
      await assert.rejects(
        open({ data, [name]: join(data, 'store', 'blobs', 'inside') }),
        refusal(new RegExp(`^${name}: .* is where the store itself keeps its files`)),
      )
  })

  it('is none while a restore or a copy has still to finish it', async () => {
    for (const [key, work] of [
      [RESTORE_MARK_KEY, 'restore'],
      [COPY_MARK_KEY, 'copy'],
    ] as const) {
      const data = join(root, work)
      const { context, close } = await open({ data })
      await context.metadata.commit({ sets: [{ key, value: Buffer.of(1) }], deletes: [IDENTITY_KEY] })
      await close()
      rmSync(join(data, 'master.key'))
      await assert.rejects(open({ data }), refusal(new RegExp(`"lugsail store ${work}" was cut off`)))
      assert.ok(!existsSync(join(data, 'master.key')), 'nothing is made beside it')
    }
  })

  it('tells what can be done where the record of what it is cannot be read, and lets go of the engines', async () => {
    const data = join(root, 'unreadable')
    await (await open({ data })).close()
    const damage = new UnreadableRecord('row', IDENTITY_KEY)
    let closed = 0
    const wrap = {
      metadata: (store: MetadataStore) => {
        const close = store.close.bind(store)
        store.close = () => (closed++, close())
        store.getMany = () => Promise.reject(damage)
        return store
      },
      blobs: <T>(store: T): T => store,
    }
    await assert.rejects(
      open({ data }, { wrap }),
      refusal(/^metadata: .*bring it back with "lugsail store restore BACKUP --only-metadata"/),
    )
    assert.equal(closed, 1)
    await (await open({ data })).close()
  })
})
