import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { ConfigurationError } from '../configuration/errors.ts'
import { readTlsFiles } from './tls-files.ts'

const skip = spawnSync('openssl', ['version']).status === 0 ? false : 'the command openssl is not there'
const folder = mkdtempSync(join(tmpdir(), 'lugsail-tls-files-'))
after(() => rmSync(folder, { recursive: true }))
const inFolder = (name: string): string => join(folder, name)

describe('readTlsFiles', { skip }, () => {
  it('reads a certificate and its key, and names the setting and the file that cannot be used', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    writeFileSync(inFolder('good.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }))
    const other = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey
    writeFileSync(inFolder('other.key'), other.export({ type: 'pkcs8', format: 'pem' }))
    const locked = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'word' } as const
    writeFileSync(inFolder('locked.key'), privateKey.export(locked))
    writeFileSync(inFolder('broken.pem'), 'nothing\n')
    const files = ['-key', inFolder('good.key'), '-out', inFolder('good.pem')]
    execFileSync('openssl', ['req', '-x509', '-days', '2', '-subj', '/CN=test', ...files])

    assert.match(
      readTlsFiles({ cert: inFolder('good.pem'), key: inFolder('good.key') }).cert.toString(),
      /BEGIN/,
    )
    for (const [cert, key, said] of [
      ['missing.pem', 'good.key', /^tlsCert: .*missing\.pem/],
      ['good.pem', 'missing.key', /^tlsKey: .*missing\.key/],
      ['broken.pem', 'good.key', /^tlsCert: .*broken\.pem holds no certificate/],
      ['good.pem', 'broken.pem', /^tlsKey: .*broken\.pem holds no private key/],
      ['good.pem', 'locked.key', /^tlsKey: .*locked\.key holds no private key .* without a passphrase/],
      [
        'good.pem',
        'other.key',
        /^tlsKey: .*other\.key does not hold the key of the certificate in .*good\.pem/,
      ],
    ] as const) {
      assert.throws(
        () => readTlsFiles({ cert: inFolder(cert), key: inFolder(key) }),
        (error) => error instanceof ConfigurationError && said.test(error.message),
        `${cert} with ${key}`,
      )
    }
  })
})
