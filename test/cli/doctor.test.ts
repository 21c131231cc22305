import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { CreateBucketAccessKeyCommand, CreateBucketCommand } from '@aws-sdk/client-lightsail'
import { lightsailClient } from '../harness/clients.ts'
import { startServer, type RunningServer } from '../harness/server.ts'
import { EXECUTABLE } from '../harness/executable.ts'

interface Found {
  readonly check: string
  readonly ok: boolean
  readonly found: string
  readonly advice?: string
}

describe('lugsail doctor', () => {
  const home = mkdtempSync(join(tmpdir(), 'lugsail-doctor-'))
  let server: RunningServer
  before(async () => {
    server = await startServer({ isBuilt: true, options: { domain: 'localhost' } })
  })
  after(async () => {
    await server.stop()
    rmSync(home, { recursive: true })
  })

  const doctor = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    new Promise<{ code: number | null; stdout: string }>((done) => {
      const child = spawn(EXECUTABLE, ['doctor', ...args], {
        cwd: home,
        env: {
          PATH: process.env['PATH'] ?? '',
          HOME: home,
          AWS_EC2_METADATA_DISABLED: 'true',
          AWS_ACCESS_KEY_ID: server.credentials.accessKeyId,
          AWS_SECRET_ACCESS_KEY: server.credentials.secretAccessKey,
          AWS_REGION: 'us-east-1',
          AWS_ENDPOINT_URL: server.endpoint,
          ...env,
        },
      })
      let stdout = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
      child.once('close', (code) => done({ code, stdout }))
    })
  /** What is not as it should be, by its check. */
  const wrongs = async (
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Promise<Record<string, string>> => {
    const { code, stdout } = await doctor([...args, '--json'], env)
    const wrong = (JSON.parse(stdout) as Found[]).filter(({ ok }) => !ok)
    assert.equal(code, wrong.length === 0 ? 0 : 1)
    return Object.fromEntries(wrong.map(({ check, found, advice = '' }) => [check, `${found}: ${advice}`]))
  }

  it('says of each thing in one line that it is well, and exits with 0', async () => {
    const { code, stdout } = await doctor(['--data', server.dataFolder])
    assert.equal(code, 0, stdout)
    assert.deepEqual(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(/ +/, 2).join(' ')),
      ['endpoint', 'tls', 'clock', 'addressing', 'region', 'key', 'disk'].map((check) => `OK ${check}`),
    )
    assert.match(stdout, new RegExp(`GiB free; ${server.endpoint} runs on it$`, 'm'))
  })

  it('finds wrong endpoints, and commands that go to Amazon', async () => {
    const at = (url: string) => wrongs(['--endpoint-url', url])
    assert.match((await at('http://127.0.0.1:9'))['endpoint'] ?? '', /ECONNREFUSED.*start the server/)
    assert.match((await at('http://nowhere.invalid'))['endpoint'] ?? '', /its host has no address/)
    assert.match(
      (await at(server.endpoint.replace('http:', 'https:')))['endpoint'] ?? '',
      /the endpoint is http:/,
    )
    assert.match((await wrongs([], { AWS_ENDPOINT_URL: '' }))['endpoint'] ?? '', /go to Amazon.*AWS_PROFILE/)
    assert.match((await wrongs(['--profile', 'nobody']))['endpoint'] ?? '', /nobody/)
  })

  it('finds keys that the account has not, or that are a bucket’s', async () => {
    assert.match(
      (await wrongs([], { AWS_ACCESS_KEY_ID: 'AKIAGONE' }))['key'] ?? '',
      /no account of this server/,
    )
    assert.match((await wrongs([], { AWS_SECRET_ACCESS_KEY: 'x' }))['key'] ?? '', /not that of/)
    assert.match((await wrongs([], { AWS_ACCESS_KEY_ID: '' }))['key'] ?? '', /lugsail use/)
    const client = lightsailClient(server)
    await client.send(new CreateBucketCommand({ bucketName: 'photos', bundleId: 'small_1_0' }))
    const { accessKey } = await client.send(new CreateBucketAccessKeyCommand({ bucketName: 'photos' }))
    const wrong = await wrongs([], {
      AWS_ACCESS_KEY_ID: accessKey?.accessKeyId ?? '',
      AWS_SECRET_ACCESS_KEY: accessKey?.secretAccessKey ?? '',
    })
    assert.match(wrong['key'] ?? '', /the key of a bucket/)
  })

  it('finds a wrong region and a wrong clock', async () => {
    assert.match((await wrongs(['--region', 'eu-wset-1']))['region'] ?? '', /did you mean eu-west-1\?/)
    const clock = join(home, 'clock.cjs')
    writeFileSync(clock, 'const now = Date.now; Date.now = () => now() - 7_200_000')
    const wrong = await wrongs([], { NODE_OPTIONS: `--require=${clock}` })
    assert.match(wrong['clock'] ?? '', /is 7\d\d\d s behind the server's: .*signatures do not count/)
  })

  it('looks whether hosts of buckets have an address where the server takes them', async () => {
    const { port } = new URL(server.endpoint)
    const { stdout } = await doctor(['--endpoint-url', `http://localhost:${port}`])
    assert.match(
      stdout,
      /^(?:OK +addressing +buckets are paths, and hosts under localhost|! +addressing +.*hosts have no address: add \*\.localhost)/m,
    )
  })

  it('finds secrets that others may read, and folders that are none', async () => {
    const path = join(server.dataFolder, 'credentials')
    chmodSync(path, 0o644)
    assert.match((await wrongs(['--data', server.dataFolder]))['disk'] ?? '', /others may read .*chmod 600/)
    chmodSync(path, 0o600)
    assert.match((await wrongs(['--data', home]))['disk'] ?? '', /no data folder of a server/)
  })
})
