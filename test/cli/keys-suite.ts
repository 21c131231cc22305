import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { CommandRuns, Run, RunsServer } from './command-runs.ts'

/** What people do with application keys, by whatever runs command and server. */
export function describeKeys(runs: CommandRuns): void {
  describe('lugsail key', () => {
    const home = mkdtempSync(join(tmpdir(), 'lugsail-keys-'))
    let server: RunsServer
    before(async () => {
      server = await runs.startServer()
      assert.equal(
        (await run('create-bucket', '--bucket-name', 'photos', '--bundle-id', 'small_1_0')).status,
        0,
      )
    })
    after(async () => {
      await server.stop()
      rmSync(home, { recursive: true })
    })

    function run(...args: readonly string[]): Promise<Run> {
      return as(server.credentials, '', ...args)
    }
    function as(
      key: { readonly accessKeyId: string; readonly secretAccessKey: string },
      input: string,
      ...args: readonly string[]
    ): Promise<Run> {
      return runs.lugsail(args, {
        cwd: home,
        input,
        env: {
          HOME: home,
          AWS_EC2_METADATA_DISABLED: 'true',
          AWS_ACCESS_KEY_ID: key.accessKeyId,
          AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
          AWS_REGION: 'us-east-1',
          AWS_ENDPOINT_URL: server.endpoint,
        },
      })
    }
    const made = async (...args: readonly string[]) => {
      const { status, stdout, stderr } = await run(...args)
      assert.equal(status, 0, stderr)
      return (JSON.parse(stdout) as { accessKey: { accessKeyId: string; secretAccessKey: string } }).accessKey
    }
    const text = async (...args: readonly string[]): Promise<string> => {
      const { status, stdout, stderr } = await run(...args, '--output', 'text')
      assert.equal(status, 0, stderr)
      return stdout.trim()
    }

    it('makes, shows, switches and deletes keys', async () => {
      const key = await made('key', 'create', 'reports', '--buckets', 'photos', '--rights', 'read', 'list')
      assert.equal((await as(key, '', 'ls', 's3://photos')).status, 0)
      const names = 'accessKeys[].[name,status]'
      assert.equal(await text('key', 'list', '--query', names), 'reports\tActive')
      assert.equal((await run('key', 'off', 'reports')).status, 0)
      assert.equal(await text('key', 'show', 'reports', '--query', names), 'reports\tInactive')
      const refused = await as(key, '', 'ls', 's3://photos')
      assert.match(refused.stderr, /the access key is inactive; "lugsail key show"/)
      assert.equal(await text('key', 'on', 'reports', '--query', 'accessKey.status'), 'Active')
      assert.equal(
        await text('key', 'update', 'reports', '--rights', 'read', '--query', 'accessKey.rights'),
        'read',
      )
      assert.equal((await as(key, '', 'ls', 's3://photos')).status, 1)
      assert.equal((await run('key', 'delete', 'reports')).status, 0)
      assert.equal(await text('key', 'list', '--query', names), '')
    })

    it('takes a time in the place of seconds, and options of all commands before its name', async () => {
      await made('--region', 'us-east-1', 'key', 'create', 'timed', '--rights', 'read', '--expires-in', '90d')
      const shown = await text('key', 'show', 'timed', '--query', 'accessKeys[0].[createdAt,expiresAt]')
      const [createdAt, expiresAt] = shown.split('\t').map(Number)
      assert.equal(Math.round((expiresAt ?? 0) - (createdAt ?? 0)), 90 * 86_400)
      const wrong = await run('key', 'create', 'x', '--rights', 'read', '--expires-in', 'soon')
      assert.equal(wrong.status, 2)
      assert.match(wrong.stderr, /--expires-in: expected a time as 90d, 12h or 30m, got "soon"/)
    })

    it('tells who used a key, by its name or by the id of any key', async () => {
      const key = await made('key', 'create', 'used', '--buckets', 'photos', '--rights', 'list')
      assert.equal((await as(key, '', 'ls', 's3://photos')).status, 0)
      assert.equal((await as(key, '', 'rm', 's3://photos/x')).status, 1)
      const who = ['--query', 'uses[].[address,requests,refusals]']
      const [address, requests, refusals] = (await text('key', 'who', 'used', ...who)).split('\t')
      assert.deepEqual([address, refusals], ['127.0.0.1', '1'])
      assert.ok(Number(requests) >= 2)
      assert.match(await text('key', 'who', key.accessKeyId, '--since', '2h', ...who), /^127\.0\.0\.1\t/)
      assert.equal(await text('key', 'who', 'used', '--since', '2100-01-01', ...who), '')
      assert.match(await text('key', 'who', server.credentials.accessKeyId, ...who), /^127\.0\.0\.1\t/)
      assert.match((await run('key', 'who', 'AKIAAAAAAAAAAAAAAAAA')).stderr, /NotFoundException/)
    })

    it('revokes a key, and writes what it did as text or JSON, once', async () => {
      const key = await made('key', 'create', 'leaked', '--buckets', 'photos', '--rights', 'read-write')
      writeFileSync(join(home, 'x'), 'x')
      assert.equal((await as(key, '', 'cp', 'x', 's3://photos/x')).status, 0)
      const auditLog = join(server.dataFolder, 'audit.log')
      const report = join(home, 'report.json')
      const revoked = await run(
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
      assert.equal((await as(key, '', 'cp', 'x', 's3://photos/y')).status, 1)
      const told = JSON.parse(readFileSync(report, 'utf8')) as Record<string, Record<string, unknown>[]>
      assert.deepEqual(Object.keys(told), ['uses', 'auditLog', 'accessLogs'])
      assert.equal(told['uses']?.[0]?.['address'], '127.0.0.1')
      assert.match(String(told['uses'][0]['last']), /^20\d\d-.*Z$/)
      assert.equal(statSync(report).mode & 0o777, 0o600)
      // What may be evidence is not written over.
      const again = await run('revoke', 'leaked', '--report', report)
      assert.equal(again.status, 1)
      assert.match(again.stderr, /exist/)
      const shown = await run('--region', 'us-east-1', 'revoke', key.accessKeyId, '--report', '-')
      assert.match(shown.stdout, /^uses accessKeyId=AKIA\w+ day=\S+ address=127\.0\.0\.1 /)
      assert.equal((await run('revoke', 'nobody')).status, 1)
      assert.equal((await run('revoke', 'leaked', '--since', '1d')).status, 2)
      assert.equal((await run('revoke', 'leaked', '--report', '-', '--since', 'soon')).status, 2)
    })

    it('rotates a key', async () => {
      const old = await made('key', 'create', 'rotating', '--rights', 'list')
      const next = await made('key', 'rotate', 'rotating', '--retire-in', '1w')
      for (const key of [old, next]) assert.equal((await as(key, '', 'ls', 's3://photos')).status, 0)
      const last = await made('key', 'rotate', 'rotating', '--retire-in', '0s')
      for (const key of [old, next]) assert.equal((await as(key, '', 'ls', 's3://photos')).status, 1)
      assert.equal((await as(last, '', 'ls', 's3://photos')).status, 0)
    })

    it('says which words there are', async () => {
      const help = await run('key', 'help')
      assert.equal(help.status, 0)
      assert.equal((await run('key')).stdout, help.stdout)
      assert.match(help.stdout, /create NAME +Makes a key and shows its secret, once/)
      assert.match((await run('key', 'create', 'help')).stdout, /create-access-key - /)
      const unknown = await run('key', 'rename', 'a')
      assert.equal(unknown.status, 2)
      assert.match(unknown.stderr, /key: expected create, list, .*, got "rename"/)
    })

    it('takes a secret from a file or from standard input, and never where it is typed', async () => {
      const pair = { accessKeyId: 'garage-app', secretAccessKey: 'b4f3-Zk2-secret-of-garage' }
      const importing = ['import', 'app', '--rights', 'list', '--access-key-id', pair.accessKeyId]
      const typed = await run('key', ...importing, '--secret-access-key', pair.secretAccessKey)
      assert.equal(typed.status, 255)
      assert.match(typed.stderr, /'--secret-access-key': a secret is not typed: name the file/)
      const whole = JSON.stringify({ name: 'app', rights: ['list'], ...pair })
      const typedWhole = await run('import-access-key', '--cli-input-json', whole)
      assert.match(typedWhole.stderr, /'--cli-input-json': its secretAccessKey would be typed/)
      writeFileSync(join(home, 'broken.json'), `${whole}}`)
      const broken = await run('import-access-key', '--cli-input-json', 'file://broken.json')
      assert.match(broken.stderr, /Invalid JSON/)
      writeFileSync(join(home, 'secret.txt'), `${pair.secretAccessKey}\n`)
      const imported = await run('key', ...importing, '--secret-access-key', 'file://secret.txt')
      assert.equal(imported.status, 0, imported.stderr)
      assert.equal((await as(pair, '', 'ls', 's3://photos')).status, 0)
      for (const { stdout, stderr } of [typed, typedWhole, broken, imported])
        assert.ok(!(stdout + stderr).includes(pair.secretAccessKey))
    })

    it(
      'takes a secret from standard input, and tells it in no log',
      { skip: runs.withoutProcess },
      async () => {
        const other = { accessKeyId: 'garage-2', secretAccessKey: 'another-Secret-0123' }
        const piped = await as(
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
        assert.equal((await as(other, '', 'ls', 's3://photos')).status, 0)
        const audited = readFileSync(join(server.dataFolder, 'audit.log'), 'utf8')
        for (const told of [piped.stdout, piped.stderr, audited, server.log()])
          assert.ok(!told.includes(other.secretAccessKey))
        for (const accessKeyId of ['garage-app', other.accessKeyId])
          assert.match(audited, new RegExp(`"operation":"ImportAccessKey".*"accessKeyId":"${accessKeyId}"`))
      },
    )
  })
}
