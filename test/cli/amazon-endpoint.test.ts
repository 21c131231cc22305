/** Calls of Amazon's own endpoint, which a proxy leads to a server of this machine that shows a certificate for that name. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { ACCESS_KEY_ID, CommandLab } from './run-lugsail.ts'
import { hasOpenssl, startTlsProxy } from './tls-proxy.ts'
import type { TlsProxy } from './tls-proxy.ts'

const HOST = 'lightsail.eu-west-1.amazonaws.com'
const ARGS = ['create-bucket-access-key', '--bucket-name', 'photos', '--region', 'eu-west-1']
const ANSWER = [{ body: '{"accessKey":{"accessKeyId":"AKIAIOSFODNN7EXAMPLE"}}' }]

describe(
  'without an endpoint, the call goes to Amazon',
  { skip: hasOpenssl ? false : 'openssl is not here to make a certificate' },
  () => {
    const lab = new CommandLab()
    let proxy: TlsProxy
    before(async () => {
      await lab.start()
      proxy = await startTlsProxy(HOST, lab.url)
    })
    beforeEach(() => {
      proxy.tunnels.length = 0
      proxy.serverNames.length = 0
    })
    after(async () => {
      proxy.stop()
      await lab.stop()
    })
    const call = (args: readonly string[], env: Readonly<Record<string, string>>) =>
      lab.run({
        args: [...ARGS, ...args],
        env: { HTTPS_PROXY: proxy.url, AWS_MAX_ATTEMPTS: '1', ...env },
        responses: ANSWER,
      })
    const reachesAmazon = (result: Awaited<ReturnType<typeof call>>): void => {
      assert.equal(result.exitCode, 0, result.stderr)
      assert.match(result.stdout, /AKIAIOSFODNN7EXAMPLE/)
      assert.deepEqual(proxy.serverNames, [HOST])
      assert.deepEqual(
        proxy.tunnels.map(({ to }) => to),
        [`${HOST}:443`],
      )
      // The signature covers the header Host, so it holds only when that names Amazon's host.
      assert.equal(result.requests[0]?.signature, `valid ${ACCESS_KEY_ID} eu-west-1 lightsail`)
      assert.equal(result.requests[0].path, '/')
    }

    test('of the region, signed for it, with the certificates that AWS_CA_BUNDLE names', async () =>
      reachesAmazon(await call([], { AWS_CA_BUNDLE: proxy.certificatePath })))

    test('with the certificates that --ca-bundle names', async () =>
      reachesAmazon(await call(['--ca-bundle', proxy.certificatePath], { AWS_CA_BUNDLE: '/nowhere' })))

    test('with a certificate that NODE_EXTRA_CA_CERTS adds to those of Node', async () =>
      reachesAmazon(await call([], { NODE_EXTRA_CA_CERTS: proxy.certificatePath })))

    test('and says so in one line where a server of this machine was perhaps meant', async () => {
      const trusted = { AWS_CA_BUNDLE: proxy.certificatePath }
      const quiet = await call([], trusted)
      assert.equal(quiet.stderr, '')
      const told = await call([], { ...trusted, LUGSAIL_DATA: dirname(proxy.certificatePath) })
      assert.equal(told.stderr, '')
      writeFileSync(join(dirname(proxy.certificatePath), 'credentials'), '')
      const warned = await call([], { ...trusted, LUGSAIL_DATA: dirname(proxy.certificatePath) })
      assert.equal(warned.exitCode, 0)
      assert.equal(warned.stdout, quiet.stdout)
      assert.match(
        warned.stderr,
        /^lugsail: no endpoint is set, so this goes to Amazon \(https:\/\/lightsail\.eu-west-1\.amazonaws\.com\), not to the server of .*AWS_PROFILE=lugsail\n$/,
      )
      const local = await lab.run({
        args: [...ARGS, '--endpoint-url', '{ENDPOINT}'],
        env: { LUGSAIL_DATA: dirname(proxy.certificatePath) },
        responses: ANSWER,
      })
      assert.equal(local.stderr, '')
    })

    test('with any certificate under --no-verify-ssl', async () =>
      reachesAmazon(await call(['--no-verify-ssl'], {})))

    test('and nothing is sent to a host whose certificate is not trusted', async () => {
      const { exitCode, stderr, requests } = await call([], {})
      assert.equal(exitCode, 255)
      assert.match(stderr, new RegExp(`^\\nSSL validation failed for https://${HOST}/ `))
      assert.deepEqual(requests, [])
    })

    test('and nothing is sent to a host whose certificate is for another name', async () => {
      const { exitCode, stderr, requests } = await call(['--region', 'us-east-1'], {
        AWS_CA_BUNDLE: proxy.certificatePath,
      })
      assert.equal(exitCode, 255)
      assert.match(stderr, /SSL validation failed for https:\/\/lightsail\.us-east-1\.amazonaws\.com\/ /)
      assert.deepEqual(requests, [])
    })

    test('and the user of the proxy is named to the proxy only', async () => {
      const url = proxy.url.replace('//', '//me:se%3Acret@')
      const result = await call(['--no-verify-ssl'], { HTTPS_PROXY: url })
      reachesAmazon(result)
      assert.equal(proxy.tunnels[0]?.authorization, `Basic ${Buffer.from('me:se:cret').toString('base64')}`)
    })

    test('and FIPS endpoints have names of their own', async () => {
      await call(['--no-verify-ssl'], { AWS_USE_FIPS_ENDPOINT: 'true' })
      assert.deepEqual(proxy.serverNames, ['lightsail-fips.eu-west-1.amazonaws.com'])
    })
  },
)

describe('proxies of http endpoints', () => {
  const lab = new CommandLab()
  before(() => lab.start())
  after(() => lab.stop())
  const call = (env: Readonly<Record<string, string>>) =>
    lab.run({
      args: [...ARGS, '--endpoint-url', 'http://lightsail.example:8080'],
      env: { AWS_MAX_ATTEMPTS: '1', ...env },
      responses: ANSWER,
    })

  test('get the whole URL', async () => {
    const { requests } = await call({ HTTP_PROXY: '{ENDPOINT}' })
    assert.equal(requests[0]?.path, 'http://lightsail.example:8080/')
    assert.equal(requests[0].signature, `valid ${ACCESS_KEY_ID} eu-west-1 lightsail`)
  })

  test('are passed by for the hosts of NO_PROXY', async () => {
    const { exitCode, requests } = await lab.run({
      args: [...ARGS, '--endpoint-url', '{ENDPOINT}'],
      env: { HTTP_PROXY: 'http://127.0.0.1:1', NO_PROXY: 'example.com,127.0.0.1' },
      responses: ANSWER,
    })
    assert.equal(exitCode, 0)
    assert.equal(requests[0]?.path, '/')
  })

  test('that do not answer are named in the error, without their password', async () => {
    const { exitCode, stderr } = await call({ HTTP_PROXY: 'http://me:secret@127.0.0.1:1' })
    assert.equal(exitCode, 255)
    assert.match(stderr, /^\nFailed to connect to proxy URL: "http:\/\/\*\*\*:\*\*\*@127\.0\.0\.1:1"\n$/)
  })
})
