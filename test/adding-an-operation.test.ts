import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import {
  GetObjectCommand,
  PutBucketPolicyCommand,
  PutBucketRequestPaymentCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import { operation } from '../src/model/operation.ts'
import { requiredPayload } from '../src/model/s3/bindings.ts'
import { right, rightWhen, type RightCondition } from '../src/model/s3/right.ts'
import { bodyIntegrityHeaders } from '../src/model/s3/shapes/checksum.ts'
import { bucketInAddress } from '../src/model/s3/shapes/primitives.ts'
import { enumeration, required, structure } from '../src/model/shape.ts'
import { handler } from '../src/s3/operation-handler.ts'
import { S3_OPERATIONS } from '../src/s3/operations/index.ts'
import { S3Error } from '../src/s3/s3-error.ts'
import { permissionsPage } from './documents/permissions-page.ts'
import { SignedClient } from './harness/signed-client.ts'
import { startServer, type TestServer } from './s3/start-server.ts'

// What docs/adding-an-operation.md says to write: an operation of S3 that Lugsail does not have, as its two files would hold it.

// model/s3/settings/request-payment.ts
const asksRequester: RightCondition<{
  readonly RequestPaymentConfiguration?: { readonly Payer?: string } | undefined
}> = {
  says: 'the document names the requester',
  holds: ({ RequestPaymentConfiguration }) => RequestPaymentConfiguration?.Payer === 'Requester',
}
const putBucketRequestPayment = operation('PutBucketRequestPayment', {
  http: { method: 'PUT', target: 'bucket', query: 'requestPayment' },
  rights: [
    right('s3:PutBucketRequestPayment', 'bucket'),
    rightWhen(asksRequester, 's3:PutBucketAcl', { on: 'bucket' }),
  ],
  input: structure({
    ...bucketInAddress,
    ...bodyIntegrityHeaders,
    RequestPaymentConfiguration: requiredPayload(
      structure({ Payer: required(enumeration(['BucketOwner', 'Requester'])) }),
      'RequestPaymentConfiguration',
    ),
  }),
  output: structure({}),
  errors: ['InvalidBucketState'],
})

// s3/operations/settings/request-payment.ts
const taken: string[] = []
const putBucketRequestPaymentHandler = handler(putBucketRequestPayment, async (input, call) => {
  const { Payer } = input.RequestPaymentConfiguration
  if (Payer === 'Requester')
    throw new S3Error('InvalidBucketState', 'Nobody pays for requests to this bucket.')
  taken.push(`${call.bucket.name} ${Payer}`)
  return {}
})

const BUCKET = 'paid'
const OPERATIONS = [...S3_OPERATIONS, putBucketRequestPaymentHandler]

let server: TestServer
let owner: S3Client
let other: S3Client
let ownersRequests: SignedClient
let otherAccountId: string

before(async () => {
  server = await startServer({ operations: OPERATIONS })
  const [mine, others] = [await server.createAccount('owner'), await server.createAccount('other')]
  const clientOf = (credentials: typeof mine.rootKey) =>
    new S3Client({
      endpoint: server.url,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials,
      maxAttempts: 1,
    })
  owner = clientOf(mine.rootKey)
  other = clientOf(others.rootKey)
  otherAccountId = others.account.accountId
  ownersRequests = new SignedClient({ endpoint: server.url, region: 'us-east-1' }, mine.rootKey)
  const { status } = await ownersRequests.s3({ method: 'PUT', path: `/${BUCKET}` })
  assert.equal(status, 200)
})

beforeEach(() => {
  taken.length = 0
})

after(async () => {
  owner.destroy()
  other.destroy()
  await server.stop()
  assert.deepEqual(server.errors, [])
})

const setPayer = (client: S3Client, Payer: 'BucketOwner' | 'Requester') =>
  client.send(new PutBucketRequestPaymentCommand({ Bucket: BUCKET, RequestPaymentConfiguration: { Payer } }))
const grantOther = (...actions: readonly string[]) =>
  owner.send(
    new PutBucketPolicyCommand({
      Bucket: BUCKET,
      Policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: `arn:aws:iam::${otherAccountId}:root` },
            Action: actions,
            Resource: `arn:aws:s3:::${BUCKET}`,
          },
        ],
      }),
    }),
  )
const failsWith = (name: string, status: number) => (error: unknown) =>
  error instanceof S3ServiceException && error.name === name && error.$metadata.httpStatusCode === status

describe('an operation that was added to S3', () => {
  it('is not there without its handler', async () => {
    const without = await startServer()
    const { rootKey } = await without.createAccount('owner')
    const client = new SignedClient({ endpoint: without.url, region: 'us-east-1' }, rootKey)
    const response = await client.s3({ method: 'PUT', path: `/${BUCKET}?requestPayment` })
    assert.equal(response.status, 501)
    await without.stop()
  })

  it('is found by its marker, and reads its input as the official SDK writes it', async () => {
    await setPayer(owner, 'BucketOwner')
    assert.deepEqual(taken, [`${BUCKET} BucketOwner`])
  })

  it('refuses a document that its shape does not allow before the handler hears of it', async () => {
    const wrong = [
      '<RequestPaymentConfiguration><Payer>Nobody</Payer></RequestPaymentConfiguration>',
      '<RequestPaymentConfiguration/>',
      '<RequestPaymentConfiguration><Payer>BucketOwner',
    ]
    for (const document of wrong) {
      const response = await ownersRequests.s3({
        method: 'PUT',
        path: `/${BUCKET}?requestPayment`,
        body: Buffer.from(document),
      })
      assert.equal(response.status, 400, document)
      assert.match(response.body.toString(), /<Code>MalformedXML<\/Code>/, document)
    }
    const empty = await ownersRequests.s3({ method: 'PUT', path: `/${BUCKET}?requestPayment` })
    assert.match(empty.body.toString(), /<Code>MissingRequestBodyError<\/Code>/)
    assert.deepEqual(taken, [])
  })

  it('answers the error that its handler throws as S3 writes errors', async () => {
    await assert.rejects(setPayer(owner, 'Requester'), failsWith('InvalidBucketState', 409))
  })

  it('is allowed to whom its rights are granted, and asks for those that its input needs besides', async () => {
    await assert.rejects(setPayer(other, 'BucketOwner'), failsWith('AccessDenied', 403))
    await grantOther('s3:PutBucketRequestPayment')
    await setPayer(other, 'BucketOwner')
    assert.deepEqual(taken, [`${BUCKET} BucketOwner`])
    await assert.rejects(setPayer(other, 'Requester'), failsWith('AccessDenied', 403))
    await grantOther('s3:PutBucketRequestPayment', 's3:PutBucketAcl')
    await assert.rejects(setPayer(other, 'Requester'), failsWith('InvalidBucketState', 409))
  })

  it('is told from a method that its resource does not have', async () => {
    const response = await ownersRequests.s3({ method: 'DELETE', path: `/${BUCKET}?requestPayment` })
    assert.equal(response.status, 405)
    assert.equal(response.headers.allow, 'PUT')
  })

  it('leaves all other operations as they were', async () => {
    await assert.rejects(
      owner.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'none' })),
      failsWith('NoSuchKey', 404),
    )
  })

  it('has its rows in the page of permissions', () => {
    const rows = (page: string) =>
      page
        .split('\n')
        .filter((line) => line.includes('PutBucketRequestPayment'))
        .map((line) => line.split('|').map((cell) => cell.trim()))
    assert.deepEqual(rows(permissionsPage()), [])
    assert.deepEqual(rows(permissionsPage(OPERATIONS)), [
      ['', 'PutBucketRequestPayment', '`s3:PutBucketRequestPayment`', '', 'the bucket', '', ''],
      [
        '',
        'PutBucketRequestPayment',
        '`s3:PutBucketAcl`',
        '',
        'the bucket',
        'the document names the requester',
        '',
      ],
    ])
  })
})
