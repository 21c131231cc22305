import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { LIGHTSAIL_RULES, S3_RULES, STS_RULES } from '../../src/auth/service-rules.ts'
import { signRequest } from '../../src/auth/sign-request.ts'
import { startServer, type RunningServer } from '../harness/server.ts'

const WRONG_MAX = 5
const STRANGER = { accessKeyId: 'AKIAAAAAAAAAAAAAAAAA', secretAccessKey: 'wrong' }

const APIS = {
  s3: {
    rules: S3_RULES,
    path: '/some-bucket',
    method: 'GET',
    headers: {},
    body: '',
    refused: /<Code>SlowDown</,
  },
  lightsail: {
    rules: LIGHTSAIL_RULES,
    path: '/',
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'Lightsail_20161128.GetBuckets',
    },
    body: '{}',
    refused: /"ServiceUnavailableException"/,
  },
  sts: {
    rules: STS_RULES,
    path: '/',
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'Action=GetCallerIdentity&Version=2011-06-15',
    refused: /<Code>ServiceUnavailable</,
  },
} as const

describe('an address whose signatures are wrong', () => {
  for (const [name, api] of Object.entries(APIS)) {
    describe(`at ${name}`, () => {
      let server: RunningServer
      before(async () => {
        server = await startServer({
          engines: 'memory',
          options: { 'failed-signatures-per-minute-max': String(WRONG_MAX) },
        })
      })
      after(() => server.stop())

      const ask = async (credentials = STRANGER) => {
        const { method, path, body, rules } = api
        const { headers } = signRequest({
          method,
          url: path,
          headers: { ...api.headers, host: new URL(server.endpoint).host },
          payloadHash: createHash('sha256').update(body).digest('hex'),
          credentials,
          rules,
          region: server.region,
          nowMs: Date.now(),
        })
        const response = await fetch(server.endpoint + path, {
          method,
          headers,
          ...(body !== '' && { body }),
        })
        return { status: response.status, text: await response.text() }
      }

      it('is told to slow down, which is no error in the log, and a key used from there before is not', async () => {
        assert.ok((await ask(server.credentials)).status < 405)
        for (let time = 0; time < WRONG_MAX; time++) {
          const { status } = await ask()
          assert.ok(status === 400 || status === 403, String(status))
        }
        const { status, text } = await ask()
        assert.equal(status, 503, text)
        assert.match(text, api.refused)
        assert.notEqual((await ask(server.credentials)).status, 503)
        assert.doesNotMatch(server.log(), /"level":"error"/)
      })
    })
  }
})
