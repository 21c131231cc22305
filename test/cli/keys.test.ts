/** Application keys as people type them, against a real server. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { EXECUTABLE } from '../harness/executable.ts'
import { startServer, type RunningServer } from '../harness/server.ts'

describe('lugsail key', () => {
  const home = mkdtempSync(join(tmpdir(), 'lugsail-keys-'))
  let server: RunningServer
  before(async () => {
    server = await startServer({ isBuilt: true })
    assert.equal(run('create-bucket', '--bucket-name', 'photos', '--bundle-id', 'small_1_0').status, 0)
  })
  after(async () => {
    await server.stop()
    rmSync(home, { recursive: true })
  })

  function run(...args: readonly string[]) {
    return as(server.credentials, '', ...args)
  }
  function as(
    key: { readonly accessKeyId: string; readonly secretAccessKey: string },
    input: string,
    ...args: readonly string[]
  ) {
    return spawnSync(EXECUTABLE, args, {
      encoding: 'utf8',
      cwd: home,
      input,
      env: {
        PATH: process.env['PATH'],
        HOME: home,
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_ACCESS_KEY_ID: key.accessKeyId,
        AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
        AWS_REGION: 'us-east-1',
        AWS_ENDPOINT_URL: server.endpoint,
      },
    })
  }
  const made = (...args: readonly string[]) => {
    const { status, stdout, stderr } = run(...args)
    assert.equal(status, 0, stderr)
    return (JSON.parse(stdout) as { accessKey: { accessKeyId: string; secretAccessKey: string } }).accessKey
  }
  const text = (...args: readonly string[]): string => {
    const { status, stdout, stderr } = run(...args, '--output', 'text')
    assert.equal(status, 0, stderr)
    return stdout.trim()
  }

  it('makes, shows, switches and deletes keys', () => {
    const key = made('key', 'create', 'reports', '--buckets', 'photos', '--rights', 'read', 'list')
    assert.equal(as(key, '', 'ls', 's3://photos').status, 0)
    const names = 'accessKeys[].[name,status]'
    assert.equal(text('key', 'list', '--query', names), 'reports\tActive')
    assert.equal(run('key', 'off', 'reports').status, 0)
    assert.equal(text('key', 'show', 'reports', '--query', names), 'reports\tInactive')
    const refused = as(key, '', 'ls', 's3://photos')
    assert.match(refused.stderr, /the access key is inactive; "lugsail key show"/)
    assert.equal(text('key', 'on', 'reports', '--query', 'accessKey.status'), 'Active')
    assert.equal(text('key', 'update', 'reports', '--rights', 'read', '--query', 'accessKey.rights'), 'read')
    assert.equal(as(key, '', 'ls', 's3://photos').status, 1)
    assert.equal(run('key', 'delete', 'reports').status, 0)
    assert.equal(text('key', 'list', '--query', names), '')
  })

  it('takes a time in the place of seconds, and options of all commands before its name', () => {
    made('--region', 'us-east-1', 'key', 'create', 'timed', '--rights', 'read', '--expires-in', '90d')
    const shown = text('key', 'show', 'timed', '--query', 'accessKeys[0].[createdAt,expiresAt]')
    const [createdAt, expiresAt] = shown.split('\t').map(Number)
    assert.equal(Math.round((expiresAt ?? 0) - (createdAt ?? 0)), 90 * 86_400)
    const wrong = run('key', 'create', 'x', '--rights', 'read', '--expires-in', 'soon')
    assert.equal(wrong.status, 2)
    assert.match(wrong.stderr, /--expires-in: expected a time as 90d, 12h or 30m, got "soon"/)
  })

  it('tells who used a key, by its name or by the id of any key', () => {
    const key = made('key', 'create', 'used', '--buckets', 'photos', '--rights', 'list')
    assert.equal(as(key, '', 'ls', 's3://photos').status, 0)
    assert.equal(as(key, '', 'rm', 's3://photos/x').status, 1)
    const who = ['--query', 'uses[].[address,requests,refusals]']
    const [address, requests, refusals] = text('key', 'who', 'used', ...who).split('\t')
    assert.deepEqual([address, refusals], ['127.0.0.1', '1'])
    assert.ok(Number(requests) >= 2)
    assert.match(text('key', 'who', key.accessKeyId, '--since', '2h', ...who), /^127\.0\.0\.1\t/)
    assert.equal(text('key', 'who', 'used', '--since', '2100-01-01', ...who), '')
    assert.match(text('key', 'who', server.credentials.accessKeyId, ...who), /^127\.0\.0\.1\t/)
    assert.match(run('key', 'who', 'AKIAAAAAAAAAAAAAAAAA').stderr, /NotFoundException/)
  })

  it('revokes a key, and writes what it did as text or JSON, once', () => {
    const key = made('key', 'create', 'leaked', '--buckets', 'photos', '--rights', 'read-write')
    writeFileSync(join(home, 'x'), 'x')
    assert.equal(as(key, '', 'cp', 'x', 's3://photos/x').status, 0)
    const auditLog = join(server.dataFolder, 'audit.log')
    const report = join(home, 'report.json')
    const revoked = run(
      'key',
      'revoke',
      'leaked',
      '--report',
      report,
      '--json',
      '--since',
      '1d',
      '--audit-log',
      auditLog,
    )
    assert.equal(revoked.status, 0, revoked.stderr)
    assert.match(revoked.stdout, /"status":"Inactive"/)
    assert.equal(as(key, '', 'cp', 'x', 's3://photos/y').status, 1)
    const told = JSON.parse(readFileSync(report, 'utf8')) as Record<string, Record<string, unknown>[]>
    assert.deepEqual(Object.keys(told), ['uses', 'auditLog', 'accessLogs'])
    assert.equal(told['uses']?.[0]?.['address'], '127.0.0.1')
    assert.match(String(told['uses'][0]['last']), /^20\d\d-.*Z$/)
    assert.equal(statSync(report).mode & 0o777, 0o600)
    // What may be evidence is not written over.
    const again = run('revoke', 'leaked', '--report', report)
    assert.equal(again.status, 1)
    assert.match(again.stderr, /exist/)
    const shown = run('--region', 'us-east-1', 'revoke', key.accessKeyId, '--report', '-')
    assert.match(shown.stdout, /^uses accessKeyId=AKIA\w+ day=\S+ address=127\.0\.0\.1 /)
    assert.equal(run('revoke', 'nobody').status, 1)
    assert.equal(run('revoke', 'leaked', '--since', '1d').status, 2)
    assert.equal(run('revoke', 'leaked', '--report', '-', '--since', 'soon').status, 2)
  })

  it('rotates a key', () => {
    const old = made('key', 'create', 'rotating', '--rights', 'list')
    const next = made('key', 'rotate', 'rotating', '--retire-in', '1w')
    for (const key of [old, next]) assert.equal(as(key, '', 'ls', 's3://photos').status, 0)
    const last = made('key', 'rotate', 'rotating', '--retire-in', '0s')
    for (const key of [old, next]) assert.equal(as(key, '', 'ls', 's3://photos').status, 1)
    assert.equal(as(last, '', 'ls', 's3://photos').status, 0)
  })

  it('says which words there are', () => {
    const help = run('key', 'help')
    assert.equal(help.status, 0)
    assert.equal(run('key').stdout, help.stdout)
    assert.match(help.stdout, /create NAME +Makes a key and shows its secret, once/)
    assert.match(run('key', 'create', 'help').stdout, /create-access-key - /)
    const unknown = run('key', 'rename', 'a')
    assert.equal(unknown.status, 2)
    assert.match(unknown.stderr, /key: expected create, list, .*, got "rename"/)
  })

  it('takes a secret from a file or from standard input, and never where it is typed', () => {
    const pair = { accessKeyId: 'garage-app', secretAccessKey: 'b4f3-Zk2-secret-of-garage' }
    const importing = ['import', 'app', '--rights', 'list', '--access-key-id', pair.accessKeyId]
    const typed = run('key', ...importing, '--secret-access-key', pair.secretAccessKey)
    assert.equal(typed.status, 255)
    assert.match(typed.stderr, /'--secret-access-key': a secret is not typed: name the file/)
    const whole = JSON.stringify({ name: 'app', rights: ['list'], ...pair })
    const typedWhole = run('import-access-key', '--cli-input-json', whole)
    assert.match(typedWhole.stderr, /'--cli-input-json': its secretAccessKey would be typed/)
    writeFileSync(join(home, 'broken.json'), `${whole}}`)
    const broken = run('import-access-key', '--cli-input-json', 'file://broken.json')
    assert.match(broken.stderr, /Invalid JSON/)
    writeFileSync(join(home, 'secret.txt'), `${pair.secretAccessKey}\n`)
    const imported = run('key', ...importing, '--secret-access-key', 'file://secret.txt')
    assert.equal(imported.status, 0, imported.stderr)
    assert.equal(as(pair, '', 'ls', 's3://photos').status, 0)
    const other = { accessKeyId: 'garage-2', secretAccessKey: 'another-Secret-0123' }
    const piped = as(
      server.credentials,
      other.secretAccessKey,
      'key',
      'import',
      'app-2',
      '--rights',
      'list',
      '--access-key-id',
      other.accessKeyId,
      '--secret-access-key',
      'file:///dev/stdin',
    )
    assert.equal(piped.status, 0, piped.stderr)
    assert.equal(as(other, '', 'ls', 's3://photos').status, 0)
    const audited = readFileSync(join(server.dataFolder, 'audit.log'), 'utf8')
    for (const shown of [typed, typedWhole, broken, imported, piped].map(
      ({ stdout, stderr }) => stdout + stderr,
    ))
      for (const secret of [pair.secretAccessKey, other.secretAccessKey]) {
        assert.ok(!shown.includes(secret), shown)
        assert.ok(!audited.includes(secret))
        assert.ok(!server.log().includes(secret))
      }
    assert.match(audited, /"operation":"ImportAccessKey".*"accessKeyId":"garage-app"/)
  })
})
