/** What to do, on a line behind what AWS CLI would say: typed as people type it, against real servers. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { startServer, type RunningServer } from '../harness/server.ts'
import { hasOpenssl } from './tls-proxy.ts'
import { CommandLab } from './run-lugsail.ts'
import { EXECUTABLE } from '../harness/executable.ts'

describe('hints about errors', () => {
  const home = mkdtempSync(join(tmpdir(), 'lugsail-hints-'))
  const certificate = join(home, 'cert.pem')
  let plain: RunningServer
  let tls: RunningServer | undefined

  before(async () => {
    plain = await startServer({ isBuilt: true })
    if (!hasOpenssl) return
    const key = join(home, 'key.pem')
    const made = spawnSync(
      'openssl',
      `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=test -addext subjectAltName=IP:127.0.0.1 -keyout ${key} -out ${certificate}`.split(
        ' ',
      ),
    )
    assert.equal(made.status, 0)
    tls = await startServer({ isBuilt: true, options: { 'tls-cert': certificate, 'tls-key': key } })
  })
  after(async () => {
    await plain.stop()
    await tls?.stop()
    rmSync(home, { recursive: true })
  })

  /** Runs the command as a process of its own: the servers answer meanwhile. */
  const lugsail = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    new Promise<{ code: number | null; stdout: string; stderr: string }>((done) => {
      const child = spawn(EXECUTABLE, args, {
        cwd: home,
        env: {
          PATH: process.env['PATH'] ?? '',
          HOME: home,
          AWS_ACCESS_KEY_ID: plain.credentials.accessKeyId,
          AWS_SECRET_ACCESS_KEY: plain.credentials.secretAccessKey,
          AWS_REGION: 'us-east-1',
          AWS_ENDPOINT_URL: plain.endpoint,
          AWS_MAX_ATTEMPTS: '1',
          ...env,
        },
      })
      let [stdout, stderr] = ['', '']
      child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
      child.once('close', (code) => done({ code, stdout, stderr }))
    })
  const tells = async (
    hint: RegExp,
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Promise<void> => {
    const { code, stdout, stderr } = await lugsail(args, env)
    assert.notEqual(code, 0)
    assert.equal(stdout, '')
    const hints = stderr.split('\n').filter((line) => /^lugsail: (?!error: )/.test(line))
    assert.equal(hints.length, 1, stderr)
    assert.match(hints[0] ?? '', hint)
  }

  it('name the scheme that the server speaks', { skip: !hasOpenssl }, async () => {
    const { host } = new URL(plain.endpoint)
    await tells(new RegExp(`${host} does not speak TLS: the endpoint is http://${host}$`), [
      'get-buckets',
      '--endpoint-url',
      `https://${host}`,
    ])
    const secure = new URL(tls?.endpoint ?? '').host
    await tells(new RegExp(`${secure} speaks TLS: the endpoint is https://${secure}$`), ['get-buckets'], {
      AWS_ENDPOINT_URL: `http://${secure}`,
    })
  })

  it('name ca_bundle, which "lugsail use" writes', { skip: !hasOpenssl }, async () => {
    const { endpoint = '', dataFolder = '', credentials } = tls ?? {}
    await tells(/of no authority that is known here.*--ca-bundle, or as ca_bundle/, ['get-buckets'], {
      AWS_ENDPOINT_URL: endpoint,
    })
    assert.equal((await lugsail(['use', '--data', dataFolder, '--profile', 'tls'])).code, 0)
    assert.match(
      readFileSync(join(home, '.aws/config'), 'utf8'),
      new RegExp(`^ca_bundle = ${certificate}$`, 'm'),
    )
    const answer = await lugsail(['get-buckets', '--profile', 'tls', '--endpoint-url', endpoint], {
      AWS_ACCESS_KEY_ID: credentials?.accessKeyId ?? '',
    })
    assert.equal(answer.code, 0, answer.stderr)
    assert.match(
      (await lugsail(['env', '--data', dataFolder])).stdout,
      /^export AWS_CA_BUNDLE='.*cert\.pem'$/m,
    )
  })

  it('say of a key, a secret, a region and a clock what is wrong with them', async () => {
    await tells(
      /AKIAGONE0000 belongs to no account of this server: it was rotated or deleted/,
      ['get-buckets'],
      {
        AWS_ACCESS_KEY_ID: 'AKIAGONE0000',
      },
    )
    await tells(/secret access key is not that of AKIA/, ['get-buckets'], { AWS_SECRET_ACCESS_KEY: 'x' })
    await tells(/There is no region eu-west-9; there are us-east-1, /, [
      'get-buckets',
      '--region',
      'eu-west-9',
    ])
    const clock = join(home, 'clock.cjs')
    for (const [hours, words] of [
      [-3, '3 hours behind'],
      [50, '2 days ahead of'],
    ] as const) {
      writeFileSync(clock, `const now = Date.now; Date.now = () => now() + ${hours} * 3_600_000`)
      await tells(
        new RegExp(`clock of the client is ${words} the server's, on which it is 20`),
        ['get-buckets'],
        {
          NODE_OPTIONS: `--require=${clock}`,
        },
      )
    }
  })

  it('name what was probably meant', async () => {
    await tells(/there is no option --bucketname; did you mean --bucket-name\?$/, [
      'create-bucket',
      '--bucketname',
      'photos',
    ])
    await tells(/no option --Bundle_Id; did you mean --bundle-id\?$/, [
      'create-bucket',
      '--bucket-name=photos',
      '--Bundle_Id=small_1_0',
    ])
    for (const [typed, meant] of [
      ['list-buckets', 'get-buckets'],
      ['describe-buckets', 'get-buckets'],
      ['remove-bucket', 'delete-bucket'],
      ['make-bucket', 'create-bucket'],
      ['list-bundles', 'get-bucket-bundles'],
    ] as const)
      await tells(new RegExp(`there is no ${typed}; did you mean ${meant}\\?$`), [typed])
    await tells(/"lugsail use" makes a profile/, ['configure'])
    const { stderr } = await lugsail(['create-bukcet'])
    assert.match(stderr, /Invalid choice: 'create-bukcet', maybe you meant:\n\n {2}\* create-bucket\n$/)
  })

  it('say how a time is written, and where JSON is wrong', async () => {
    await tells(
      /a time is written as 2030-01-31T12:00:00Z/,
      'get-bucket-metric-data --bucket-name photos --metric-name NumberOfObjects --start-time yesterday --end-time 1 --period 86400 --statistics Sum --unit Count'.split(
        ' ',
      ),
    )
    const { stderr } = await lugsail([
      'create-bucket',
      '--cli-input-json',
      '{"bucketName": "x",\n "bundleId" 1}',
    ])
    assert.match(stderr, /Invalid JSON: Expecting ':' delimiter: line 2 column 13/)
  })
})

describe('hints about errors, of what a stand-in for Amazon may answer,', () => {
  const lab = new CommandLab()
  before(() => lab.start())
  after(() => lab.stop())

  it('are not given: the message is that of AWS CLI, byte for byte', async () => {
    for (const response of [
      { status: 400, body: '{"__type":"UnrecognizedClientException","message":"m","tip":"t","docs":"d"}' },
      { status: 400, body: '{"__type":"InvalidSignatureException","message":"m"}' },
    ]) {
      const { stderr } = await lab.run({
        args: ['get-buckets', '--endpoint-url', '{ENDPOINT}'],
        env: { AWS_MAX_ATTEMPTS: '1' },
        responses: [response],
      })
      assert.match(stderr, /^\nAn error occurred \(\w+\) when calling the GetBuckets operation: m\n$/)
    }
  })
})
