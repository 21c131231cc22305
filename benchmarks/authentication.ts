// How many signed requests per second one core verifies, and where the time goes.
//   node --import tsx benchmarks/authentication.ts
import { parseRequestHead } from '../src/auth/request-head.ts'
import { canonicalRequest } from '../src/auth/canonical-request.ts'
import { parseAuthentication } from '../src/auth/parse-authentication.ts'
import { EMPTY_SHA256 } from '../src/auth/payload-hash.ts'
import { presignRequest } from '../src/auth/presign-request.ts'
import { S3_RULES } from '../src/auth/service-rules.ts'
import { signRequest } from '../src/auth/sign-request.ts'
import { SigningKeyCache } from '../src/auth/signing-key-cache.ts'
import { verifyAuthentication } from '../src/auth/verify-authentication.ts'

const ROUNDS = 5
const REQUESTS = 50_000
const nowMs = Date.UTC(2030, 0, 1)
const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x'.repeat(40) }
const host = 'localhost:9400'
const url = '/bucket/folder/name%20of%20an%20object.bin'

const headers = signRequest({
  method: 'PUT',
  url,
  headers: {
    host,
    'content-type': 'application/octet-stream',
    'content-length': '4096',
    'x-amz-user-agent': 'aws-sdk-js/3.1173.0',
    'amz-sdk-invocation-id': '00000000-0000-4000-8000-000000000000',
    'amz-sdk-request': 'attempt=1; max=3',
  },
  payloadHash: EMPTY_SHA256,
  credentials,
  rules: S3_RULES,
  region: 'us-east-1',
  nowMs,
}).headers
const inHeaders = { method: 'PUT', url, rawHeaders: Object.entries(headers).flat() }
const inQuery = {
  method: 'GET',
  url: presignRequest({
    method: 'GET',
    url,
    headers: { host },
    credentials,
    region: 'us-east-1',
    nowMs,
    expiresSeconds: 60,
  }),
  rawHeaders: ['Host', host],
}
const keys = new SigningKeyCache()
const credential = {
  accessKeyId: credentials.accessKeyId,
  secretVersion: 1,
  openSecret: () => credentials.secretAccessKey,
}

function verify(request: typeof inQuery, cache: SigningKeyCache): void {
  const head = parseRequestHead(request)
  const authentication = parseAuthentication(head, S3_RULES)
  if (authentication.type === 'anonymous') throw new Error('the request is signed')
  verifyAuthentication({ head, authentication, rules: S3_RULES, credential, keys: cache, nowMs })
}

function measure(title: string, run: () => void): void {
  for (let count = 0; count < REQUESTS / 5; count++) run()
  const rates: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const startedAt = process.hrtime.bigint()
    for (let count = 0; count < REQUESTS; count++) run()
    rates.push((REQUESTS * 1e9) / Number(process.hrtime.bigint() - startedAt))
  }
  rates.sort((left, right) => left - right)
  const median = rates[Math.floor(ROUNDS / 2)] ?? 0
  process.stdout.write(`${title.padEnd(44)} ${Math.round(median).toString().padStart(9)} /s\n`)
}

process.stdout.write(`node ${process.version}, median of ${ROUNDS} rounds of ${REQUESTS}\n`)
measure('verify, signed in headers, key cached', () => verify(inHeaders, keys))
measure('verify, presigned URL, key cached', () => verify(inQuery, keys))
measure('verify, signed in headers, key derived', () => verify(inHeaders, new SigningKeyCache()))
const head = parseRequestHead(inHeaders)
measure('only read target and headers', () => void parseRequestHead(inHeaders))
measure('only parse the Authorization header', () => void parseAuthentication(head, S3_RULES))
const parsed = parseAuthentication(head, S3_RULES)
if (parsed.type === 'anonymous') throw new Error('the request is signed')
const { signedHeaders } = parsed
measure('only build the canonical request', () => {
  canonicalRequest({
    head,
    pathRule: 'single',
    signedHeaders,
    payloadHash: EMPTY_SHA256,
    omitsSignature: false,
  })
})
