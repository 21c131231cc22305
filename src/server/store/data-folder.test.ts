import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { ConfigurationError } from '../configuration/errors.ts'
import { dataFolderOf, lockIn, makeDataFolder, storeAddresses } from './data-folder.ts'
import { refuseCredentialsOfAnother, refuseFolderOfAnother } from './files-of-others.ts'
import { closeToOthers } from './private-folders.ts'

const root = mkdtempSync(join(tmpdir(), 'lugsail-store-'))
after(() => rmSync(root, { recursive: true, force: true }))
const newFolder = (): string => mkdtempSync(join(root, 'folder-'))

describe('the data folder', () => {
  it('is made for its owner alone, with those above it, and an existing one stays as it is', () => {
    const path = join(newFolder(), 'a', 'b')
    makeDataFolder(dataFolderOf({ data: path }))
    assert.equal(statSync(path).mode & 0o777, 0o700)
    chmodSync(path, 0o755)
    makeDataFolder(dataFolderOf({ data: path }))
    assert.equal(statSync(path).mode & 0o777, 0o755)
    writeFileSync(join(path, 'file'), '')
    assert.throws(
      () => makeDataFolder(dataFolderOf({ data: join(path, 'file', 'c') })),
      (error) =>
        error instanceof ConfigurationError && /^data: the folder .* cannot be made: /.test(error.message),
    )
  })

  it('has both engines’ parts, unless the settings name other places', () => {
    const folder = dataFolderOf({ data: '/srv/data' })
    assert.equal(lockIn('/srv/data'), folder.lock)
    const own = { metadata: 'lmdb:/srv/data/store/metadata', blobs: 'files:/srv/data/store/blobs' }
    assert.deepEqual(storeAddresses({ metadata: null, blobs: null }, folder), own)
    assert.deepEqual(storeAddresses({ metadata: 'postgres://a', blobs: null }, folder), {
      ...own,
      metadata: 'postgres://a',
    })
    assert.deepEqual(storeAddresses({ metadata: null, blobs: 's3://b' }, folder), { ...own, blobs: 's3://b' })
    assert.deepEqual(storeAddresses({ metadata: 'memory:', blobs: null }, folder), {
      metadata: 'memory:',
      blobs: 'memory:',
    })
    assert.deepEqual(storeAddresses({ metadata: 'memory:', blobs: 's3://b' }, folder), {
      metadata: 'memory:',
      blobs: 's3://b',
    })
  })

  it('is closed to others, and what cannot be is told', () => {
    const folder = dataFolderOf({ data: newFolder() })
    mkdirSync(folder.blobs, { recursive: true })
    writeFileSync(folder.credentials, '')
    writeFileSync(folder.masterKey, '')
    for (const [path, mode] of [
      [folder.credentials, 0o644],
      [folder.masterKey, 0o640],
      [folder.store, 0o755],
      [folder.path, 0o777],
    ] as const)
      chmodSync(path, mode)
    const { unclosed, writable } = closeToOthers(folder, { metadata: null, blobs: null })
    assert.deepEqual(unclosed, [])
    assert.deepEqual(
      writable.map(({ path }) => path),
      [folder.path],
    )
    assert.match(writable[0]?.mode ?? '', /777$/)
    assert.deepEqual(
      [folder.credentials, folder.masterKey, folder.store].map((path) => statSync(path).mode & 0o077),
      [0, 0, 0],
    )
    assert.equal(statSync(folder.path).mode & 0o777, 0o777)
  })

  it('of another store is not taken', () => {
    const folder = dataFolderOf({ data: newFolder() })
    const memory = { metadata: 'memory:', blobs: null }
    const elsewhere = { metadata: 'postgres://a', blobs: null }
    const own = { metadata: null, blobs: null }
    for (const settings of [memory, elsewhere, own]) {
      refuseFolderOfAnother(settings, folder)
      refuseCredentialsOfAnother(settings, folder)
    }
    writeFileSync(folder.credentials, '[default]\naws_access_key_id = AKIA\nlugsail_store = memory\n')
    refuseCredentialsOfAnother(memory, folder)
    assert.throws(() => refuseCredentialsOfAnother(own, folder), /is of a store that is not there any more/)
    assert.throws(() => refuseCredentialsOfAnother(elsewhere, folder), /has the keys of another store/)
    writeFileSync(folder.credentials, '[default]\naws_access_key_id = AKIA\nlugsail_store = another\n')
    assert.throws(() => refuseCredentialsOfAnother(memory, folder), /has the keys of another store/)
    writeFileSync(folder.credentials, '')
    assert.throws(() => refuseCredentialsOfAnother(memory, folder), /has the keys of another store/)
    writeFileSync(folder.masterKey, '')
    assert.throws(() => refuseFolderOfAnother(memory, folder), /master\.key is of a store that is kept/)
    refuseFolderOfAnother(own, folder)
    refuseFolderOfAnother(elsewhere, folder)
    mkdirSync(folder.metadata, { recursive: true })
    assert.throws(
      () => refuseFolderOfAnother(elsewhere, folder),
      /^ConfigurationError: blobs: |^blobs: |blobs is of the store whose metadata/,
    )
    refuseFolderOfAnother({ ...elsewhere, blobs: 's3://b' }, folder)
    refuseFolderOfAnother(own, folder)
  })
})
