import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { ConfigurationError } from './errors.ts'
import { readSettings } from './read.ts'

const folder = mkdtempSync(join(tmpdir(), 'lugsail-settings-'))
after(() => rmSync(folder, { recursive: true }))

const fileWith = (content: string): string => {
  const file = join(folder, `${Math.random().toString(36).slice(2)}.json`)
  writeFileSync(file, content)
  return file
}
const read = (
  options: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
) => readSettings({ options: new Map(Object.entries(options)), environment })
const refuses = (
  message: RegExp,
  options: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
) =>
  assert.throws(
    () => read(options, environment),
    (error) => error instanceof ConfigurationError && message.test(error.message),
  )

describe('readSettings', () => {
  it('gives every setting its default when nothing is said', () => {
    const values = read({})
    assert.deepEqual(values.listen, { host: '127.0.0.1', port: 9400 })
    assert.equal(values.data, 'lugsail-data')
    assert.ok(Object.isFrozen(values))
  })

  it('lets the command line win over the environment, and that over the file', () => {
    const config = fileWith('{ "listen": "0.0.0.0:1", "workers": 2, "logLevel": "warn" /* quiet */ }')
    const values = read(
      { config, listen: '[::1]:3' },
      { LUGSAIL_LISTEN: '0.0.0.0:2', LUGSAIL_WORKERS: '4', PATH: '/bin' },
    )
    assert.deepEqual(values.listen, { host: '::1', port: 3 })
    assert.equal(values.workers, 4)
    assert.equal(values.logLevel, 'warn')
  })

  it('names the setting, the source and the allowed values when a value is not allowed', () => {
    refuses(
      /^workers \(--workers, LUGSAIL_WORKERS\): expected a whole number from 1 to 256, got "0" on the command line$/,
      {
        workers: '0',
      },
    )
    refuses(
      /logLevel .* expected one of debug, info.* got "loud" from LUGSAIL_LOG_LEVEL/,
      {},
      {
        LUGSAIL_LOG_LEVEL: 'loud',
      },
    )
    refuses(/listen .* got "localhost" in .*json/, { config: fileWith('{ "listen": "localhost" }') })
    refuses(/listen .* got \["a"\]|listen .* got "\[/, { config: fileWith('{ "listen": ["a"] }') })
    refuses(/expected HOST:PORT/, { listen: '127.0.0.1:65536' })
  })

  it('refuses a name that it does not know, and says which one was probably meant', () => {
    refuses(/unknown option --lisen; did you mean --listen\?/, { lisen: '1' })
    refuses(
      /unknown environment variable LUGSAIL_WORKER; did you mean LUGSAIL_WORKERS\?/,
      {},
      {
        LUGSAIL_WORKER: '1',
      },
    )
    refuses(/region .* got "eu-wset-1" on the command line; did you mean eu-west-1\?/, {
      region: 'eu-wset-1',
    })
    refuses(/unknown setting "tls" in /, { config: fileWith('{ "tls": true }') })
  })

  it('never shows a value that may hold a password', () => {
    const url = 'mysql://me:hunter2@host/db'
    refuses(/^metadata .* got the value on the command line$/, { metadata: url })
  })

  it('refuses settings that contradict each other', () => {
    refuses(/tlsCert needs tlsKey/, { 'tls-cert': 'a.pem' })
    refuses(/tlsKey needs tlsCert/, { 'tls-key': 'a.pem' })
    refuses(/workers is 2 but metadata is memory:/, { workers: '2', metadata: 'memory:' })
    refuses(/workers is 2 but blobs is memory:/, { workers: '2', blobs: 'memory:' })
  })

  it('says what is wrong with the configuration file itself', () => {
    refuses(/cannot be read: ENOENT/, { config: join(folder, 'none.json') })
    refuses(/cannot be read: .*JSON/, { config: fileWith('{') })
    refuses(/must hold one JSON object/, { config: fileWith('[]') })
  })
})
