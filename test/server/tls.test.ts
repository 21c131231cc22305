import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { after, before, describe, it } from 'node:test'
import { startServer, type RunningServer } from '../harness/server.ts'
import { runServerCommand } from '../harness/server-command.ts'
import { sourceProgram } from '../harness/source-program.ts'
import { until } from '../harness/until.ts'

const hasOpenssl = spawnSync('openssl', ['version']).status === 0
const skip = hasOpenssl ? false : 'the command openssl is not there'
const folder = mkdtempSync(join(tmpdir(), 'lugsail-tls-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const inFolder = (name: string): string => join(folder, name)

/** A certificate of its own for 127.0.0.1: `NAME.pem` and `NAME.key`. */
function makeCertificate(name: string): void {
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1']
  const files = ['-keyout', inFolder(`${name}.key`), '-out', inFolder(`${name}.pem`)]
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']
  execFileSync('openssl', ['req', '-x509', ...curve, '-nodes', '-days', '2', ...subject, ...files], {
    stdio: 'ignore',
  })
}

/** Makes the files that the server reads those of another certificate. */
function use(name: string): void {
  copyFileSync(inFolder(`${name}.pem`), inFolder('used.pem'))
  copyFileSync(inFolder(`${name}.key`), inFolder('used.key'))
}

const tlsOptions = () => ({ 'tls-cert': inFolder('used.pem'), 'tls-key': inFolder('used.key') })

/** The common name of the certificate that a new connection is shown. */
function shownName({ endpoint }: RunningServer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: '127.0.0.1',
      port: Number(new URL(endpoint).port),
      rejectUnauthorized: false,
    })
    socket.once('error', reject)
    socket.once('secureConnect', () => {
      resolve(String(socket.getPeerCertificate().subject.CN))
      socket.destroy()
    })
  })
}

/** Status of a health request over the agent's one connection, and which connection it was. */
function health({ endpoint }: RunningServer, agent: Agent): Promise<{ status: number; port: number }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${endpoint}/-/health`, { agent, rejectUnauthorized: false }, (response) => {
      response.resume()
      const port = response.socket.localPort ?? 0
      response.once('end', () => resolve({ status: response.statusCode ?? 0, port }))
    })
    outgoing.once('error', reject).end()
  })
}

if (hasOpenssl) for (const name of ['first', 'second', 'third']) makeCertificate(name)

for (const workers of [1, 2]) {
  describe(`TLS with ${workers} worker(s)`, { skip }, () => {
    let server: RunningServer
    before(async () => {
      use('first')
      server = await startServer({ workers, options: tlsOptions() })
    })
    after(() => server.stop())

    it('serves both APIs to the official clients and the command line, which trust the certificate', async () => {
      assert.match(server.endpoint, /^https:/)
      const program = `
        import { CreateBucketCommand, LightsailClient } from '@aws-sdk/client-lightsail'
        import { GetObjectCommand, PutBucketPolicyCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
        import { Agent } from 'node:https'
        await new LightsailClient().send(new CreateBucketCommand({ bucketName: 'over-tls', bundleId: 'small_1_0' }))
        const s3 = new S3Client({ forcePathStyle: true })
        await s3.send(new PutObjectCommand({ Bucket: 'over-tls', Key: 'k', Body: 'secret matter' }))
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'over-tls', Key: 'k' }))
        process.stdout.write(await Body.transformToString())
        const Condition = { NumericLessThan: { 's3:TlsVersion': '1.3' } }
        const Resource = 'arn:aws:s3:::over-tls/*'
        const Statement = { Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource, Condition }
        await s3.send(new PutBucketPolicyCommand({ Bucket: 'over-tls', Policy: JSON.stringify({ Statement }) }))
        for (const maxVersion of ['TLSv1.2', 'TLSv1.3']) {
          const requestHandler = { httpsAgent: new Agent({ maxVersion }) }
          const client = new S3Client({ forcePathStyle: true, requestHandler })
          const got = client.send(new GetObjectCommand({ Bucket: 'over-tls', Key: 'k' }))
          process.stdout.write(' ' + (await got.then(() => 'given', (error) => error.name)))
        }`
      const environment = {
        PATH: process.env['PATH'],
        HOME: folder,
        AWS_ENDPOINT_URL: server.endpoint,
        AWS_REGION: server.region,
        AWS_DEFAULT_REGION: server.region,
        AWS_ACCESS_KEY_ID: server.credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: server.credentials.secretAccessKey,
      }
      const sdk = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
        encoding: 'utf8',
        env: { ...environment, NODE_EXTRA_CA_CERTS: inFolder('first.pem') },
      })
      // A policy can ask for a version of TLS.
      assert.equal(sdk.stdout, 'secret matter AccessDenied given', sdk.stderr)
      const list = (...options: readonly string[]) =>
        spawnSync(
          process.execPath,
          [...sourceProgram('src/cli/main.ts'), 'get-buckets', '--query', 'buckets[].name', ...options],
          { encoding: 'utf8', env: environment },
        )
      const trusting = list('--ca-bundle', inFolder('first.pem'), '--output', 'text')
      assert.equal(trusting.stdout, 'over-tls\n', trusting.stderr)
      const doubting = list()
      assert.match(doubting.stderr, /SSL validation failed/)
      assert.notEqual(doubting.status, 0)
    })

    it('tells browsers to stay with TLS, and watchers when the certificate ends', async () => {
      const text = await new Promise<string>((resolve, reject) => {
        request(`${server.endpoint}/-/metrics`, { rejectUnauthorized: false }, (response) => {
          assert.equal(response.headers['strict-transport-security'], 'max-age=31536000')
          let page = ''
          response.on('data', (piece: Buffer) => (page += piece.toString()))
          response.once('end', () => resolve(page))
        })
          .once('error', reject)
          .end()
      })
      const [, expiry] = /^lugsail_tls_certificate_expiry_timestamp_seconds\{.*\} (\S+)$/m.exec(text) ?? []
      const daysLeft = (Number(expiry) - Date.now() / 1_000) / 86_400
      assert.ok(daysLeft > 1.9 && daysLeft < 2.1, text)
    })

    it('has no key exchange by RSA and no CBC, not even after the certificate was read again', async () => {
      const connectsWith = (ciphers: string): Promise<boolean> =>
        new Promise((resolve) => {
          const socket = connect({
            host: '127.0.0.1',
            port: Number(new URL(server.endpoint).port),
            rejectUnauthorized: false,
            maxVersion: 'TLSv1.2',
            ciphers,
          })
          const end = (hasConnected: boolean): void => {
            socket.destroy()
            resolve(hasConnected)
          }
          socket.once('secureConnect', () => end(true)).once('error', () => end(false))
        })
      for (const round of ['first', 'again']) {
        assert.ok(await connectsWith('ECDHE-ECDSA-AES128-GCM-SHA256'), round)
        for (const ciphers of [
          'AES128-GCM-SHA256',
          'AES256-SHA',
          'ECDHE-ECDSA-AES128-SHA256',
          'ECDHE-ECDSA-AES256-SHA:@SECLEVEL=0',
        ])
          assert.ok(!(await connectsWith(ciphers)), `${round} ${ciphers}`)
        const reads = (): number => server.log().split('read the TLS certificate again').length - 1
        process.kill(server.pid, 'SIGHUP')
        await until(async () => reads() >= workers)
      }
    })

    it('reads the certificate again on SIGHUP, and cuts no connection', async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 })
      const kept = await health(server, agent)
      use('second')
      process.kill(server.pid, 'SIGHUP')
      for (let sight = 0; sight < workers * 2; sight++)
        await until(async () => (await shownName(server)) === 'second')
      assert.deepEqual(await health(server, agent), kept)
      agent.destroy()
    })

    it('keeps the certificate in use when the new one cannot be used, and says so in its log', async () => {
      const failures = (): number =>
        server.log().split('the TLS certificate could not be read again').length - 1
      copyFileSync(inFolder('third.pem'), inFolder('used.pem'))
      process.kill(server.pid, 'SIGHUP')
      await until(async () => failures() >= workers)
      assert.equal(await shownName(server), 'second')
      assert.match(
        server.log(),
        /tlsKey: .*used\.key does not hold the key of the certificate in .*used\.pem/,
      )
    })
  })
}

describe('TLS with an RSA certificate', { skip }, () => {
  it('exchanges keys by elliptic curves alone, and tells browsers so on S3’s answers too', async () => {
    const files = ['-keyout', inFolder('rsa.key'), '-out', inFolder('rsa.pem')]
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=rsa', ...files],
      {
        stdio: 'ignore',
      },
    )
    const options = { 'tls-cert': inFolder('rsa.pem'), 'tls-key': inFolder('rsa.key') }
    const server = await startServer({ engines: 'memory', options })
    const statusWith = (ciphers: string): Promise<string> =>
      new Promise((resolve) => {
        request(
          server.endpoint,
          { rejectUnauthorized: false, maxVersion: 'TLSv1.2', ciphers, agent: false },
          (response) => {
            response.resume()
            resolve(`${response.statusCode ?? 0} ${response.headers['strict-transport-security'] ?? ''}`)
          },
        )
          .once('error', () => resolve('no connection'))
          .end()
      })
    assert.equal(await statusWith('ECDHE-RSA-AES128-GCM-SHA256'), '403 max-age=31536000')
    for (const ciphers of [
      'AES128-GCM-SHA256',
      'AES256-SHA',
      'ECDHE-RSA-AES128-SHA256',
      'ECDHE-RSA-AES256-SHA',
    ])
      assert.equal(await statusWith(ciphers), 'no connection', ciphers)
    await server.stop()
  })
})

describe('lugsail serve with TLS files that cannot be used', { skip }, () => {
  it('does not start, and names the setting and the file', () => {
    const options = ['--listen', '127.0.0.1:0', '--workers', '2', '--data', inFolder('data')]
    const files = ['--tls-cert', inFolder('first.pem'), '--tls-key', inFolder('second.key')]
    const { status, stderr } = runServerCommand('serve', ...options, ...files)
    assert.equal(status, 2, stderr)
    assert.match(stderr, /tlsKey: .*second\.key does not hold the key of the certificate in .*first\.pem/)
    assert.doesNotMatch(stderr, /\n {4}at /)
  })
})
