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

  it('leaves variables alone that are the command’s, and those of others', () => {
    assert.doesNotThrow(() => read({}, { LUGSAIL_EXTRA_CA_CERTS: '/ca.pem', LUGSAILING: '1', HOME: '/' }))
  })

  it('finds the configuration file by its variable, which the option wins over', () => {
    const [one, two] = [fileWith('{ "workers": 2 }'), fileWith('{ "workers": 3, "diskLowBytes": 0 }')]
    assert.equal(read({}, { LUGSAIL_CONFIG: one }).workers, 2)
    assert.equal(read({ config: two }, { LUGSAIL_CONFIG: one }).workers, 3)
    refuses(/unknown setting "config" in .*json/, { config: fileWith('{ "config": "a" }') })
  })

  it('refuses places that do not go together, and takes those that do', () => {
    refuses(/^metadata is memory:, .* but blobs keeps them/, { metadata: 'memory:', blobs: 'files:/b' })
    refuses(/^mirror and backup name one place/, { mirror: '/m', backup: '/m' })
    for (const options of [
      { metadata: 'memory:', blobs: 'memory:' },
      { metadata: 'memory:', workers: '1' },
      { blobs: 'memory:', workers: '1' },
      { mirror: '/m', backup: '/b' },
      { 'tls-cert': 'a', 'tls-key': 'b' },
    ])
      assert.doesNotThrow(() => read(options), JSON.stringify(options))
  })

  it('keeps what is for servers in memory and what is for others apart', () => {
    refuses(/^clock \(on the command line\) is for servers in memory alone/, { clock: '2030-01-01' })
    refuses(/^seed \(from LUGSAIL_SEED\) is for servers in memory alone/, {}, { LUGSAIL_SEED: '/s' })
    refuses(/^data \(on the command line\) does not go with ephemeral/, { ephemeral: 'yes', data: '/d' })
    refuses(/^clock /, { ephemeral: 'no', clock: '2030-01-01' })
    assert.equal(read({ ephemeral: 'yes', clock: '2030-01-01' }).clock, '2030-01-01')
    const pair = { 'root-access-key-id': 'abc', 'root-secret-access-key': 'secret' }
    for (const [given, missing] of [
      ['rootAccessKeyId', 'root-secret-access-key'],
      ['rootSecretAccessKey', 'root-access-key-id'],
    ] as const) {
      const half = Object.fromEntries(Object.entries(pair).filter(([name]) => name !== missing))
      refuses(new RegExp(`^${given} needs root`), { ephemeral: 'yes', ...half })
    }
    assert.equal(read({ ephemeral: 'yes', ...pair }).rootAccessKeyId, 'abc')
  })

  it('gives a server in memory defaults of its own, and what was said instead of them', () => {
    const values = read({ ephemeral: 'yes' })
    assert.notDeepEqual(values.listen, read({}).listen)
    assert.deepEqual(read({ ephemeral: 'yes', listen: 'h:1' }).listen, { host: 'h', port: 1 })
  })

  it('says what is wrong with the configuration file itself', () => {
    refuses(/cannot be read: ENOENT/, { config: join(folder, 'none.json') })
    refuses(/cannot be read: .*JSON/, { config: fileWith('{') })
    refuses(/must hold one JSON object/, { config: fileWith('[]') })
  })
})
