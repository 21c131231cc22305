/** What a leaked key did, out of everything that tells of it: delivered access logs, the audit log and the table of uses of a real server. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { EXECUTABLE } from '../harness/executable.ts'
import { startServer, type RunningServer } from '../harness/server.ts'

interface Key {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

type Told = Record<'uses' | 'auditLog' | 'accessLogs', readonly Record<string, unknown>[]>

describe('the report of a key that is revoked', () => {
  const home = mkdtempSync(join(tmpdir(), 'lugsail-report-'))
  let server: RunningServer
  before(async () => {
    server = await startServer({ isBuilt: true, options: { 'access-log-interval-seconds': '1' } })
    for (const bucket of ['photos', 'logs'])
      run('create-bucket', '--bucket-name', bucket, '--bundle-id', 'small_1_0')
    const config = 'enabled=true,destination=logs,prefix=photos/'
    run('update-bucket', '--bucket-name', 'photos', '--access-log-config', config)
    writeFileSync(join(home, 'x'), 'x')
  })
  after(async () => {
    await server.stop()
    rmSync(home, { recursive: true })
  })

  function as(key: Key, ...args: readonly string[]): string {
    const { status, stdout, stderr } = spawnSync(EXECUTABLE, args, {
      encoding: 'utf8',
      cwd: home,
      env: {
        PATH: process.env['PATH'],
        HOME: home,
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_ACCESS_KEY_ID: key.accessKeyId,
        AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
        ...(key.sessionToken !== undefined && { AWS_SESSION_TOKEN: key.sessionToken }),
        AWS_REGION: 'us-east-1',
        AWS_ENDPOINT_URL: server.endpoint,
      },
    })
    assert.equal(status, 0, stderr)
    return stdout
  }
  function run(...args: readonly string[]): string {
    return as(server.credentials, ...args)
  }

  it('has its requests in delivered access logs, its sessions’, and its lines of the audit log, and nobody else’s', async () => {
    const made = JSON.parse(
      run('key', 'create', 'leaked', '--rights', 'full', '--write-json', 'key.json'),
    ) as { accessKey: { accessKeyId: string } }
    const { accessKeyId } = made.accessKey
    const { secretAccessKey } = JSON.parse(readFileSync(join(home, 'key.json'), 'utf8')) as Key
    const key = { accessKeyId, secretAccessKey }
    const given = JSON.parse(as(key, 'credentials', '--key-file', 'key.json')) as Record<string, string>
    const session = {
      accessKeyId: given['AccessKeyId'] ?? '',
      secretAccessKey: given['SecretAccessKey'] ?? '',
      sessionToken: given['SessionToken'] ?? '',
    }
    as(key, 'cp', 'x', 's3://photos/by-key')
    as(session, 'cp', 'x', 's3://photos/by-session')
    run('cp', 'x', 's3://photos/by-another')
    const isDelivered = () => {
      // Of a bucket without objects a listing is no failure, as it is of a prefix without any.
      const names = run('ls', 's3://logs', '--recursive')
      const texts = names.split('\n').flatMap((line) => /photos\/\S+$/.exec(line)?.[0] ?? [])
      const logged = texts.map((name) => run('cp', `s3://logs/${name}`, '-')).join('')
      return ['by-key', 'by-session', 'by-another'].every((name) => logged.includes(name))
    }
    // Delivered in turns of a second.
    while (!isDelivered()) await setImmediate()

    const auditLog = join(server.dataFolder, 'audit.log')
    const options = ['--since', '1d', '--audit-log', auditLog] as const
    run('key', 'revoke', 'leaked', '--report', 'leak.json', '--json', ...options)
    const told = JSON.parse(readFileSync(join(home, 'leak.json'), 'utf8')) as Told
    const puts = told.accessLogs.filter(({ operation }) => operation === 'REST.PUT.OBJECT')
    assert.deepEqual(
      puts.map(({ bucketName, address, status, ...put }) => [bucketName, address, status, put['objectKey']]),
      [
        ['photos', '127.0.0.1', '200', 'by-key'],
        ['photos', '127.0.0.1', '200', 'by-session'],
      ],
    )
    for (const { accessKeyId: id } of told.accessLogs) assert.equal(id, accessKeyId)
    const audited = told.auditLog.map((event) => [event['operation'], event['accessKeyId'] === accessKeyId])
    assert.ok(
      audited.some(([operation]) => operation === 'GetSessionToken'),
      JSON.stringify(told.auditLog),
    )
    assert.ok(audited.every(([, isOfKey]) => isOfKey))
    assert.ok(told.uses.length > 0)

    run('key', 'revoke', 'leaked', '--report', 'leak.txt', ...options)
    const lines = readFileSync(join(home, 'leak.txt'), 'utf8').trimEnd().split('\n')
    const sources = new Set(lines.map((line) => line.split(' ', 1)[0]))
    assert.deepEqual([...sources], ['uses', 'auditLog', 'accessLogs'])
    assert.ok(lines.some((line) => line.startsWith('accessLogs ') && line.includes('by-session')))
    assert.ok(!lines.some((line) => line.includes('by-another') || line.includes(secretAccessKey)))
  })
})
