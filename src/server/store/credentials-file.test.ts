import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { memoryContext } from '../../../test/memory-context.ts'
import { createAccount } from '../../service/accounts/create-account.ts'
import {
  listKeptKeys,
  readEndpoint,
  sectionsOfKey,
  updateCredentialsEndpoint,
  writeCredentialsFile,
} from './credentials-file.ts'
import { dataFolderOf } from './data-folder.ts'
import { forgetKeys } from './forget-keys.ts'
import { ownSections } from './own-sections.ts'

const root = mkdtempSync(join(tmpdir(), 'lugsail-store-'))
after(() => rmSync(root, { recursive: true, force: true }))
const newFolder = (): string => mkdtempSync(join(root, 'folder-'))

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
