import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import {
  DeleteBucketPolicyCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketCorsCommand,
  PutBucketPolicyCommand,
} from '@aws-sdk/client-s3'
import { failsWith, sdkWorld } from './sdk-world.ts'
import type { TestAccount } from './start-server.ts'

const world = sdkWorld()
const BUCKET = 'form-bucket'
const REGION = 'us-east-1'

type Fields = Readonly<Record<string, string>>

/** A form whose policy is signed as Amazon documents it for version 4, and that limits the file to ten bytes. */
function signedForm({
  fields = {},
  conditions = [],
  signer = world().owner,
  region = REGION,
}: { fields?: Fields; conditions?: unknown[]; signer?: TestAccount; region?: string } = {}): Fields {
  const { accessKeyId, secretAccessKey } = signer.rootKey
  const now = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
  const date = now.slice(0, 8)
  const given: Fields = {
    ...fields,
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${accessKeyId}/${date}/${region}/s3/aws4_request`,
    'X-Amz-Date': now,
  }
  const document = {
    expiration: new Date(Date.now() + 60_000).toISOString(),
    conditions: [
      { bucket: BUCKET },
      ['starts-with', '$key', 'up/'],
      ['content-length-range', 1, 10],
      ...Object.entries(given).map(([name, value]) => ({ [name]: value })),
      ...conditions,
    ],
  }
  const Policy = Buffer.from(JSON.stringify(document)).toString('base64')
  let key: Buffer = Buffer.from(`AWS4${secretAccessKey}`)
  for (const part of [date, region, 's3', 'aws4_request', Policy])
    key = createHmac('sha256', key).update(part).digest()
  return { ...given, Policy, 'X-Amz-Signature': key.toString('hex') }
}

/** A form whose policy is signed with version 2, which forms alone may have. */
function signedByVersion2(): Fields {
  const { accessKeyId, secretAccessKey } = world().owner.rootKey
  const document = {
    expiration: new Date(Date.now() + 60_000).toISOString(),
    conditions: [{ bucket: BUCKET }, ['starts-with', '$key', 'up/']],
  }
  const policy = Buffer.from(JSON.stringify(document)).toString('base64')
  const signature = createHmac('sha1', secretAccessKey).update(policy).digest('base64')
  return { AWSAccessKeyId: accessKeyId, policy, signature }
}

/** Sends a form as browsers do, the file last. */
async function post(
  fields: Fields,
  file: { readonly name: string; readonly text: string },
  headers: Fields = {},
) {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('file', new Blob([file.text], { type: 'text/plain' }), file.name)
  const url = `${world().server.url}/${BUCKET}`
  const response = await fetch(url, { method: 'POST', body: form, headers, redirect: 'manual' })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

describe('a form that a browser sends', () => {
  before(() => world().makeBucket(BUCKET))

  it('stores its file under the key with the file’s name, with type and metadata of its fields', async () => {
    const fields = { 'Content-Type': 'text/x-note', 'x-amz-meta-author': 'Zoë' }
    const signed = signedForm({ fields, conditions: [{ success_action_status: '201' }] })
    const form = { ...signed, key: 'up/${filename}', success_action_status: '201' }
    const response = await post(form, { name: 'né +.txt', text: 'hello' })
    assert.equal(response.status, 201, response.text)
    assert.match(response.text, /<PostResponse>.*<Bucket>form-bucket<\/Bucket><Key>up\/né \+\.txt<\/Key>/s)
    const head = new HeadObjectCommand({ Bucket: BUCKET, Key: 'up/né +.txt', ChecksumMode: 'ENABLED' })
    assert.equal((await world().s3.send(head)).ChecksumType, 'FULL_OBJECT')
    const { Body, ContentType, Metadata } = await world().s3.send(
      new GetObjectCommand({ Bucket: BUCKET, Key: 'up/né +.txt' }),
    )
    assert.equal(await Body?.transformToString(), 'hello')
    assert.equal(ContentType, 'text/x-note')
    assert.deepEqual(Metadata, { author: `=?UTF-8?B?${Buffer.from('Zoë').toString('base64')}?=` })
  })

  it('has the file’s name in the place of ${filename} in every field, and its policy is held against that', async () => {
    const named = {
      'x-amz-meta-name': '${filename}',
      'Content-Disposition': 'attachment; filename="${filename}"',
    }
    const success_action_redirect = 'https://app.example/done?f=${filename}'
    const fields = { ...named, success_action_redirect }
    const starts = Object.keys(fields).map((name) => ['starts-with', `$${name}`, ''])
    const form = { ...signedForm({ conditions: starts }), key: 'up/named', ...fields }
    const response = await post(form, { name: 'a.txt', text: 'hello' })
    assert.equal(response.status, 303, response.text)
    assert.match(response.headers.get('location') ?? '', /^https:\/\/app\.example\/done\?f=a\.txt&/)
    const { Metadata, ContentDisposition } = await world().s3.send(
      new HeadObjectCommand({ Bucket: BUCKET, Key: 'up/named' }),
    )
    assert.deepEqual(Metadata, { name: 'a.txt' })
    assert.equal(ContentDisposition, 'attachment; filename="a.txt"')
    // What is signed as the text itself is not what arrives.
    const exact = { ...signedForm({ fields: named }), key: 'up/named' }
    assert.equal((await post(exact, { name: 'a.txt', text: 'hello' })).status, 403)
  })

  it('may have fields that PutObject has no use for, and may not ask for what would be lost', async () => {
    const file = { name: 'a', text: 'hello' }
    const unused = {
      'x-amz-checksum-algorithm': 'crc32',
      'x-amz-checksum-type': 'FULL_OBJECT',
      'x-amz-checksum-mode': 'enabled',
      'x-amz-te': 'append-md5',
      'x-amz-tagging-directive': 'COPY',
      'x-amz-server-side-encryption-bucket-key-enabled': 'true',
    }
    const taken = await post({ ...signedForm({ fields: unused }), key: 'up/unused' }, file)
    assert.equal(taken.status, 204, taken.text)
    for (const [name, value] of [
      ['x-amz-grant-write', 'id="none"'],
      ['x-amz-write-offset-bytes', '5'],
      ['x-amz-copy-source', `${BUCKET}/up/unused`],
      ['x-amz-object-lock-event-hold', 'ON'],
    ] as const) {
      const refused = await post({ ...signedForm({ fields: { [name]: value } }), key: 'up/refused' }, file)
      assert.match(refused.text, /<Code>NotImplemented</, name)
    }
    await assert.rejects(
      world().s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'up/refused' })),
      failsWith('NotFound', 404),
    )
  })

  it('is refused when it is signed for another region than the bucket’s, as other requests are', async () => {
    const form = { ...signedForm({ region: 'eu-west-1' }), key: 'up/elsewhere' }
    const response = await post(form, { name: 'a', text: 'hello' })
    assert.equal(response.status, 400)
    assert.match(response.text, /<Code>AuthorizationHeaderMalformed<.*<Region>us-east-1</s)
  })

  it('is sent on to where it says, with what was stored', async () => {
    const success_action_redirect = 'https://app.example/done?step=2'
    const form = { ...signedForm({ conditions: [{ success_action_redirect }] }), key: 'up/redirected' }
    const response = await post({ ...form, success_action_redirect }, { name: 'a', text: 'x' })
    assert.equal(response.status, 303)
    const location = new URL(response.headers.get('location') ?? '')
    assert.equal(location.href.startsWith(success_action_redirect), true)
    assert.equal(location.searchParams.get('key'), 'up/redirected')
    assert.equal(location.searchParams.get('etag'), response.headers.get('etag'))
  })

  for (const [status, more] of [
    [204, {}],
    [201, { success_action_status: '201' }],
    [303, { success_action_redirect: 'https://app.example/done' }],
  ] as const)
    it(`tells with ${status} what PutObject would tell: the checksum that its field promises, version and encryption`, async () => {
      // CRC-32C of "hello", by RFC 3720's polynomial.
      const fields: Fields = {
        'x-amz-checksum-algorithm': 'CRC32C',
        'x-amz-checksum-crc32c': 'mnG7TA==',
        ...more,
      }
      const sse = { 'x-amz-server-side-encryption': 'AES256' }
      const form = { ...signedForm({ fields: { ...fields, ...sse } }), key: 'up/checked' }
      const { headers, text, status: answered } = await post(form, { name: 'a', text: 'hello' })
      assert.equal(answered, status, text)
      assert.equal(headers.get('x-amz-checksum-crc32c'), 'mnG7TA==')
      assert.equal(headers.get('x-amz-checksum-type'), 'FULL_OBJECT')
      assert.equal(headers.get('x-amz-server-side-encryption'), 'AES256')
      const head = new HeadObjectCommand({ Bucket: BUCKET, Key: 'up/checked', ChecksumMode: 'ENABLED' })
      assert.equal((await world().s3.send(head)).ChecksumCRC32C, 'mnG7TA==')
      const other = await post(form, { name: 'a', text: 'jello' })
      assert.equal(other.status, 400, other.text)
      assert.match(other.text, /<Code>BadDigest<\/Code>/)
    })

  it('is told the condition that it does not meet as the policy has it, with quotes that stand for themselves', async () => {
    const conditions = [['eq', '$x-amz-meta-note', 'a & "b" <c>']]
    const form = { ...signedForm({ conditions }), key: 'up/refused', 'x-amz-meta-note': 'other' }
    const { text } = await post(form, { name: 'a', text: 'hello' })
    assert.match(
      text,
      /<Message>[^<]*Policy Condition failed: \["eq", "\$x-amz-meta-note", "a &amp; .{0,3}"b.{0,3}" &lt;c&gt;"\]<\/Message>/,
    )
  })

  const refused: readonly [what: string, code: string, status: number, fields: Fields, text: string][] = [
    ['a key that the policy does not cover', 'AccessDenied', 403, { key: 'elsewhere' }, 'x'],
    ['a field that the policy does not cover', 'AccessDenied', 403, { acl: 'public-read' }, 'x'],
    ['a file that is too large', 'EntityTooLarge', 400, {}, '01234567890'],
    ['a file that is too small', 'EntityTooSmall', 400, {}, ''],
    ['another policy than the signed one', 'SignatureDoesNotMatch', 403, { Policy: 'e30=' }, 'x'],
  ]
  for (const [what, code, status, fields, text] of refused)
    it(`with ${what} is refused with ${code}, and nothing is stored`, async () => {
      const key = 'up/refused'
      const response = await post({ ...signedForm(), key, ...fields }, { name: 'a', text })
      assert.equal(response.status, status, response.text)
      assert.match(response.text, new RegExp(`<Code>${code}</Code>`))
      for (const Key of [key, 'elsewhere'])
        await assert.rejects(
          world().s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key })),
          failsWith('NotFound', 404),
        )
    })

  it('is refused with fields and headers of what is not offered', async () => {
    const file = { name: 'a', text: 'x' }
    const fields = { 'x-amz-grant-write': 'x' }
    const withField = await post({ ...signedForm({ fields }), key: 'up/refused' }, file)
    assert.equal(withField.status, 501, withField.text)
    const withHeader = await post({ ...signedForm(), key: 'up/refused' }, file, { 'if-none-match': '*' })
    assert.equal(withHeader.status, 501, withHeader.text)
  })

  it('is refused with a field that no header could hold, for the object could not be read again', async () => {
    for (const fields of [
      { 'x-amz-meta-note': 'one\r\ntwo' },
      { 'Content-Disposition': 'a\0b' },
      { 'Cache-Control': 'a\x7f' },
      { 'x-amz-meta-né': 'v' },
      { 'x-amz-meta-two words': 'v' },
    ]) {
      const response = await post({ ...signedForm({ fields }), key: 'up/refused' }, { name: 'a', text: 'x' })
      const [name = ''] = Object.keys(fields)
      assert.equal(response.status, 400, response.text)
      assert.match(response.text, /<Code>InvalidArgument<\/Code>/)
      assert.match(response.text, new RegExp(`<ArgumentName>${name.toLowerCase()}</ArgumentName>`))
    }
  })

  it('may have fields of the page’s own, whatever their names', async () => {
    const fields = { 'Upload to été': 'x' }
    const response = await post({ ...signedForm({ fields }), key: 'up/own' }, { name: 'a', text: 'x' })
    assert.equal(response.status, 204, response.text)
  })

  it('of another origin gets the headers of the bucket’s CORS rules with its response', async () => {
    const rule = {
      AllowedMethods: ['POST'],
      AllowedOrigins: ['https://app.example'],
      ExposeHeaders: ['ETag'],
    }
    const CORSConfiguration = { CORSRules: [rule] }
    await world().s3.send(new PutBucketCorsCommand({ Bucket: BUCKET, CORSConfiguration }))
    const origin = { origin: 'https://app.example' }
    const stored = await post({ ...signedForm(), key: 'up/shared' }, { name: 'a', text: 'x' }, origin)
    const refused = await post({ ...signedForm(), key: 'other' }, { name: 'a', text: 'x' }, origin)
    for (const { headers } of [stored, refused])
      assert.equal(headers.get('access-control-allow-origin'), 'https://app.example')
    assert.deepEqual([stored.status, refused.status], [204, 403])
  })

  it('of another origin is never told of headers that no response could name', async () => {
    for (const name of ['two words', 'one\ntwo', 'x-*']) {
      const rule = { AllowedMethods: ['POST'], AllowedOrigins: ['*'], ExposeHeaders: [name] }
      const CORSConfiguration = { CORSRules: [rule] }
      await assert.rejects(
        world().s3.send(new PutBucketCorsCommand({ Bucket: BUCKET, CORSConfiguration })),
        failsWith('InvalidRequest', 400),
      )
    }
  })

  it('counts as a use of the key that signed its policy', async () => {
    const signer = world().stranger
    const { accessKeyId } = signer.rootKey
    const lastUse = async () =>
      (await world().server.context.accessKeyUses.read([accessKeyId])).get(accessKeyId)
    assert.equal(await lastUse(), undefined)
    await post({ ...signedForm({ signer }), key: 'up/used' }, { name: 'a', text: 'x' })
    assert.equal((await lastUse())?.serviceName, 's3')
  })

  it('holds to the condition that one of its fields sets', async () => {
    const fields = { 'if-none-match': '*' }
    const form = { ...signedForm({ fields }), key: 'up/once' }
    const file = { name: 'a', text: 'x' }
    assert.deepEqual([(await post(form, file)).status, (await post(form, file)).status], [204, 412])
  })

  it('is refused with an ACL where the owner enforces ownership', async () => {
    for (const acl of ['public-read', 'private', 'authenticated-read']) {
      const form = { ...signedForm({ fields: { acl } }), key: 'up/acl' }
      const response = await post(form, { name: 'a.txt', text: 'hello' })
      assert.equal(response.status, 400)
      assert.match(response.text, /<Code>AccessControlListNotSupported<\/Code>/)
    }
    const own = { ...signedForm({ fields: { acl: 'bucket-owner-full-control' } }), key: 'up/acl' }
    assert.equal((await post(own, { name: 'a.txt', text: 'hello' })).status, 204)
  })

  it('has its tags in one field, and what is decided on them is decided on those that count', async () => {
    const none = '<Tagging><TagSet></TagSet></Tagging>'
    const fields = { tagging: none, 'x-amz-tagging': 'access=admin' }
    const response = await post({ ...signedForm({ fields }), key: 'up/twice' }, { name: 'a', text: 'x' })
    assert.equal(response.status, 400)
    assert.match(response.text, /<Code>InvalidArgument<\/Code>/)
  })

  it('is held against the owner that one of its fields expects', async () => {
    const send = (owner: string) => {
      const fields = { 'x-amz-expected-bucket-owner': owner }
      return post({ ...signedForm({ fields }), key: 'up/owned' }, { name: 'a', text: 'x' })
    }
    assert.equal((await send('000000000000')).status, 403)
    assert.equal((await send(world().owner.account.accountId)).status, 204)
  })

  describe('where the bucket’s policy looks at how it came', () => {
    const denyWhen = (Condition: object) =>
      world().s3.send(
        new PutBucketPolicyCommand({
          Bucket: BUCKET,
          Policy: JSON.stringify({
            Version: '2012-10-17',
            Statement: {
              Effect: 'Deny',
              Principal: '*',
              Action: 's3:PutObject',
              Resource: `arn:aws:s3:::${BUCKET}/*`,
              Condition,
            },
          }),
        }),
      )
    const statusOf = async (form: Fields) =>
      (await post({ ...form, key: 'up/signed' }, { name: 'a', text: 'x' })).status
    after(() => world().s3.send(new DeleteBucketPolicyCommand({ Bucket: BUCKET })))

    it('is of the version that it is signed with', async () => {
      assert.equal(await statusOf(signedByVersion2()), 204)
      await denyWhen({ StringNotEquals: { 's3:signatureversion': 'AWS4-HMAC-SHA256' } })
      assert.deepEqual([await statusOf(signedByVersion2()), await statusOf(signedForm())], [403, 204])
      await denyWhen({ StringEquals: { 's3:signatureversion': 'AWS' } })
      assert.deepEqual([await statusOf(signedByVersion2()), await statusOf(signedForm())], [403, 204])
    })

    it('comes from the page that its headers tell of, whatever its fields say', async () => {
      await denyWhen({ StringNotLike: { 'aws:Referer': 'https://app.example/*' } })
      const page = 'https://app.example/upload'
      const file = { name: 'a', text: 'x' }
      const ofFields = { ...signedForm({ fields: { referer: page } }), key: 'up/paged' }
      assert.equal((await post(ofFields, file)).status, 403)
      const sent = await post({ ...signedForm(), key: 'up/paged' }, file, { referer: page })
      assert.equal(sent.status, 204, sent.text)
    })

    it('has the age of its signature', async () => {
      await denyWhen({ NumericLessThan: { 's3:signatureAge': '600000' } })
      assert.equal(await statusOf(signedForm()), 403)
      await denyWhen({ NumericGreaterThan: { 's3:signatureAge': '600000' } })
      assert.equal(await statusOf(signedForm()), 204)
    })
  })
})
