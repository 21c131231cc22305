import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, beforeEach, describe, it } from 'node:test'
import { parse } from 'yaml'
import type { CommandRuns, Run, RunsServer } from './command-runs.ts'

/** Keys that are written where they are used, by whatever runs command and server. */
export function describeKeyFiles(runs: CommandRuns): void {
  describe('a key that is written', () => {
    let server: RunsServer
    let home = ''
    before(async () => {
      server = await runs.startServer()
      home = mkdtempSync(join(tmpdir(), 'lugsail-key-files-'))
      assert.equal(
        (await run('create-bucket', '--bucket-name', 'photos', '--bundle-id', 'small_1_0')).status,
        0,
      )
    })
    after(async () => {
      await server.stop()
      rmSync(home, { recursive: true })
    })
    let count = 0
    beforeEach(() => {
      rmSync(home, { recursive: true })
      home = mkdtempSync(join(tmpdir(), 'lugsail-key-files-'))
    })

    const environment = (env: Readonly<Record<string, string>>) => ({
      HOME: home,
      AWS_EC2_METADATA_DISABLED: 'true',
      ...(Object.keys(env).length === 0 && {
        AWS_ACCESS_KEY_ID: server.credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: server.credentials.secretAccessKey,
        AWS_REGION: 'us-east-1',
        AWS_ENDPOINT_URL: server.endpoint,
      }),
      ...env,
    })
    /** Runs the command line, without a key in the environment where `env` has a profile. */
    function runWith(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Run> {
      return runs.lugsail(args, { cwd: home, env: environment(env) })
    }
    function run(...args: readonly string[]): Promise<Run> {
      return runWith({}, ...args)
    }
    const create = (...options: readonly string[]) =>
      run('key', 'create', `app-${++count}`, '--rights', 'read', 'list', ...options)
    const read = (path: string) => readFileSync(join(home, path), 'utf8')
    const modeOf = (path: string) => (statSync(join(home, path)).mode & 0o777).toString(8)
    const keys = async () => {
      const { stdout, stderr } = await run('key', 'list', '--query', 'accessKeys[].name', '--output', 'text')
      assert.equal(stderr, '')
      return stdout.trim()
    }

    it('is in a profile that needs nothing else, and its secret is in no output', async () => {
      const made = await create('--write-profile', 'reports')
      assert.equal(made.status, 0, made.stderr)
      const secret = /aws_secret_access_key = (\S{40})/.exec(read('.aws/credentials'))?.[1] ?? ''
      assert.equal(secret.length, 40)
      assert.ok(!`${made.stdout}${made.stderr}`.includes(secret))
      const { accessKey } = JSON.parse(made.stdout) as { accessKey: Record<string, unknown> }
      assert.deepEqual([accessKey['secretAccessKey'], accessKey['name']], [undefined, `app-${count}`])
      assert.match(
        made.stderr,
        /^The key AKIA\S+ is in \S+\.aws\/credentials\.\nThe key \S+ is in \S+\.aws\/config\.\n$/,
      )
      assert.deepEqual([modeOf('.aws/credentials'), modeOf('.aws/config')], ['600', '600'])
      const listed = await runWith({ AWS_PROFILE: 'reports' }, 'ls')
      assert.deepEqual([listed.status, listed.stderr], [0, ''])
      assert.match(listed.stdout, /photos/)
    })

    it('of a bucket is written as one of an application, and a rotated one as a new one', async () => {
      const made = await run(
        'create-bucket-access-key',
        '--bucket-name',
        'photos',
        '--write-json',
        'key.json',
      )
      assert.equal(made.status, 0, made.stderr)
      const key = JSON.parse(read('key.json')) as Record<string, string>
      assert.deepEqual(
        [key['name'], key['endpointUrl'], key['region'], modeOf('key.json')],
        ['photos', server.endpoint, 'us-east-1', '600'],
      )
      assert.ok(!made.stdout.includes(key['secretAccessKey'] ?? '?'))
      await create()
      const rotated = await run('key', 'rotate', `app-${count}`, '--write-env', 'app.env', '--output', 'off')
      assert.deepEqual([rotated.status, rotated.stdout], [0, ''], rotated.stderr)
      assert.match(read('app.env'), /^AWS_SECRET_ACCESS_KEY=\S{40}$/m)
    })

    it('is written as it was brought along from another store', async () => {
      writeFileSync(join(home, 'secret'), 'Zq8-of-another-store.77\n', { mode: 0o600 })
      const bring = (name: string, ...options: readonly string[]) => {
        const pair = ['--access-key-id', `minio.${name}`, '--secret-access-key', 'file://secret']
        return run('key', 'import', name, ...pair, '--rights', 'list', ...options)
      }
      const made = await bring('moved', '--write-profile', 'moved', '--write-json', 'key.json')
      assert.equal(made.status, 0, made.stderr)
      assert.match(made.stderr, /^The key minio\.moved is in /)
      assert.ok(!`${made.stdout}${made.stderr}`.includes('Zq8'))
      assert.match(read('.aws/credentials'), /^aws_secret_access_key = Zq8-of-another-store\.77$/m)
      const key = JSON.parse(read('key.json')) as Record<string, string>
      assert.deepEqual(
        [key['name'], key['accessKeyId'], key['secretAccessKey']],
        ['moved', 'minio.moved', 'Zq8-of-another-store.77'],
      )
      assert.equal((await runWith({ AWS_PROFILE: 'moved' }, 'ls')).status, 0)
      const refused = await bring('never', '--write-json', 'missing/secret/../../secret/x')
      assert.match(refused.stderr, /--write-json: \S+ cannot be written: ENOTDIR/)
      assert.ok(!(await keys()).includes('never'))
      assert.deepEqual((await bring('unshown', '--output', 'off')).status, 0)
    })

    it('is in a file that shells read', async () => {
      writeFileSync(
        join(home, 'app.env'),
        "# mine\nOTHER='a b'\nexport AWS_REGION=old\nAWS_SESSION_TOKEN=x\nAWS_ENDPOINT_URL_S3=http://127.0.0.1:1\nAWS_REGION=older\n",
        {
          mode: 0o644,
        },
      )
      assert.equal((await create('--write-env', 'app.env')).status, 0)
      const sourced = spawnSync('/bin/sh', ['-c', 'set -a; . ./app.env; env'], {
        cwd: home,
        encoding: 'utf8',
        env: {},
      })
      const variables = Object.fromEntries(
        sourced.stdout.split('\n').map((line) => line.split(/=(.*)/, 2) as [string, string]),
      )
      assert.deepEqual(
        [
          variables['OTHER'],
          variables['AWS_REGION'],
          variables['AWS_DEFAULT_REGION'],
          variables['AWS_SESSION_TOKEN'],
          variables['AWS_ENDPOINT_URL'],
        ],
        ['a b', 'us-east-1', 'us-east-1', undefined, server.endpoint],
      )
      assert.match(read('app.env'), /^# mine\nOTHER='a b'\nexport AWS_REGION=us-east-1\n/)
      assert.deepEqual([modeOf('app.env'), modeOf('app.env.before-write')], ['600', '600'])
      assert.match(read('app.env.before-write'), /AWS_SESSION_TOKEN=x/)
      const listed = await runWith({ ...variables, HOME: home }, 'ls')
      assert.equal(listed.status, 0, listed.stderr)
    })

    it('is in the files of rclone, s3cmd and Kubernetes', async () => {
      mkdirSync(join(home, '.config/rclone'), { recursive: true })
      writeFileSync(
        join(home, '.config/rclone/rclone.conf'),
        '[other]\ntype = local\n\n[store]\ntype = s3\nprovider = AWS\n',
      )
      const made = await create(
        '--write-rclone',
        'store',
        '--write-s3cfg',
        's3cfg',
        '--write-k8s-secret',
        'secret.yaml',
      )
      assert.equal(made.status, 0, made.stderr)
      const rclone = read('.config/rclone/rclone.conf')
      assert.match(rclone, /^\[other\]\ntype = local\n\n\[store\]\ntype = s3\nprovider = Other\n/)
      assert.match(rclone, new RegExp(`^endpoint = ${server.endpoint}$`, 'm'))
      assert.match(read('.config/rclone/rclone.conf.before-write'), /provider = AWS/)
      const secret = /^secret_access_key = (\S{40})$/m.exec(rclone)?.[1] ?? ''
      const s3cfg = read('s3cfg')
      const { host } = new URL(server.endpoint)
      assert.match(s3cfg, /^\[default\]\naccess_key = AKIA\S{16}\n/)
      for (const line of [
        `secret_key = ${secret}`,
        `host_base = ${host}`,
        `host_bucket = ${host}`,
        'use_https = False',
      ])
        assert.ok(s3cfg.split('\n').includes(line), line)
      assert.deepEqual(parse(read('secret.yaml')), {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: `lugsail-app-${count}` },
        type: 'Opaque',
        stringData: {
          AWS_ACCESS_KEY_ID: /^access_key_id = (\S+)$/m.exec(rclone)?.[1],
          AWS_SECRET_ACCESS_KEY: secret,
          AWS_ENDPOINT_URL: server.endpoint,
          AWS_REGION: 'us-east-1',
          AWS_DEFAULT_REGION: 'us-east-1',
        },
      })
      assert.deepEqual(['.config/rclone/rclone.conf', 's3cfg', 'secret.yaml'].map(modeOf), [
        '600',
        '600',
        '600',
      ])
    })

    it(
      'is there with all others that were written into the same files at the same moment',
      { skip: runs.withoutProcess },
      async () => {
        const names = Array.from({ length: 6 }, (_, at) => `at-once-${at}`)
        const made = await Promise.all(
          names.map((name) =>
            run('key', 'create', name, '--rights', 'list', '--write-profile', name, '--write-rclone', name),
          ),
        )
        assert.deepEqual(
          made.map(({ status }) => status),
          Array(names.length).fill(0),
        )
        const written = (path: string) =>
          [...read(path).matchAll(/^\[(?:profile )?(.*)\]$/gm)].map(([, name]) => name)
        for (const path of ['.aws/credentials', '.aws/config', '.config/rclone/rclone.conf'])
          assert.deepEqual(written(path).sort(), names, path)
        assert.deepEqual(
          readdirSync(join(home, '.aws')).filter((name) => name.includes('lock')),
          [],
        )
        for (const name of names) assert.equal((await runWith({ AWS_PROFILE: name }, 'ls')).status, 0)
      },
    )

    it('is not made where a file cannot be written, and the others stay as they were', async () => {
      const known = await keys()
      mkdirSync(join(home, 'folder'))
      writeFileSync(join(home, 'rclone.conf'), '# Encrypted\n\nRCLONE_ENCRYPT_V0:\nabc\n')
      writeFileSync(join(home, 'file'), 'mine')
      writeFileSync(join(home, 'latin-1'), Buffer.from([0xe9, 0x0a]))
      symlinkSync('file', join(home, 'link'))
      for (const [options, message] of [
        [['--write-env', 'folder'], /^\n--write-env: \S+folder cannot be written: it is no file\n$/],
        [['--write-json', 'file/x.json'], /--write-json: \S+ cannot be written: ENOTDIR/],
        [
          ['--write-json', 'a.json', '--write-env', 'a.json'],
          /a.json is to be written by another option as well/,
        ],
        [
          ['--write-json', 'file', '--write-env', 'link'],
          /(?:file|link) is to be written by another option as well/,
        ],
        [['--write-env', 'latin-1'], /--write-env: \S+latin-1 cannot be written: \S+ is no text in UTF-8/],
        [['--write-profile', 'a b'], /--write-profile: expected a name/],
        [['--write-env', ''], /--write-env: expected a path, got ""/],
      ] as const) {
        const refused = await create(...options)
        assert.notEqual(refused.status, 0)
        assert.match(refused.stderr, message)
      }
      const encrypted = await runWith(
        {
          RCLONE_CONFIG: join(home, 'rclone.conf'),
          AWS_ACCESS_KEY_ID: server.credentials.accessKeyId,
          AWS_SECRET_ACCESS_KEY: server.credentials.secretAccessKey,
          AWS_REGION: 'us-east-1',
          AWS_ENDPOINT_URL: server.endpoint,
        },
        'key',
        'create',
        'never',
        '--rights',
        'read',
        '--write-env',
        'app.env',
        '--write-rclone',
        'store',
      )
      assert.match(encrypted.stderr, /--write-rclone: \S+ cannot be written: it is encrypted/)
      assert.equal(await keys(), known)
      assert.deepEqual(readdirSync(home).sort(), ['file', 'folder', 'latin-1', 'link', 'rclone.conf'])
      assert.match((await run('get-buckets', '--write-env', 'x')).stderr, /Unknown options: --write-env/)
    })

    it('is had by programs that credential_process serves', { skip: runs.withoutProcess }, async () => {
      assert.equal((await create('--write-json', 'key.json')).status, 0)
      mkdirSync(join(home, '.aws'))
      writeFileSync(
        join(home, '.aws/config'),
        `[profile temporary]\nregion = us-east-1\nendpoint_url = ${server.endpoint}\ncredential_process = ${resolve('bin/lugsail')} credentials --key-file ${home}/key.json\n`,
      )
      const listed = await runWith({ AWS_PROFILE: 'temporary' }, 'ls')
      assert.deepEqual([listed.status, listed.stderr], [0, ''])
    })

    it('gives temporary credentials as credential_process takes them', async () => {
      assert.equal((await create('--write-json', 'key.json')).status, 0)
      const ask = (...options: readonly string[]) =>
        runWith({ X: '' }, 'credentials', '--key-file', 'key.json', ...options)
      const given = JSON.parse((await ask('--for', '15m')).stdout) as Record<string, string>
      assert.deepEqual([given['Version'], given['AccessKeyId']?.slice(0, 4)], [1, 'ASIA'])
      assert.ok(Math.abs(Date.parse(given['Expiration'] ?? '') - Date.now() - 900_000) < 60_000)
      assert.equal((await run('role', 'create', 'inspect', '--rights', 'list')).status, 0)
      const role = JSON.parse((await ask('--role', 'inspect')).stdout) as Record<string, string>
      assert.equal(role['AccessKeyId']?.slice(0, 4), 'ASIA')
      const short = ['role', 'create', 'short', '--rights', 'list', '--session-seconds-max', '900']
      assert.equal((await run(...short)).status, 0)
      const soonOver = JSON.parse((await ask('--role', 'short')).stdout) as Record<string, string>
      assert.ok(Math.abs(Date.parse(soonOver['Expiration'] ?? '') - Date.now() - 900_000) < 60_000)
      assert.match((await ask('--role', 'short', '--for', '16m')).stderr, /AssumeRole was refused/)
      assert.match(
        (await ask('--role', 'none')).stderr,
        /AssumeRole was refused: User: arn:aws:iam::\d+:user\/keys\/app-\d+ is not authorized/,
      )
      assert.match((await ask('--session-name', 'x')).stderr, /--session-name is for a role/)
      assert.match((await ask('--for', 'soon')).stderr, /expected a time as/)
      chmodSync(join(home, 'key.json'), 0o640)
      assert.match((await ask()).stderr, /may be read by others: chmod 600/)
      chmodSync(join(home, 'key.json'), 0o600)
      writeFileSync(join(home, 'key.json'), '"secret"')
      assert.match((await ask()).stderr, /is no key file: it has no accessKeyId/)
      assert.ok(!(await ask()).stderr.includes('secret"'))
      assert.ok(existsSync(join(home, 'key.json')))
    })

    it('of a role is told by the words of roles', async () => {
      const made = await run('role', 'create', 'words', '--rights', 'read', '--expires-in', '30d')
      assert.equal(made.status, 0, made.stderr)
      assert.match(made.stdout, /"roleArn": "arn:aws:iam::\d+:role\/words"/)
      const shown = async (...args: readonly string[]) =>
        (await run('role', ...args, '--output', 'text', '--query', 'roles[].[name,status]')).stdout
      assert.equal((await run('role', 'off', 'words')).status, 0)
      assert.match(await shown('show', 'words'), /^words\tInactive\n$/)
      assert.equal((await run('role', 'on', 'words')).status, 0)
      assert.match((await run('role', 'revoke', 'words')).stdout, /"sessionsSince"/)
      const trusts =
        'issuer=https://token.actions.githubusercontent.com,audiences=lugsail,subjects=repo:acme/site:ref:refs/heads/main'
      const updated = await run('role', 'update', 'words', '--trusts', trusts)
      assert.equal(updated.status, 0, updated.stderr)
      assert.match(
        (
          await run(
            'role',
            'update',
            'words',
            '--trusts',
            trusts.replace('repo:acme/site:ref:refs/heads/main', 'repo:*'),
          )
        ).stderr,
        /must name the owner/,
      )
      assert.equal((await run('role', 'delete', 'words')).status, 0)
      assert.equal((await run('role')).stdout, (await run('role', 'help')).stdout)
      assert.match((await run('role', 'rename', 'a')).stderr, /role: expected create, list, show/)
    })
  })
}
