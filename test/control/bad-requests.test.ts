import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { request } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { signRequest } from '../../src/auth/sign-request.ts'
import { LIGHTSAIL_RULES } from '../../src/auth/service-rules.ts'
import { SeededRandom } from '../seeded-random.ts'
import { startControlServer } from './control-server.ts'
import type { ControlServer } from './control-server.ts'

interface HttpResponse {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Record<string, unknown>
}

describe('bad requests to the control plane', () => {
  let server: ControlServer
  before(async () => {
    server = await startControlServer()
  })
  after(() => server.stop())

  /** Sends what is given, exactly. */
  const send = (
    headers: Record<string, string>,
    body: Buffer | string,
    options: { method?: string; path?: string } = {},
  ): Promise<HttpResponse> =>
    new Promise((resolve, reject) => {
      const { method = 'POST', path = '/' } = options
      const outgoing = request(
        { host: '127.0.0.1', port: server.port, method, path, headers, agent: false },
        (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString()
            const parsed = JSON.parse(text) as Record<string, unknown>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: parsed })
          })
          response.on('error', reject)
        },
      )
      outgoing.on('error', reject)
      outgoing.end(body)
    })

  interface Signing {
    readonly target?: string
    readonly atMs?: number
    readonly region?: string
    readonly service?: string
    readonly secretAccessKey?: string
    readonly accessKeyId?: string
    readonly withoutTarget?: boolean
  }
  const sign = (body: Buffer | string, signing: Signing = {}): Record<string, string> => {
    const { rootKey } = server.account
    const target = signing.target ?? 'Lightsail_20161128.GetBuckets'
    const unsigned: Record<string, string> = {
      host: `127.0.0.1:${server.port}`,
      'content-type': 'application/x-amz-json-1.1',
      ...(signing.withoutTarget === true ? {} : { 'x-amz-target': target }),
    }
    const signed = signRequest({
      method: 'POST',
      url: '/',
      headers: unsigned,
      payloadHash: createHash('sha256').update(body).digest('hex'),
      credentials: {
        accessKeyId: signing.accessKeyId ?? rootKey.accessKeyId,
        secretAccessKey: signing.secretAccessKey ?? rootKey.secretAccessKey,
      },
      region: signing.region ?? 'us-east-1',
      rules: { ...LIGHTSAIL_RULES, service: signing.service ?? 'lightsail' },
      nowMs: signing.atMs ?? Date.now(),
    })
    return { ...unsigned, ...signed.headers, 'x-amz-target': target }
  }

  const assertError = (answer: HttpResponse, code: string, status: number) => {
    assert.deepEqual([answer.body.__type, answer.status], [code, status], JSON.stringify(answer.body))
    assert.equal(answer.headers['x-amzn-errortype'], code)
    assert.equal(answer.body.code, code)
    assert.equal(typeof answer.body.message, 'string')
    assert.match(String(answer.headers['x-amzn-requestid']), /^[0-9A-F]{16}$/)
    assert.equal(answer.headers['content-type'], 'application/x-amz-json-1.1')
  }

  it('a good one is answered, so that the refusals below mean something', async () => {
    const answer = await send(sign('{}'), '{}')
    assert.deepEqual([answer.status, answer.body.buckets], [200, []])
  })

  it('an empty page token is none: it asks for the first page', async () => {
    for (const [operation, input, member] of [
      ['GetBuckets', {}, 'buckets'],
      ['GetOperations', {}, 'operations'],
      ['GetOperationsForResource', { resourceName: 'photos' }, 'operations'],
    ] as const) {
      const body = JSON.stringify({ ...input, pageToken: '' })
      const answer = await send(sign(body, { target: `Lightsail_20161128.${operation}` }), body)
      assert.deepEqual([answer.status, answer.body[member]], [200, []], operation)
    }
  })

  describe('signatures', () => {
    const MINUTE_MS = 60_000
    const cases: readonly [string, string, number, Signing][] = [
      ['a wrong secret', 'InvalidSignatureException', 403, { secretAccessKey: 'a'.repeat(40) }],
      [
        'an unknown access key id',
        'UnrecognizedClientException',
        403,
        { accessKeyId: 'AKIAAAAAAAAAAAAAAAAA' },
      ],
      ['a date 16 minutes ago', 'InvalidSignatureException', 403, { atMs: Date.now() - 16 * MINUTE_MS }],
      ['a date 16 minutes ahead', 'InvalidSignatureException', 403, { atMs: Date.now() + 16 * MINUTE_MS }],
      ['another service', 'InvalidSignatureException', 403, { service: 's3' }],
      ['a region that is none', 'InvalidSignatureException', 403, { region: 'moon-1' }],
      ['an unsigned target', 'InvalidSignatureException', 403, { withoutTarget: true }],
    ]
    for (const [what, code, status, signing] of cases) {
      it(`with ${what} get ${code}`, async () => {
        assertError(await send(sign('{}', signing), '{}'), code, status)
      })
    }

    it('that are missing get MissingAuthenticationTokenException', async () => {
      const headers = new Map(Object.entries(sign('{}')))
      headers.delete(headers.has('Authorization') ? 'Authorization' : 'authorization')
      assertError(await send(Object.fromEntries(headers), '{}'), 'MissingAuthenticationTokenException', 403)
    })

    it('that are cut short get IncompleteSignatureException', async () => {
      const headers = sign('{}')
      const authorization = headers.authorization?.replace(/, Signature=.*/, '') ?? ''
      assertError(await send({ ...headers, authorization }, '{}'), 'IncompleteSignatureException', 400)
    })

    it('do not fit a body that was changed', async () => {
      const answer = await send(sign('{"bucketName":"mine"}'), '{"bucketName":"nine"}')
      assertError(answer, 'InvalidSignatureException', 403)
    })

    it('do not fit a target that was changed', async () => {
      const headers = { ...sign('{}'), 'x-amz-target': 'Lightsail_20161128.GetOperations' }
      assertError(await send(headers, '{}'), 'InvalidSignatureException', 403)
    })

    it('with a session token that belongs to nobody get UnrecognizedClientException', async () => {
      const answer = await send({ ...sign('{}'), 'x-amz-security-token': 'token' }, '{}')
      assertError(answer, 'UnrecognizedClientException', 403)
    })

    it('are never echoed with a secret', async () => {
      const answer = await send(sign('{}', { secretAccessKey: 'wrong' }), '{}')
      assert.ok(!JSON.stringify(answer.body).includes(server.account.rootKey.secretAccessKey))
    })
  })

  describe('targets', () => {
    for (const target of [
      'Lightsail_20161128.GetInstances',
      'Lightsail_20161128.',
      'Lightsail_20161128.constructor',
      'Other_1.GetBuckets',
      'GetBuckets',
    ]) {
      it(`${target} is an unknown operation`, async () => {
        assertError(await send(sign('{}', { target }), '{}'), 'UnknownOperationException', 400)
      })
    }

    it('of Lightsail that are not offered are named, with those that are', async () => {
      const answer = await send(sign('{}', { target: 'Lightsail_20161128.GetInstances' }), '{}')
      assert.match(String(answer.body.message), /^The operation GetInstances is not offered .*CreateBucket,/)
    })

    it('of another method or content type are unknown operations', async () => {
      assertError(await send(sign('{}'), '{}', { method: 'PUT' }), 'UnknownOperationException', 400)
      const headers = { ...sign('{}'), 'content-type': 'text/plain' }
      assertError(await send(headers, '{}'), 'UnknownOperationException', 400)
    })
  })

  describe('bodies', () => {
    const bodies: readonly [string, Buffer | string][] = [
      ['that are no JSON', '{"bucketName":'],
      ['that are no object', '["bucketName"]'],
      ['with bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])],
      ['nested deeper than any input', '['.repeat(100_000)],
      ['with a member of another type', '{"bucketName":1}'],
      ['with a truth value as text', '{"includeCors":"true"}'],
    ]
    for (const [what, body] of bodies) {
      it(`${what} get SerializationException`, async () => {
        assertError(await send(sign(body), body), 'SerializationException', 400)
      })
    }

    it('that break several constraints name each of them', async () => {
      const target = 'Lightsail_20161128.CreateBucket'
      const body = JSON.stringify({ bucketName: 'UPPER', bundleId: ' ' })
      const answer = await send(sign(body, { target }), body)
      assertError(answer, 'InvalidInputException', 400)
      assert.match(
        String(answer.body.message),
        /^2 validation errors detected: Value 'UPPER' at 'bucketName'/,
      )
    })

    it('without a required member get InvalidInputException', async () => {
      const answer = await send(sign('{}', { target: 'Lightsail_20161128.CreateBucket' }), '{}')
      assertError(answer, 'InvalidInputException', 400)
      assert.match(
        String(answer.body.message),
        /'bundleId' failed to satisfy constraint: Member must not be null/,
      )
    })

    it('larger than the bound are refused, announced or not', async () => {
      const body = Buffer.alloc(300 * 1024, ' ')
      assertError(
        await send({ ...sign(body), 'content-length': String(body.length) }, body),
        'RequestEntityTooLargeException',
        413,
      )
      const chunked = { ...sign(body), 'transfer-encoding': 'chunked' }
      assertError(await send(chunked, body), 'RequestEntityTooLargeException', 413)
    })

    it('that end early leave the server alive', async () => {
      await new Promise<void>((resolve) => {
        const socket = connect(server.port, '127.0.0.1', () => {
          socket.write(
            'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-amz-json-1.1\r\nX-Amz-Target: Lightsail_20161128.GetBuckets\r\nContent-Length: 100\r\n\r\n{"a',
            () => socket.destroy(),
          )
        })
        socket.on('close', () => resolve())
      })
      assert.equal((await send(sign('{}'), '{}')).status, 200)
    })

    const random = new SeededRandom()
    it(`of random damage never get a fault or a success by accident (seed ${random.seed})`, async () => {
      const whole = Buffer.from(
        JSON.stringify({
          bucketName: 'fuzzed-bucket',
          cors: { rules: [{ allowedMethods: ['GET'], allowedOrigins: ['*'], maxAgeSeconds: 5 }] },
          readonlyAccessAccounts: ['123456789012'],
          accessLogConfig: { enabled: false },
        }),
      )
      const expected = new Set(['SerializationException', 'InvalidInputException', 'NotFoundException'])
      for (let round = 0; round < 300; round++) {
        const body = Buffer.from(whole)
        for (let damage = random.below(4); damage >= 0; damage--)
          body[random.below(body.length)] = random.below(256)
        const answer = await send(sign(body, { target: 'Lightsail_20161128.UpdateBucket' }), body)
        assert.ok(
          expected.has(String(answer.body.__type)),
          `${body.toString('latin1')}: ${JSON.stringify(answer.body)}`,
        )
      }
    })
  })

  it('none of them was logged as a fault of the server', () => {
    const faults = server.logged.filter(({ message }) => message !== 'handler rejected')
    assert.deepEqual(
      faults.map(({ fields }) => fields),
      [],
    )
  })
})
