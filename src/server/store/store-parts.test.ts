import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { memoryContext } from '../../../test/memory-context.ts'
import { createAccount } from '../../service/accounts/create-account.ts'
import type { ServiceContext } from '../../service/context.ts'
import { recordCodec } from '../../service/records/codec.ts'
import { EnvelopeVault } from '../../service/secrets/envelope-vault.ts'
import { mintMasterKey, parseMasterKeys } from '../../service/secrets/master-keys.ts'
import { MemoryBlobStore } from '../../storage/memory/blob-store.ts'
import { MemoryMetadataStore } from '../../storage/memory/metadata-store.ts'
import { bodyOf } from '../../storage/testing/blob-fixtures.ts'
import { ConfigurationError } from '../configuration/errors.ts'
import {
  listKeptKeys,
  readEndpoint,
  sectionsOfKey,
  updateCredentialsEndpoint,
  writeCredentialsFile,
} from './credentials-file.ts'
import { dataFolderOf, lockIn, makeDataFolder, storeAddresses } from './data-folder.ts'
import { refuseCredentialsOfAnother, refuseFolderOfAnother } from './files-of-others.ts'
import { forgetKeys } from './forget-keys.ts'
import { ownSections } from './own-sections.ts'
import { closeToOthers } from './private-folders.ts'
import { resealStore } from './reseal-store.ts'
import {
  ALL_KEYS,
  allBlobs,
  compareText,
  entryPages,
  isUnchanged,
  mergeAscending,
  pagesOf,
} from './store-content.ts'
import {
  checkMasterKey,
  COPY_MARK_KEY,
  createStoreIdentity,
  identityIn,
  identityWithAllSums,
  IDENTITY_KEY,
  noteAllSums,
  raiseStoreFormat,
  readStoreIdentity,
  refuseUnfinishedStore,
  RESTORE_MARK_KEY,
  type StoreIdentity,
} from './store-identity.ts'

const root = mkdtempSync(join(tmpdir(), 'lugsail-store-'))
after(() => rmSync(root, { recursive: true, force: true }))
const newFolder = (): string => mkdtempSync(join(root, 'folder-'))

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

describe('the content of a store', () => {
  it('is walked side by side with another one: what both have, and what one has alone', async () => {
    const compare = (left: number, right: string): number => left - Number(right)
    const merged = async (left: number[], right: string[]) =>
      await all(mergeAscending(each(left), each(right), compare))
    assert.deepEqual(await merged([1, 2, 4], ['2', '3', '4']), [
      { left: 1 },
      { left: 2, right: '2' },
      { right: '3' },
      { left: 4, right: '4' },
    ])
    assert.deepEqual(await merged([], ['1']), [{ right: '1' }])
    assert.deepEqual(await merged([1, 2], []), [{ left: 1 }, { left: 2 }])
    assert.deepEqual(await merged([], []), [])
    assert.deepEqual(['b', 'a', 'B', 'ab'].sort(compareText), ['B', 'a', 'ab', 'b'])
    assert.equal(compareText('a', 'a'), 0)
  })

  it('comes in pages whose values are of about a size, each entry once and in order', async () => {
    const metadata = new MemoryMetadataStore()
    const names = Array.from({ length: 3_000 }, (_, at) => `A${String(at).padStart(5, '0')}`)
    for (let at = 0; at < names.length; at += 500)
      await metadata.commit({
        sets: names.slice(at, at + 500).map((name) => ({ key: Buffer.from(name), value: Buffer.alloc(100) })),
      })
    for (const options of [{}, { keysOnly: true }, { pageBytes: 1_000 }]) {
      const pages = await all(entryPages(metadata, ALL_KEYS, options))
      assert.deepEqual(
        pages.flat().map(({ key }) => key.toString()),
        names,
      )
      assert.ok(pages.every(({ length }) => length <= 1_000))
      assert.equal(
        pages.flat().reduce((sum, { value }) => sum + value.length, 0),
        options.keysOnly ? 0 : 300_000,
      )
    }
    const small = await all(entryPages(metadata, ALL_KEYS, { pageBytes: 1_000 }))
    assert.ok(
      small.slice(1).every(({ length }) => length <= 10),
      'after the first page their size is known',
    )
    const cut = await all(entryPages(metadata, ALL_KEYS, { valueBytesMax: 7 }))
    assert.ok(cut.flat().every(({ value }) => value.length === 7))
    assert.deepEqual(await all(entryPages(new MemoryMetadataStore(), ALL_KEYS)), [])
  })

  it('is committed in pages of so many entries and bytes at most', async () => {
    const entries = (count: number, bytes: number) =>
      each(Array.from({ length: count }, () => ({ value: bytes < 0 ? null : Buffer.alloc(bytes) })))
    const sizes = async (count: number, bytes: number) =>
      (await all(pagesOf(entries(count, bytes)))).map(({ length }) => length)
    assert.deepEqual(await sizes(2_001, 1), [1_000, 1_000, 1])
    assert.deepEqual(await sizes(1_000, -1), [1_000])
    assert.deepEqual(await sizes(5, 2 * 1024 * 1024), [2, 2, 1])
    assert.deepEqual(await sizes(2, 4 * 1024 * 1024), [1, 1])
    assert.deepEqual(await sizes(0, 1), [])
    const blobs = new MemoryBlobStore()
    for (let at = 0; at < 2_000; at++)
      await blobs.put(`b${String(at).padStart(5, '0')}`, bodyOf(Buffer.of(1)))
    const ids = (await all(allBlobs(blobs))).map(({ id }) => id)
    assert.deepEqual([ids.length, [...ids].sort()], [2_000, ids])
  })

  it('is unchanged while a record has the version with which it was read', async () => {
    const metadata = new MemoryMetadataStore()
    const key = Buffer.from('Aa')
    await metadata.commit({ sets: [{ key, value: Buffer.of(1) }] })
    const [entry] = await metadata.getMany([key])
    assert.ok(entry && (await isUnchanged(metadata, entry)))
    await metadata.commit({ sets: [{ key, value: Buffer.of(1) }] })
    assert.ok(!(await isUnchanged(metadata, entry)))
    await metadata.commit({ deletes: [key] })
    assert.ok(!(await isUnchanged(metadata, entry)))
  })
})

describe('the identity of a store', () => {
  const newVault = (...keys: string[]) => new EnvelopeVault(parseMasterKeys(keys.join('\n'), 'the test'))
  const KEYS = [mintMasterKey(), mintMasterKey()] as const

  it('is made once, opens under its master key alone, and has all sums from the beginning', async () => {
    const metadata = new MemoryMetadataStore()
    assert.equal(await readStoreIdentity(metadata), null)
    const vault = newVault(KEYS[0])
    const [one, two] = await Promise.all([
      createStoreIdentity(metadata, vault),
      createStoreIdentity(metadata, vault),
    ])
    assert.deepEqual(one, two)
    assert.deepEqual([one.format, one.hasAllSums], [2, true])
    assert.deepEqual(await readStoreIdentity(metadata), one)
    checkMasterKey(one, vault)
    checkMasterKey(one, newVault(...KEYS))
    assert.throws(
      () => checkMasterKey(one, newVault(KEYS[1])),
      (error) => error instanceof ConfigurationError && /sealed under another master key/.test(error.message),
    )
  })

  it('is none while a restore or a copy is not finished', async () => {
    for (const [mark, word] of [
      [RESTORE_MARK_KEY, 'restore'],
      [COPY_MARK_KEY, 'copy'],
    ] as const) {
      const metadata = new MemoryMetadataStore()
      await refuseUnfinishedStore(metadata)
      await metadata.commit({ sets: [{ key: mark, value: Buffer.of(1) }] })
      await assert.rejects(refuseUnfinishedStore(metadata), new RegExp(`"lugsail store ${word}" was cut off`))
    }
  })

  it('is raised to this release’s format, and never lowered; of a store without one nothing is made', async () => {
    const context = memoryContext()
    const { metadata, vault } = context
    await assert.rejects(raiseStoreFormat(metadata), /has no identity/)
    await assert.rejects(noteAllSums(context), /has no identity/)
    const made = await createStoreIdentity(metadata, vault)
    const codec = recordCodec<StoreIdentity>('store identity', 1)
    const change = async (of: Partial<StoreIdentity>): Promise<void> => {
      const { format, storeId, masterKeyProbe } = made
      await metadata.commit({
        sets: [{ key: IDENTITY_KEY, value: codec.encode({ format, storeId, masterKeyProbe, ...of }) }],
      })
    }
    await change({ format: 1 })
    assert.equal((await readStoreIdentity(metadata))?.hasAllSums, undefined)
    await raiseStoreFormat(metadata)
    await noteAllSums(context)
    assert.deepEqual(await readStoreIdentity(metadata), made)
    const [before] = await metadata.getMany([IDENTITY_KEY])
    await raiseStoreFormat(metadata)
    await noteAllSums(context)
    assert.equal((await metadata.getMany([IDENTITY_KEY]))[0]?.version, before?.version)
    assert.deepEqual(identityIn(before?.value ?? Buffer.alloc(0)), made)
    assert.deepEqual(identityIn(identityWithAllSums(before?.value ?? Buffer.alloc(0))), made)
    await change({ format: 3 })
    await assert.rejects(readStoreIdentity(metadata), /format 3; this program reads up to 2/)
  })

  it('is sealed anew with all secrets, so that the older master key can be taken away', async () => {
    const base = memoryContext()
    const context: ServiceContext = { ...base, vault: newVault(KEYS[0]) }
    const identity = await createStoreIdentity(context.metadata, context.vault)
    await createAccount(context, 'default')
    const newer: ServiceContext = { ...context, vault: newVault(...KEYS) }
    let records = 0
    const report = await resealStore(newer, () => records++)
    assert.deepEqual(report, { accessKeys: 1, objects: 0, uploads: 0, damaged: [] })
    assert.equal(records, 1)
    const resealed = await readStoreIdentity(context.metadata)
    assert.ok(resealed)
    assert.equal(resealed.storeId, identity.storeId)
    checkMasterKey(resealed, newVault(KEYS[1]))
    assert.throws(() => checkMasterKey(resealed, newVault(KEYS[0])))
    assert.equal((await resealStore(newer, () => undefined)).accessKeys, 0)
  })
})

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

describe('the credentials file', () => {
  const content = {
    ...{ accessKeyId: 'AKIA1', secretAccessKey: 'secret', region: 'us-east-1' },
    ...{ endpointUrl: 'http://127.0.0.1:1', store: 'mark' },
  }

  it('keeps key pairs by their sections, with the store that they are of and where that is', () => {
    const path = join(newFolder(), 'credentials')
    assert.deepEqual([listKeptKeys(path), readEndpoint(path)], [[], null])
    writeCredentialsFile(path, 'default', content)
    writeCredentialsFile(path, 'team', { ...content, accessKeyId: 'AKIA2' })
    assert.deepEqual(listKeptKeys(path), [
      { section: 'default', accessKeyId: 'AKIA1', store: 'mark' },
      { section: 'team', accessKeyId: 'AKIA2', store: 'mark' },
    ])
    assert.equal(statSync(path).mode & 0o777, 0o600)
    assert.equal(readEndpoint(path), 'http://127.0.0.1:1')
    assert.deepEqual(sectionsOfKey(path, 'AKIA2'), ['team'])
    assert.deepEqual(sectionsOfKey(path, 'AKIA3'), [])
    const before = statSync(path).mtimeMs
    const noted = { region: 'us-east-1', endpointUrl: 'http://127.0.0.1:1', store: 'mark', caBundle: null }
    updateCredentialsEndpoint(path, ['default', 'team'], noted)
    assert.equal(statSync(path).mtimeMs, before)
    updateCredentialsEndpoint(path, ['team'], { ...noted, endpointUrl: 'https://x', caBundle: '/c.pem' })
    const text = readFileSync(path, 'utf8')
    assert.match(text, /\[team\][^[]*endpoint_url = https:\/\/x\n/)
    assert.match(text, /ca_bundle = \/c\.pem\n/)
    assert.equal(readEndpoint(path), 'http://127.0.0.1:1')
    updateCredentialsEndpoint(path, ['team'], noted)
    assert.doesNotMatch(readFileSync(path, 'utf8'), /ca_bundle/)
  })

  it('has sections of this store, by its mark or, of older releases, by a key that the store knows', async () => {
    const context = memoryContext()
    const { account } = await createAccount(context, 'default')
    const folder = dataFolderOf({ data: newFolder() })
    const store = { context, folder, mark: 'mark', close: async () => undefined }
    writeFileSync(
      folder.credentials,
      [
        '[marked]\naws_access_key_id = AKIA1\nlugsail_store = mark',
        '[foreign]\naws_access_key_id = AKIA2\nlugsail_store = another',
        `[known]\naws_access_key_id = ${account.accessKeyId}`,
        '[unknown]\naws_access_key_id = AKIA3\n',
      ].join('\n'),
    )
    assert.deepEqual(await ownSections(store, { metadata: 'postgres://a' }), {
      own: ['marked', 'known'],
      others: ['foreign', 'unknown'],
    })
    assert.deepEqual(await ownSections(store, { metadata: null }), {
      own: ['marked', 'known', 'unknown'],
      others: ['foreign'],
    })
  })

  it('forgets keys that are gone, and so do the AWS files of who gives the command', () => {
    const folder = newFolder()
    const credentials = join(folder, 'credentials')
    const files = {
      AWS_SHARED_CREDENTIALS_FILE: join(folder, 'keys'),
      AWS_CONFIG_FILE: join(folder, 'config'),
    }
    const write = (): void => {
      writeCredentialsFile(credentials, 'team', content)
      writeFileSync(
        files.AWS_SHARED_CREDENTIALS_FILE,
        '[default]\naws_access_key_id = AKIA1\n[mine]\naws_access_key_id = AKIA1\n[other]\naws_access_key_id = AKIA9\n',
      )
      writeFileSync(
        files.AWS_CONFIG_FILE,
        '[default]\nregion = a\n[profile mine]\nregion = b\n[profile other]\nregion = c\n',
      )
    }
    write()
    assert.deepEqual(forgetKeys(['AKIA8'], credentials, files), [])
    assert.deepEqual(forgetKeys(['AKIA8', 'AKIA1'], credentials, files), [
      `${credentials} [team]`,
      `${files.AWS_SHARED_CREDENTIALS_FILE} [default]`,
      `${files.AWS_SHARED_CREDENTIALS_FILE} [mine]`,
      `${files.AWS_CONFIG_FILE} [profile mine]`,
    ])
    assert.match(readFileSync(files.AWS_CONFIG_FILE, 'utf8'), /^\[default\]\nregion = a\n\[profile other\]/)
    assert.deepEqual(listKeptKeys(credentials), [])
    write()
    assert.deepEqual(forgetKeys(['AKIA1'], credentials, {}), [`${credentials} [team]`])
    write()
    const same = { ...files, AWS_SHARED_CREDENTIALS_FILE: credentials }
    assert.deepEqual(forgetKeys(['AKIA1'], credentials, same), [`${credentials} [team]`])
    assert.deepEqual(forgetKeys(['AKIA1'], join(folder, 'nowhere'), { HOME: folder }), [])
  })
})
