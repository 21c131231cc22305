import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { presignRequest } from '../../src/auth/presign-request.ts'
import { presign, signRequest, type RequestToSign } from './sign-request.ts'
import { SigningSecret } from './signing-secret.ts'

const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
const signer = { accessKeyId: 'AKIDEXAMPLE', secret: new SigningSecret(SECRET) }

/** The published suite of Signature Version 4 signs for this moment, place and service. */
const SUITE: RequestToSign = {
  method: 'GET',
  path: '/',
  payloadHash: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  service: 'service',
  region: 'us-east-1',
  host: 'example.amazonaws.com',
  nowMs: Date.UTC(2015, 7, 30, 12, 36),
}

/** Without WebCrypto, as on pages that came by plain http. */
async function withoutWebCrypto<T>(run: () => Promise<T>): Promise<T> {
  const { subtle } = crypto
  Object.defineProperty(crypto, 'subtle', { value: undefined, configurable: true })
  try {
    return await run()
  } finally {
    Object.defineProperty(crypto, 'subtle', { value: subtle, configurable: true })
  }
}

describe('signatures of the console', () => {
  it('are those of the published suite, with the browser’s cryptography and without it', async () => {
    const cases: readonly (readonly [Partial<RequestToSign>, string])[] = [
      [{}, '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
      [{ method: 'POST' }, '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
      [
        { query: { Param2: 'value2', Param1: 'value1' } },
        'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
      ],
    ]
    for (const [changed, signature] of cases) {
      const sign = () =>
        signRequest({ ...SUITE, ...changed }, { ...signer, secret: new SigningSecret(SECRET) })
      for (const { headers } of [await sign(), await withoutWebCrypto(sign)])
        assert.equal(headers['authorization']?.split('Signature=')[1], signature)
    }
  })

  it('in URLs are those that the command line makes, whatever the key of the object has in it', async () => {
    for (const key of ['coast.jpg', 'a b/ü+%25.txt', "~!'()*", '日本/\u{1F30A}']) {
      const nowMs = Date.UTC(2026, 10, 29)
      const target = await presign(
        { method: 'GET', path: `/photos/${key}`, region: 'eu-west-1', host: 'h', nowMs, expiresSeconds: 60 },
        signer,
      )
      const encoded = target.split('?', 1)[0] ?? ''
      const expected = presignRequest({
        method: 'GET',
        url: encoded,
        headers: { host: 'h' },
        credentials: { accessKeyId: signer.accessKeyId, secretAccessKey: SECRET },
        region: 'eu-west-1',
        nowMs,
        expiresSeconds: 60,
      })
      const signatureIn = (url: string): string | null =>
        new URL(url, 'http://h').searchParams.get('X-Amz-Signature')
      assert.equal(signatureIn(target), signatureIn(expected), key)
      assert.equal(decodeURIComponent(encoded), `/photos/${key}`)
    }
  })

  it('of temporary credentials cover their token', async () => {
    const { headers } = await signRequest(SUITE, { ...signer, sessionToken: 'token' })
    assert.match(headers['authorization'] ?? '', /SignedHeaders=host;x-amz-date;x-amz-security-token,/)
  })
})
