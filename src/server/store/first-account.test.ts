import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { systemClock } from '../../base/clock.ts'
import { listAccounts } from '../../service/accounts/read-accounts.ts'
import { StoreUnavailable } from '../../storage/metadata-store.ts'
import { ConfigurationError } from '../configuration/errors.ts'
import { readSettings } from '../configuration/read.ts'
import { ensureFirstAccount } from './first-account.ts'
import { openStore } from './open-store.ts'

const root = mkdtempSync(join(tmpdir(), 'lugsail-first-'))
after(() => rmSync(root, { recursive: true, force: true }))

const ADDRESS = { region: 'us-east-1', endpointUrl: 'http://127.0.0.1:9000' }

const open = (data = root) =>
  openStore({
    settings: readSettings({ options: new Map([['data', data]]), environment: {} }),
    environment: {},
    clock: systemClock,
    createsWhenMissing: true,
  })

describe('ensureFirstAccount', () => {
  it('makes no account whose root key pair cannot be kept, and makes it once it can', async () => {
    const store = await open()
    const noted: string[] = []
    const note: Parameters<typeof ensureFirstAccount>[2] = async ({ account }, failure) =>
      void noted.push(`${account.name} ${failure ? 'failed' : 'made'}`)
    const { credentials } = store.folder
    mkdirSync(credentials)
    await assert.rejects(
      ensureFirstAccount(store, ADDRESS, note),
      (error) => error instanceof ConfigurationError && error.message.includes(credentials),
    )
    assert.deepEqual(await listAccounts(store.context), [])
    rmSync(credentials, { recursive: true })
    const first = await ensureFirstAccount(store, ADDRESS, note)
    assert.ok(first)
    assert.ok(readFileSync(credentials, 'utf8').includes(first.rootKey.secretAccessKey))
    assert.equal(await ensureFirstAccount(store, ADDRESS, note), null)
    assert.deepEqual(noted, ['default failed', 'default made'])
    await store.close()
  })

  it('keeps the key pair before the account is there, and replaces one whose account never came to be', async () => {
    const folder = mkdtempSync(join(root, 'crash-'))
    const store = await open(folder)
    const { metadata } = store.context
    const { credentials } = store.folder
    const commit = metadata.commit.bind(metadata)
    const kept: string[] = []
    let isEnding = true
    // The process ends after the pair was written and before the account is: nothing of the commit happens.
    metadata.commit = async (change) => {
      kept.push(readFileSync(credentials, 'utf8'))
      if (isEnding) throw new StoreUnavailable('the process ended')
      return await commit(change)
    }
    await assert.rejects(
      ensureFirstAccount(store, ADDRESS, async () => undefined),
      StoreUnavailable,
    )
    assert.deepEqual(await listAccounts(store.context), [])
    isEnding = false
    const first = await ensureFirstAccount(store, ADDRESS, async () => undefined)
    assert.ok(first)
    for (const text of kept) assert.match(text, /^aws_secret_access_key = \S+$/m)
    const [account] = await listAccounts(store.context)
    const text = readFileSync(credentials, 'utf8')
    assert.ok(account && text.includes(account.accessKeyId) && text.includes(first.rootKey.secretAccessKey))
    assert.equal(text.match(/aws_access_key_id/g)?.length, 1)
    await store.close()
  })
})
