/** Accounts and resources over the network, and their root keys: typed as people type it, against a real server. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { lugsailOperations } from '../../src/model/lugsail/index.ts'
import { LUGSAIL_OPERATION_NAMES } from '../../src/model/lugsail/names.ts'
import { toKebabCase, type Operation } from '../../src/model/operation.ts'
import { LIGHTSAIL_RULES } from '../../src/auth/service-rules.ts'
import { signRequest } from '../../src/auth/sign-request.ts'
import { startServer, type RunningServer } from '../harness/server.ts'

const EXECUTABLE = resolve(import.meta.dirname, '../../bin/lugsail')

interface Key {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}
interface Made {
  readonly account: { readonly accountId: string; readonly retiringKey?: { readonly accessKeyId: string } }
  readonly rootKey: Key
}

describe('accounts and resources', () => {
  const home = mkdtempSync(join(tmpdir(), 'lugsail-accounts-'))
  let server: RunningServer
  before(async () => {
    server = await startServer({ isBuilt: true })
  })
  after(async () => {
    await server.stop()
    rmSync(home, { recursive: true })
  })

  const run = (key: Key | null, ...args: readonly string[]) =>
    spawnSync(EXECUTABLE, args, {
      encoding: 'utf8',
      cwd: home,
      env: {
        PATH: process.env['PATH'],
        HOME: home,
        AWS_EC2_METADATA_DISABLED: 'true',
        ...(key && {
          AWS_ACCESS_KEY_ID: key.accessKeyId,
          AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
          AWS_REGION: 'us-east-1',
          AWS_ENDPOINT_URL: server.endpoint,
        }),
      },
    })
  const first = (...args: readonly string[]) => run(server.credentials, ...args)
  /** On the server's own disk. */
  const local = (...args: readonly string[]) => run(null, ...args, '--data', server.dataFolder)
  const made = (...args: readonly string[]): Made => {
    const { status, stdout, stderr } = first(...args)
    assert.equal(status, 0, stderr)
    return JSON.parse(stdout) as Made
  }
  const isTaken = (key: Key): boolean => {
    const { status, stderr } = run(key, 'get-buckets')
    if (status !== 0) assert.match(stderr, /UnrecognizedClientException/)
    return status === 0
  }
  const audited = (): Record<string, unknown>[] =>
    readFileSync(join(server.dataFolder, 'audit.log'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)

  it('are looked after with the first account’s key, and with no other', async () => {
    const { account, rootKey } = made('create-account', '--account-name', 'team-a')
    assert.match(first('get-accounts', '--output', 'text').stdout, new RegExp(`${account.accountId}\tteam-a`))
    assert.ok(isTaken(rootKey))
    assert.doesNotMatch(first('get-accounts').stdout, /secretAccessKey/)
    const resource = first('create-resource', '--resource-name', 'web-1', '--account-name', 'team-a')
    assert.match(resource.stdout, /"secretAccessKey": "\S{40}"/)
    assert.match(first('get-resources', '--account-name', 'team-a').stdout, /"resourceName": "web-1"/)
    assert.match(first('get-resources').stdout, /"resources": \[\]/)
    for (const name of LUGSAIL_OPERATION_NAMES) {
      if ((lugsailOperations[name] as Operation).isOpenToAccounts === true) continue
      const options = Object.entries(lugsailOperations[name].input.members).flatMap(
        ([member, { isRequired }]) =>
          isRequired
            ? [`--${toKebabCase(member)}`, member === 'accessKeyId' ? 'A'.repeat(20) : 'team-a']
            : [],
      )
      const { status, stderr } = run(rootKey, toKebabCase(name), ...options)
      assert.equal(status, 255)
      assert.match(stderr, /AccessDeniedException.*The account team-a may not look after/s, name)
    }
    const lines = audited().filter(({ source }) => source === 'lugsail')
    assert.ok(lines.some((line) => line['operation'] === 'CreateAccount' && line['outcome'] === 'succeeded'))
    assert.ok(lines.some((line) => line['errorCode'] === 'AccessDeniedException'))
    assert.doesNotMatch(JSON.stringify(lines), new RegExp(rootKey.secretAccessKey.replace(/[+/]/g, '.')))
    assert.equal(first('delete-resource', '--resource-name', 'web-1', '--account-name', 'team-a').status, 0)
    assert.equal(first('delete-account', '--account-name', account.accountId).status, 0)
    assert.ok(!isTaken(rootKey))
  })

  it('have both root keys for the time of a rotation', () => {
    const { rootKey: old } = made('create-account', '--account-name', 'rotating')
    const { rootKey: next, account } = made('rotate-account-key', '--account-name', 'rotating')
    assert.equal(account.retiringKey?.accessKeyId, old.accessKeyId)
    assert.deepEqual([isTaken(old), isTaken(next)], [true, true])
    assert.match(
      local('account', 'list').stdout,
      new RegExp(`rotating .*${next.accessKeyId} .*${old.accessKeyId} until 20`),
    )
    // Taken back: the old one is the account's again.
    const back = first(
      'retire-account-key',
      '--account-name',
      'rotating',
      '--access-key-id',
      next.accessKeyId,
    )
    assert.equal(back.status, 0, back.stderr)
    assert.deepEqual([isTaken(old), isTaken(next)], [true, false])
    const only = first('retire-account-key', '--account-name', 'rotating', '--access-key-id', old.accessKeyId)
    assert.match(only.stderr, /has one root key pair, which must stay/)
    const { rootKey: last } = made(
      'rotate-account-key',
      '--account-name',
      'rotating',
      '--retire-in-seconds',
      '0',
    )
    assert.deepEqual([isTaken(old), isTaken(last)], [false, true])
    const over = made('rotate-account-key', '--account-name', 'rotating', '--retire-in-seconds', '1').rootKey
    while (isTaken(last));
    assert.ok(isTaken(over))
    assert.doesNotMatch(local('account', 'list').stdout, /until 20/)
  })

  it('are rotated, saved and deleted on the server’s disk, with what names their keys', () => {
    const credentials = (): string => readFileSync(join(server.dataFolder, 'credentials'), 'utf8')
    assert.equal(local('account', 'create', 'bob', '--save').status, 0)
    assert.equal(local('use', '--account', 'bob', '--profile', 'bob').status, 0)
    const old = /\[bob\]\naws_access_key_id = (\S+)/.exec(credentials())?.[1] ?? ''
    assert.equal(local('account', 'rotate', 'bob', '--retire-in', '2h').status, 0)
    assert.ok(!credentials().includes(old), 'the file has the new key')
    assert.match(
      local('account', 'list', '--output', 'json').stdout,
      new RegExp(`"retiringKey": \\{\\s+"accessKeyId": "${old}"`),
    )
    assert.equal(local('account', 'retire-key', 'bob').status, 0)
    assert.doesNotMatch(local('account', 'list').stdout, /RETIRING/)
    assert.match(
      local('account', 'rotate', 'bob', '--retire-in', '2weeks').stderr,
      /expected 0 or a time of up to 90d/,
    )
    assert.match(
      local('account', 'create', 'eve', '--save', '--save=perhaps').stderr,
      /expected yes or no, got "perhaps"/,
    )
    const deleted = local('account', 'delete', 'bob')
    assert.equal(deleted.status, 0, deleted.stderr)
    assert.doesNotMatch(credentials(), /\[bob\]/)
    assert.match(credentials(), /^\[default\]$/m)
  })

  const python = spawnSync('python3', ['-c', 'import pty, os; os.waitstatus_to_exitcode']).status === 0
  it('are deleted on a terminal after a question, but for --yes', { skip: !python }, () => {
    const onTerminal = (answer: string, ...args: readonly string[]) =>
      spawnSync(
        'python3',
        [
          '-c',
          'import os, pty, sys\nsys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))',
          EXECUTABLE,
          ...args,
          '--data',
          server.dataFolder,
        ],
        { encoding: 'utf8', cwd: home, input: answer, env: { PATH: process.env['PATH'], HOME: home } },
      )
    const isThere = (): boolean => local('account', 'list').stdout.includes(' asked ')
    local('account', 'create', 'asked')
    const refused = onTerminal('n\n', 'account', 'delete', 'asked')
    assert.equal(refused.status, 1, refused.stdout)
    assert.match(refused.stdout, /Delete the account asked \(\d{12}\) with its keys and resources\? \[y\/N\]/)
    assert.ok(isThere())
    assert.equal(onTerminal('y\n', 'account', 'delete', 'asked').status, 0)
    assert.ok(!isThere())
    local('account', 'create', 'asked')
    assert.equal(onTerminal('', 'account', 'delete', 'asked', '--yes').status, 0)
    assert.ok(!isThere())
    const deletions = audited().filter(
      ({ operation, details }) => operation === 'account delete' && JSON.stringify(details).includes('asked'),
    )
    assert.equal(deletions.length, 2)
  })

  it('are not reached by a request that is signed for another service, nor at Amazon', async () => {
    const body = '{}'
    const { host } = new URL(server.endpoint)
    const { headers } = signRequest({
      method: 'POST',
      url: '/',
      headers: {
        host,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'Lugsail_20261201.GetAccounts',
      },
      payloadHash: createHash('sha256').update(body).digest('hex'),
      credentials: server.credentials,
      rules: LIGHTSAIL_RULES,
      region: 'us-east-1',
      nowMs: Date.now(),
    })
    const answer = await fetch(server.endpoint, { method: 'POST', headers, body })
    assert.match(await answer.text(), /InvalidSignatureException.*correct service: 'lugsail'/)
    const { stderr } = run(null, 'get-accounts', '--region', 'us-east-1')
    assert.match(stderr, /Amazon has no such operation: name the endpoint of a Lugsail server/)
  })

  it('are told of in help, with skeletons, as all operations', () => {
    for (const name of LUGSAIL_OPERATION_NAMES) {
      const command = toKebabCase(name)
      const help = run(null, command, 'help')
      assert.equal(help.status, 0, help.stderr)
      assert.match(help.stdout, new RegExp(`NAME\\n +${command} - `))
      const skeleton = first(command, '--generate-cli-skeleton')
      assert.deepEqual(
        Object.keys(JSON.parse(skeleton.stdout) as object),
        Object.keys(lugsailOperations[name].input.members),
      )
    }
  })
})
