import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { ChunkSignatures } from '../../src/auth/chunk-signature.ts'
import { parseAuthentication } from '../../src/auth/parse-authentication.ts'
import { EMPTY_SHA256 } from '../../src/auth/payload-hash.ts'
import { presignRequest } from '../../src/auth/presign-request.ts'
import { requestHead } from '../harness/request-head.ts'
import { S3_RULES } from '../../src/auth/service-rules.ts'
import type { SignedRequest } from '../../src/auth/sign-request.ts'
import { signRequest } from '../../src/auth/sign-request.ts'
import { SigningKeyCache } from '../../src/auth/signing-key-cache.ts'
import { verifyAuthentication } from '../../src/auth/verify-authentication.ts'

// The worked examples of Amazon S3's API reference, chapter "Authenticating requests (Signature Version 4)".
const credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
}
const NOW = Date.UTC(2013, 4, 24)
const HOST = 'examplebucket.s3.amazonaws.com'

interface Example {
  readonly title: string
  readonly method: string
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly payloadHash?: string
  readonly signature: string
}

const EXAMPLES: readonly Example[] = [
  {
    title: 'a GET of an object with a range',
    method: 'GET',
    url: '/test.txt',
    headers: { range: 'bytes=0-9' },
    signature: 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  },
  {
    title: 'a PUT of an object with a storage class',
    method: 'PUT',
    url: '/test%24file.text',
    headers: { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
    payloadHash: createHash('sha256').update('Welcome to Amazon S3.').digest('hex'),
    signature: '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  },
  {
    title: 'a GET of a lifecycle configuration',
    method: 'GET',
    url: '/?lifecycle',
    signature: 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
  },
  {
    title: 'a listing',
    method: 'GET',
    url: '/?max-keys=2&prefix=J',
    signature: '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  },
]

const signed = (example: Omit<Example, 'title' | 'signature'>): SignedRequest =>
  signRequest({
    method: example.method,
    url: example.url,
    headers: { host: HOST, ...example.headers },
    payloadHash: example.payloadHash ?? EMPTY_SHA256,
    credentials,
    rules: S3_RULES,
    region: 'us-east-1',
    nowMs: NOW,
  })

const verified = (method: string, url: string, headers: Readonly<Record<string, string>>) => {
  const head = requestHead({ method, url, headers })
  const authentication = parseAuthentication(head, S3_RULES)
  assert.ok(authentication.type !== 'anonymous')
  return verifyAuthentication({
    head,
    authentication,
    rules: S3_RULES,
    credential: {
      accessKeyId: credentials.accessKeyId,
      secretVersion: 1,
      openSecret: () => credentials.secretAccessKey,
    },
    keys: new SigningKeyCache(),
    nowMs: NOW,
    region: 'us-east-1',
  })
}

describe('the published examples of signature version 4', () => {
  for (const example of EXAMPLES) {
    it(`${example.title} gets the published signature and is verified`, () => {
      const request = signed(example)
      assert.equal(request.signature, example.signature)
      assert.equal(verified(example.method, example.url, request.headers).signature, example.signature)
    })
  }

  it('a presigned URL gets the published signature and is verified', () => {
    const url = presignRequest({
      method: 'GET',
      url: '/test.txt',
      headers: { host: HOST },
      credentials,
      region: 'us-east-1',
      nowMs: NOW,
      expiresSeconds: 86_400,
    })
    const signature = 'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404'
    assert.equal(url.slice(-64), signature)
    assert.equal(verified('GET', url, { host: HOST }).signature, signature)
  })

  const CHUNKS = [Buffer.alloc(65_536, 'a'), Buffer.alloc(1_024, 'a'), Buffer.alloc(0)]
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
  const upload = {
    method: 'PUT',
    url: '/examplebucket/chunkObject.txt',
    headers: {
      host: 's3.amazonaws.com',
      'x-amz-storage-class': 'REDUCED_REDUNDANCY',
      'content-encoding': 'aws-chunked',
      'x-amz-decoded-content-length': '66560',
    },
  }

  it('an upload in signed chunks gets the published signatures', () => {
    const request = signed({
      ...upload,
      headers: { ...upload.headers, 'content-length': '66824' },
      payloadHash: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    })
    assert.equal(request.signature, '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9')
    const chain = new ChunkSignatures(request)
    assert.deepEqual(
      CHUNKS.map((chunk) => chain.signChunk(sha256(chunk))),
      [
        'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
        '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
        'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
      ],
    )
  })

  it('an upload in signed chunks with a trailer gets the published signatures', () => {
    const request = signed({
      ...upload,
      headers: { ...upload.headers, 'x-amz-trailer': 'x-amz-checksum-crc32c' },
      payloadHash: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
    })
    assert.equal(request.signature, '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e')
    const chain = new ChunkSignatures(request)
    assert.deepEqual(
      CHUNKS.map((chunk) => chain.signChunk(sha256(chunk))),
      [
        'b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2',
        '1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7',
        '2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992',
      ],
    )
    assert.equal(
      chain.signTrailer('x-amz-checksum-crc32c:sOO8/Q==\n'),
      'd81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435',
    )
  })
})
