import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, describe, it } from 'node:test'
import { GetObjectCommand, ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { SignedClient } from '../harness/signed-client.ts'
import { runServerCommand, serverCommand, serverEnvironment } from '../harness/server-command.ts'
import { until } from '../harness/until.ts'

const folder = mkdtempSync(join(tmpdir(), 'lugsail-ephemeral-'))
after(() => rmSync(folder, { recursive: true, force: true }))

interface Introduction {
  readonly endpoint: string
  readonly region: string
  readonly accountId: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  readonly pid: number
}

interface Started extends Introduction {
  readonly child: ChildProcess
  /** Resolves with all that was written on standard output and the exit code. */
  readonly ended: Promise<{ readonly output: string; readonly code: number | null }>
  readonly s3: S3Client
  /** Calls `/-/test/`; gives the status and the document. */
  readonly test: (
    method: string,
    path: string,
    input?: object,
    headers?: Record<string, string>,
  ) => Promise<readonly [status: number, document: Readonly<Record<string, unknown>>]>
}

const [PROGRAM, ...BEFORE] = serverCommand()

async function start(
  t: { after: (end: () => unknown) => void },
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<Started> {
  const child = spawn(PROGRAM, [...BEFORE, 'serve', '--ephemeral', ...args], {
    env: { ...serverEnvironment(), ...environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let output = ''
  const ended = new Promise<{ output: string; code: number | null }>((settle) =>
    child.once('close', (code) => settle({ output, code })),
  )
  t.after(() => child.kill('SIGKILL'))
  const line = await new Promise<string>((settle, reject) => {
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      output += piece
      if (output.includes('\n')) settle(output)
    })
    child.once('close', () => reject(new Error('the server ended')))
  })
  const said = JSON.parse(line) as Introduction
  const s3 = new S3Client({ ...said, forcePathStyle: true, maxAttempts: 1 })
  t.after(() => s3.destroy())
  const test: Started['test'] = async (method, path, input, headers = {}) => {
    const body = input === undefined ? {} : { body: JSON.stringify(input) }
    const response = await fetch(`${said.endpoint}/-/test/${path}`, { method, headers, ...body })
    return [response.status, (await response.json()) as Readonly<Record<string, unknown>>]
  }
  return { ...said, child, ended, s3, test }
}

const bucketsOf = async (s3: S3Client): Promise<(string | undefined)[]> =>
  ((await s3.send(new ListBucketsCommand({}))).Buckets ?? []).map(({ Name }) => Name)

const isThere = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('lugsail serve --ephemeral', () => {
  it('says in one line where it is and how to sign, and ends with SIGTERM', async (t) => {
    const server = await start(t)
    assert.deepEqual(await bucketsOf(server.s3), [])
    assert.equal(server.accountId, '111122223333')
    server.child.kill('SIGTERM')
    const { output, code } = await server.ended
    assert.equal(code, 0)
    assert.equal(output.split('\n').length, 2)
  })

  it('has the key pair, account, region, time and content that it is told', async (t) => {
    const seed = join(folder, 'seed.json')
    writeFileSync(seed, '{ "buckets": { "photos": { "objects": { "a.txt": "hello" } } } } // a comment')
    const server = await start(
      t,
      [
        '--seed',
        seed,
        '--account-id=123456789012',
        '--region',
        'eu-west-1',
        '--clock',
        '2030-01-31',
        '--clock-stopped',
      ],
      { LUGSAIL_ROOT_ACCESS_KEY_ID: 'testing', LUGSAIL_ROOT_SECRET_ACCESS_KEY: 'testing' },
    )
    assert.deepEqual(server.credentials, { accessKeyId: 'testing', secretAccessKey: 'testing' })
    assert.deepEqual([server.accountId, server.region], ['123456789012', 'eu-west-1'])
    const object = await server.s3.send(new GetObjectCommand({ Bucket: 'photos', Key: 'a.txt' }))
    assert.equal(await object.Body?.transformToString(), 'hello')
    assert.equal(object.LastModified?.toISOString(), '2030-01-31T00:00:00.000Z')
  })

  it('writes nothing to its folder', async (t) => {
    const cwd = mkdtempSync(join(folder, 'cwd-'))
    const child = spawn(resolve('bin/lugsail'), ['serve', '--ephemeral'], {
      cwd,
      env: serverEnvironment(),
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    t.after(() => child.kill('SIGKILL'))
    await new Promise((settle) => child.stdout.once('data', settle))
    assert.deepEqual(readdirSync(cwd), [])
    child.stdin.end()
    await new Promise((settle) => child.once('close', settle))
    assert.deepEqual(readdirSync(cwd), [])
  })

  it('ends when its standard input does', async (t) => {
    const server = await start(t)
    server.child.stdin?.end()
    assert.equal((await server.ended).code, 0)
  })

  it('ends when its parent was killed, unless it is told to stay', async (t) => {
    for (const [option, stays] of [
      ['yes', false],
      ['no', true],
    ] as const) {
      const command = [PROGRAM, ...BEFORE, 'serve', '--ephemeral', `--ends-with-parent=${option}`]
      // A shell that waits for its child, which has nothing but it to tell by.
      const shell = spawn('sh', ['-c', '"$@" </dev/null; :', 'sh', ...command], {
        env: serverEnvironment(),
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const line = await new Promise<string>((settle) =>
        shell.stdout.once('data', (piece) => settle(String(piece))),
      )
      const { pid, endpoint } = JSON.parse(line) as Introduction
      t.after(() => isThere(pid) && process.kill(pid, 'SIGKILL'))
      shell.kill('SIGKILL')
      if (stays) {
        await new Promise((settle) => setTimeout(settle, 1_000))
        assert.equal((await fetch(`${endpoint}/-/health`)).status, 200)
      } else await until(() => !isThere(pid))
    }
  })

  it('refuses settings that do not go together, by name', () => {
    const said = (...args: readonly string[]): string => {
      const { stderr, status } = runServerCommand('serve', ...args)
      assert.equal(status, 2)
      return stderr
    }
    assert.match(said('--ephemeral', '--data', folder), /data .* does not go with ephemeral/)
    assert.match(said('--seed', folder), /seed .* is for servers in memory alone/)
    assert.match(
      said('--ephemeral', '--root-access-key-id', 'abc'),
      /rootAccessKeyId needs rootSecretAccessKey/,
    )
    assert.match(said('--ephemeral', '--clock', '2030-02-31T99:00:00Z'), /there is no such date/)
    assert.match(said('--ephemeral', '--seed', join(folder, 'none')), /seed: .*none cannot be read/)
  })
})

describe('/-/test/', () => {
  it('puts the server back, to its start and to snapshots', async (t) => {
    const { s3, test } = await start(t)
    assert.deepEqual(await test('POST', 'seed', { buckets: { photos: {} } }), [200, {}])
    assert.deepEqual(await test('POST', 'snapshot'), [200, { snapshot: '1' }])
    await test('POST', 'seed', { buckets: { letters: {} } })
    assert.deepEqual(await bucketsOf(s3), ['letters', 'photos'])
    await test('POST', 'restore', { snapshot: '1' })
    assert.deepEqual(await bucketsOf(s3), ['photos'])
    await test('POST', 'reset')
    assert.deepEqual(await bucketsOf(s3), [])
    await test('DELETE', 'snapshot')
    const [status, { message }] = await test('POST', 'restore', { snapshot: '1' })
    assert.equal(status, 400)
    assert.match(String(message), /expected the name of a snapshot/)
  })

  it('moves the clock, makes faults and tells the requests', async (t) => {
    const { s3, test } = await start(t, ['--clock=2030-01-31', '--clock-stopped'])
    assert.deepEqual(await test('GET', 'clock'), [200, { now: '2030-01-31T00:00:00.000Z' }])
    assert.deepEqual(await test('POST', 'clock', { advance: '36h' }), [
      200,
      { now: '2030-02-01T12:00:00.000Z' },
    ])
    await test('POST', 'seed', { buckets: { photos: {} } })
    await test('POST', 'faults', { operation: 'PutObject', code: 'SlowDown', times: 2 })
    const put = () => s3.send(new PutObjectCommand({ Bucket: 'photos', Key: 'a', Body: 'b' }))
    await assert.rejects(put(), { name: 'SlowDown' })
    assert.deepEqual(await test('GET', 'faults'), [200, { requestsLeft: 1 }])
    await test('DELETE', 'faults')
    await put()
    const [, { requests }] = await test('GET', 'requests')
    assert.deepEqual(
      (requests as { operation: string; status: number }[]).map(({ operation, status }) => [
        operation,
        status,
      ]),
      [
        ['PutObject', 503],
        ['PutObject', 200],
      ],
    )
    await test('DELETE', 'requests')
    assert.deepEqual(await test('GET', 'requests'), [200, { requests: [] }])
  })

  it('says what is wrong with what it is asked', async (t) => {
    const { test, endpoint } = await start(t)
    const refused = async (...call: Parameters<Started['test']>): Promise<string> => {
      const [status, { message }] = await test(...call)
      return `${status} ${String(message)}`
    }
    assert.match(await refused('POST', 'nothing'), /^404 there is no \/-\/test\/nothing; there are .*reset/)
    assert.match(await refused('GET', 'reset'), /^405 .*takes POST/)
    assert.match(await refused('POST', 'clock', {}), /^400 expected advance/)
    assert.match(await refused('POST', 'clock', { advance: 'soon' }), /^400 advance: expected milliseconds/)
    assert.match(
      await refused('POST', 'faults', { operation: 'Put', code: 'SlowDown' }),
      /^400 operation: there is no "Put"/,
    )
    assert.match(await refused('POST', 'seed', { bucket: {} }), /^400 a seed has no "bucket"/)
    assert.match(await refused('POST', 'seed', { buckets: { x: {} } }), /^400 bucket "x": /)
    const response = await fetch(`${endpoint}/-/test/seed`, { method: 'POST', body: '{' })
    assert.match(await response.text(), /the body is no JSON/)
  })

  it('is not for pages in a browser', async (t) => {
    const { test, endpoint, region, credentials } = await start(t)
    const refusal = [403, { message: '/-/test/ is not for pages in a browser' }]
    assert.deepEqual(await test('POST', 'reset', {}, { origin: 'https://example.com' }), refusal)
    const response = await new SignedClient({ endpoint, region }, credentials).s3({
      method: 'GET',
      path: '/-/test/requests',
      headers: { 'sec-fetch-site': 'same-origin' },
    })
    assert.equal(response.status, 403)
  })

  it('is not there on a server that keeps its data, and not where it is switched off', async (t) => {
    const { startServer } = await import('../harness/server.ts')
    const lasting = await startServer({ engines: 'memory' })
    t.after(() => lasting.stop())
    assert.equal((await fetch(`${lasting.endpoint}/-/test/requests`)).status, 404)
    assert.equal((await fetch(`${lasting.endpoint}/-/test/reset`, { method: 'POST' })).status, 405)
    const { endpoint } = await start(t, ['--test-paths', 'off'])
    assert.equal((await fetch(`${endpoint}/-/test/requests`)).status, 404)
  })
})
