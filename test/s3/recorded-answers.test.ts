import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { presignRequest } from '../../src/auth/presign-request.ts'
import { SignedClient, type HttpResponse } from '../harness/signed-client.ts'
import { sdkWorld } from './sdk-world.ts'

// What Amazon was seen to answer where its documentation says nothing, or little.

const world = sdkWorld()
const REGION = 'us-east-1'
let client: SignedClient
let plain: string
let versioned: string

type Headers = Record<string, string>
const send = (method: string, path: string, headers: Headers = {}, text = ''): Promise<HttpResponse> =>
  client.s3({ method, path, headers, body: Buffer.from(text) })
const code = ({ status, body }: HttpResponse): string =>
  `${status} ${/<Code>(\w+)</.exec(body.toString())?.[1] ?? ''}`.trim()
const all = ({ body }: HttpResponse, name: string): string[] =>
  [...body.toString().matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text = '']) => text)
const document = (text: string): Headers => ({
  'content-md5': createHash('md5').update(text).digest('base64'),
})
const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toUTCString()

describe('as Amazon was seen to answer,', () => {
  before(async () => {
    const { server, owner, makeBucket } = world()
    client = new SignedClient({ endpoint: server.url, region: REGION }, owner.rootKey)
    plain = `/${await makeBucket('recorded')}`
    versioned = `/${await makeBucket('recorded-versions')}`
    const enabled = '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>'
    assert.equal(code(await send('PUT', `${versioned}?versioning`, document(enabled), enabled)), '200')
    for (const bucket of [plain, versioned])
      for (const key of ['folder/sub/1', 'folder/sub/2', 'folder/zip', 'ten'])
        assert.equal(code(await send('PUT', `${bucket}/${key}`, {}, '0123456789')), '200')
  })
  after(() => client.close())

  describe('a condition on when an object was modified', () => {
    it('is passed over where the time is still to come', async () => {
      const later = inDays(1)
      assert.equal(code(await send('GET', `${plain}/ten`, { 'if-modified-since': later })), '200')
      assert.equal(code(await send('HEAD', `${plain}/ten`, { 'if-modified-since': later })), '200')
      const source = { 'x-amz-copy-source': `${plain}/ten`, 'x-amz-copy-source-if-modified-since': later }
      assert.equal(code(await send('PUT', `${plain}/copy`, source)), '200')
    })

    it('that is of a copy\u2019s source is named so where it fails', async () => {
      const etag = '"781e5e245d69b566979b86e28d23f2c7"'
      for (const [name, value, condition] of [
        ['if-match', '"0"', 'x-amz-copy-source-If-Match'],
        ['if-none-match', etag, 'x-amz-copy-source-If-None-Match'],
        ['if-unmodified-since', inDays(-1), 'x-amz-copy-source-If-Unmodified-Since'],
      ] as const) {
        const source = { 'x-amz-copy-source': `${plain}/ten`, [`x-amz-copy-source-${name}`]: value }
        const refused = await send('PUT', `${plain}/copy`, source)
        assert.deepEqual([code(refused), all(refused, 'Condition')], ['412 PreconditionFailed', [condition]])
      }
    })
  })

  describe('a listing', () => {
    it('whose marker lies under a common prefix goes on behind that prefix', async () => {
      for (const [bucket, query] of [
        [plain, 'marker'],
        [plain, 'key-marker&versions'],
        [versioned, 'key-marker&versions'],
      ] as const) {
        const [name = '', mark = 'list'] = query.split('&')
        const listed = await send(
          'GET',
          `${bucket}?${mark === 'list' ? '' : 'versions&'}prefix=folder/&delimiter=/&${name}=folder/sub/1`,
        )
        assert.deepEqual([all(listed, 'Key'), all(listed, 'Prefix')], [['folder/zip'], ['folder/']], query)
      }
      const begun = await Promise.all(
        ['folder/sub/1', 'folder/sub/2', 'folder/zip'].map((key) => send('POST', `${plain}/${key}?uploads`)),
      )
      assert.deepEqual(begun.map(code), ['200', '200', '200'])
      const uploads = await send('GET', `${plain}?uploads&prefix=folder/&delimiter=/&key-marker=folder/sub/1`)
      assert.deepEqual([all(uploads, 'Key'), all(uploads, 'Prefix')], [['folder/zip'], ['folder/']])
    })

    it('that goes on by a token does not say where the first page began', async () => {
      const first = await send('GET', `${plain}?list-type=2&start-after=folder/sub/1&max-keys=1`)
      const [token = ''] = all(first, 'NextContinuationToken')
      const next = await send(
        'GET',
        `${plain}?list-type=2&start-after=folder/sub/1&continuation-token=${token}`,
      )
      assert.deepEqual([all(first, 'StartAfter'), all(next, 'StartAfter')], [['folder/sub/1'], []])
    })

    it('takes a number that is left empty for none', async () => {
      assert.equal(all(await send('GET', `${plain}?list-type=2&max-keys=`), 'MaxKeys')[0], '1000')
      const [uploadId = ''] = all(await send('POST', `${plain}/parts?uploads`), 'UploadId')
      const parts = await send('GET', `${plain}/parts?uploadId=${uploadId}&part-number-marker=&max-parts=`)
      assert.deepEqual([all(parts, 'PartNumberMarker'), all(parts, 'MaxParts')], [['0'], ['1000']])
      assert.equal(
        code(await send('PUT', `${plain}/parts?partNumber=&uploadId=${uploadId}`)),
        '400 InvalidArgument',
      )
    })

    it('of buckets names each by its ARN, as making and finding one does', async () => {
      const arn = `arn:aws:s3:::${plain.slice(1)}`
      assert(all(await send('GET', '/'), 'BucketArn').includes(arn))
      assert.equal((await send('HEAD', plain)).headers['x-amz-bucket-arn'], arn)
      assert.equal((await send('PUT', plain)).headers['x-amz-bucket-arn'], arn)
    })
  })

  describe('a delete marker on top', () => {
    it('is what a change of a version means, and a question for its tags: 405 that says so', async () => {
      await send('DELETE', `${versioned}/gone`)
      const tags = '<Tagging><TagSet/></Tagging>'
      for (const [method, query, text] of [
        ['GET', 'tagging', ''],
        ['PUT', 'tagging', tags],
        ['DELETE', 'tagging', ''],
      ] as const) {
        const refused = await send(
          method,
          `${versioned}/gone?${query}`,
          text === '' ? {} : document(text),
          text,
        )
        assert.deepEqual(
          [code(refused), all(refused, 'Method'), all(refused, 'ResourceType'), refused.headers.allow],
          ['405 MethodNotAllowed', [method], ['DeleteMarker'], 'DELETE'],
        )
      }
      const owned = { 'x-amz-acl': 'private' }
      assert.equal(code(await send('PUT', `${versioned}/gone?acl`, owned)), '405 MethodNotAllowed')
      assert.equal(code(await send('GET', `${versioned}/gone`)), '404 NoSuchKey')
      assert.equal(code(await send('GET', `${versioned}/gone?acl`)), '404 NoSuchKey')
    })
  })

  describe('passing governance by', () => {
    it('is refused in a bucket without locks, for one object and for many, and also where it is not wanted', async () => {
      const batch = '<Delete><Object><Key>ten</Key></Object></Delete>'
      for (const value of ['true', 'false', 'True']) {
        const bypass = { 'x-amz-bypass-governance-retention': value }
        assert.equal(code(await send('DELETE', `${plain}/ten`, bypass)), '400 InvalidArgument')
        const many = await send('POST', `${plain}?delete`, { ...document(batch), ...bypass }, batch)
        assert.deepEqual(
          [code(many), all(many, 'ArgumentName')],
          ['400 InvalidArgument', ['x-amz-bypass-governance-retention']],
        )
      }
      assert.equal(code(await send('HEAD', `${plain}/ten`)), '200')
    })
  })

  describe('making a bucket that is there', () => {
    it('is refused where tags are given, which it would not get', async () => {
      const tags = (inner: string) =>
        `<CreateBucketConfiguration><Tags>${inner}</Tags></CreateBucketConfiguration>`
      const given = tags('<Tag><Key>a</Key><Value>1</Value></Tag>')
      assert.equal(code(await send('PUT', plain, {}, given)), '409 BucketAlreadyOwnedByYou')
      assert.equal(code(await send('PUT', plain, {}, tags(''))), '200')
      assert.equal(code(await send('PUT', plain)), '200')
      assert.equal(code(await send('GET', `${plain}?tagging`)), '404 NoSuchTagSet')
    })
  })

  describe('tags', () => {
    it('are none where the document has no list of them', async () => {
      const one = '<Tagging><TagSet><Tag><Key>a</Key><Value>1</Value></Tag></TagSet></Tagging>'
      const none = '<Tagging/>'
      for (const place of [plain, `${plain}/ten`]) {
        for (const text of [one, none])
          assert.match(code(await send('PUT', `${place}?tagging`, document(text), text)), /^20[04]$/)
      }
      assert.equal(code(await send('GET', `${plain}?tagging`)), '404 NoSuchTagSet')
      assert.deepEqual(all(await send('GET', `${plain}/ten?tagging`), 'Key'), [])
    })

    it('in a header in another notation are no such header', async () => {
      for (const text of ['a=1,b=2', 'a=1;b=2', 'a=1&a=2'])
        assert.equal(
          code(await send('PUT', `${plain}/tagged`, { 'x-amz-tagging': text })),
          '400 InvalidArgument',
          text,
        )
    })
  })

  describe('a policy', () => {
    it('of no bytes is malformed, as one that is no JSON', async () => {
      for (const text of ['', 'x', '[]'])
        assert.equal(code(await send('PUT', `${plain}?policy`, {}, text)), '400 MalformedPolicy', text)
    })
  })

  describe('a range', () => {
    it('of all bytes comes with the checksum of the object, and no other does', async () => {
      const told = async (range: string) =>
        (await send('GET', `${plain}/ten`, { range, 'x-amz-checksum-mode': 'ENABLED' })).headers[
          'x-amz-checksum-type'
        ]
      for (const range of ['bytes=0-9', 'bytes=0-100', 'bytes=0-', 'bytes=-15'])
        assert.equal(await told(range), 'FULL_OBJECT', range)
      for (const range of ['bytes=0-8', 'bytes=1-', 'bytes=-9'])
        assert.equal(await told(range), undefined, range)
    })

    it('of a part to be copied is an InvalidRequest where it begins behind the end', async () => {
      const [uploadId = ''] = all(await send('POST', `${plain}/copied?uploads`), 'UploadId')
      const copy = (range: string) =>
        send('PUT', `${plain}/copied?partNumber=1&uploadId=${uploadId}`, {
          'x-amz-copy-source': `${plain}/ten`,
          'x-amz-copy-source-range': range,
        })
      assert.equal(code(await copy('bytes=0-9')), '200')
      assert.equal(code(await copy('bytes=9-10')), '400 InvalidArgument')
      assert.equal(code(await copy('bytes=10-10')), '400 InvalidRequest')
      assert.equal(code(await copy('bytes=100-200')), '400 InvalidRequest')
    })
  })

  describe('a preflight', () => {
    it('about a bucket that is not there or has no rules is forbidden, and so told whatever it asks', async () => {
      const ask = (path: string, headers: Headers) => send('OPTIONS', path, headers)
      for (const path of ['/no-such-bucket/key', `${plain}/ten`]) {
        assert.equal(code(await ask(path, {})), '400 BadRequest')
        for (const [headers, method] of [
          [{ origin: 'https://a.example' }, 'OPTIONS'],
          [{ origin: 'https://a.example', 'access-control-request-method': 'PUT' }, 'PUT'],
        ] as const) {
          const refused = await ask(path, headers)
          assert.deepEqual(
            [code(refused), all(refused, 'Method'), all(refused, 'ResourceType')],
            ['403 AccessForbidden', [method], ['BUCKET']],
          )
        }
      }
    })

    it('that a request repeats is answered to that, also where it asks for headers', async () => {
      const rules =
        '<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod><AllowedOrigin>*</AllowedOrigin><AllowedHeader>x-amz-meta-a</AllowedHeader></CORSRule></CORSConfiguration>'
      assert.equal(code(await send('PUT', `${versioned}?cors`, document(rules), rules)), '200')
      const allowed = async (wanted: string) => {
        const headers = { origin: 'https://a.example', 'access-control-request-headers': wanted }
        return (await send('GET', `${versioned}/ten`, headers)).headers['access-control-allow-origin']
      }
      assert.equal(await allowed('X-Amz-Meta-A'), '*')
      assert.equal(await allowed('x-amz-meta-b'), undefined)
    })
  })

  describe('words about checksums in the query of a presigned URL', () => {
    const url = (method: string, path: string, query: string): string =>
      presignRequest({
        method,
        url: `${path}?${query}`,
        headers: { host: new URL(world().server.url).host },
        credentials: world().owner.rootKey,
        region: REGION,
        nowMs: Date.now(),
        expiresSeconds: 60,
      })
    const open = (method: string, path: string, query: string) =>
      fetch(new URL(url(method, path, query), world().server.url), { method })

    it('count as headers: a read tells the checksum, an upload has the algorithm and the type', async () => {
      const read = await open('GET', `${plain}/ten`, 'x-amz-checksum-mode=ENABLED')
      await read.arrayBuffer()
      assert.equal(read.headers.get('x-amz-checksum-type'), 'FULL_OBJECT')
      const query = 'uploads=&x-amz-checksum-algorithm=CRC32&x-amz-checksum-type=FULL_OBJECT'
      const begun = await open('POST', `${plain}/hoisted`, query)
      await begun.arrayBuffer()
      assert.deepEqual(
        ['algorithm', 'type'].map((word) => begun.headers.get(`x-amz-checksum-${word}`)),
        ['CRC32', 'FULL_OBJECT'],
      )
    })
  })

  describe('a condition in the query of a presigned URL', () => {
    const put = async (query: string): Promise<number> => {
      const { server, owner } = world()
      const path = presignRequest({
        method: 'PUT',
        url: `${plain}/conditional?${query}`,
        headers: { host: new URL(server.url).host },
        credentials: owner.rootKey,
        region: REGION,
        nowMs: Date.now(),
        expiresSeconds: 60,
      })
      const response = await fetch(new URL(path, server.url), { method: 'PUT', body: query })
      await response.arrayBuffer()
      return response.status
    }

    it('holds for the write, whatever case it is written in', async () => {
      assert.equal(await put('If-None-Match=%2A'), 200)
      assert.equal(await put('If-None-Match=%2A'), 412)
      assert.equal(await put('if-none-match=%2A'), 412)
      assert.equal(await put('If-Match=%220%22'), 412)
      assert.equal(await put('If-Match=%2A'), 200)
      const kept = await send('GET', `${plain}/conditional`)
      assert.equal(kept.body.toString(), 'If-Match=%2A')
    })
  })

  describe('a form whose file is a field without a name', () => {
    it('keeps ${filename} as it is, and has nothing in its place where the name is empty', async () => {
      const opened = '/' + (await world().makeBucket('recorded-forms'))
      const post = async (disposition: string) => {
        const expiration = new Date(Date.now() + 60_000).toISOString()
        const conditions = [{ bucket: opened.slice(1) }, ['starts-with', '$key', '']]
        const policy = Buffer.from(JSON.stringify({ expiration, conditions })).toString('base64')
        const { accessKeyId, secretAccessKey } = world().owner.rootKey
        const signature = createHmac('sha1', secretAccessKey).update(policy).digest('base64')
        const fields = { key: 'up/${filename}', AWSAccessKeyId: accessKeyId, policy, signature }
        const parts = Object.entries(fields).map(
          ([name, value]) => `--B\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
        )
        const body = `${parts.join('')}--B\r\nContent-Disposition: form-data; name="file"${disposition}\r\n\r\nx\r\n--B--\r\n`
        const response = await fetch(new URL(opened, world().server.url), {
          method: 'POST',
          headers: { 'content-type': 'multipart/form-data; boundary=B' },
          body,
        })
        await response.arrayBuffer()
        return response.status
      }
      for (const disposition of ['', '; filename=""', '; filename="a.txt"'])
        assert.equal(await post(disposition), 204)
      assert.deepEqual(all(await send('GET', opened), 'Key'), ['up/', 'up/${filename}', 'up/a.txt'])
    })
  })

  describe('metadata that comes as encoded words', () => {
    it('is the text that they say, and is told as any other', async () => {
      for (const [given, told] of [
        ['=?UTF-8?B?YWJj?=', 'abc'],
        ['=?utf-8?q?actually-ascii?=', 'actually-ascii'],
        ['=?UTF-8?Q?a_b=20c=3F?=', 'a b c?'],
        ['=?UTF-8?B?YWJj?= =?UTF-8?Q?d?=', 'abcd'],
        ['=?UTF-8?Q?=C3=A9?=', '=?UTF-8?B?w6k=?='],
        ['=?UTF-8?B?AAECAw==?=', '=?UTF-8?B?AAECAw==?='],
        ['=?UTF-8?B?=GGG?=', '=?UTF-8?B?=GGG?='],
        ['=?UTF-8?Q?=ZZ?=', '=?UTF-8?Q?=ZZ?='],
        ['=?UTF-8?Q?a?= plain', '=?UTF-8?Q?a?= plain'],
        ['=?ISO-8859-1?Q?=E9?=', '=?ISO-8859-1?Q?=E9?='],
      ] as const) {
        assert.equal(code(await send('PUT', `${plain}/words`, { 'x-amz-meta-a': given })), '200', given)
        assert.equal((await send('HEAD', `${plain}/words`)).headers['x-amz-meta-a'], told, given)
      }
    })
  })

  describe('an owner who is expected', () => {
    it('is another where the id is one, and no owner where it is none', async () => {
      const ask = async (owner: string) =>
        code(await send('GET', `${plain}?location`, { 'x-amz-expected-bucket-owner': owner }))
      assert.equal(await ask('000000000000'), '403 AccessDenied')
      assert.equal(await ask('f'.repeat(64)), '403 AccessDenied')
      for (const owner of ['0000', '0000000000020', 'abcd', 'aa000000000$'])
        assert.equal(await ask(owner), '400 InvalidBucketOwnerAWSAccountID', owner)
    })
  })

  describe('a copy where versioning is suspended', () => {
    it('tells its version, which is null', async () => {
      const path = `/${await world().makeBucket('recorded-suspended')}`
      const suspended = '<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>'
      assert.equal(code(await send('PUT', `${path}?versioning`, document(suspended), suspended)), '200')
      assert.equal((await send('PUT', `${path}/a`, {}, 'a')).headers['x-amz-version-id'], undefined)
      const copied = await send('PUT', `${path}/b`, { 'x-amz-copy-source': `${path}/a` })
      assert.equal(copied.headers['x-amz-version-id'], 'null')
    })
  })

  describe('a key of the customer\u2019s that is incomplete', () => {
    it('is an InvalidArgument that names the encryption, and repeats nothing of the key', async () => {
      const key = Buffer.alloc(32, 7)
      const whole = {
        algorithm: 'AES256',
        key: key.toString('base64'),
        'key-md5': createHash('md5').update(key).digest('base64'),
      }
      const put = (given: Headers) =>
        send(
          'PUT',
          `${plain}/sealed`,
          Object.fromEntries(
            Object.entries(given).map(([name, value]) => [
              `x-amz-server-side-encryption-customer-${name}`,
              value,
            ]),
          ),
        )
      assert.equal(code(await put(whole)), '200')
      const { algorithm, key: text, 'key-md5': md5 } = whole
      for (const given of [
        { key: text, 'key-md5': md5 },
        { algorithm, 'key-md5': md5 },
        { algorithm, key: text },
        { ...whole, 'key-md5': createHash('md5').update('other').digest('base64') },
        { ...whole, key: key.subarray(1).toString('base64') },
      ]) {
        const refused = await put(given)
        assert.deepEqual(
          [code(refused), all(refused, 'ArgumentName'), all(refused, 'ArgumentValue')],
          ['400 InvalidArgument', ['x-amz-server-side-encryption'], []],
        )
      }
    })
  })

  describe('making a bucket elsewhere', () => {
    const location = (name: string) =>
      `<CreateBucketConfiguration><LocationConstraint>${name}</LocationConstraint></CreateBucketConfiguration>`
    it('is for requests that are signed for us-east-1, in any region', async () => {
      assert.equal(code(await send('PUT', '/recorded-elsewhere', {}, location('eu-central-1'))), '200')
      const found = await send('HEAD', '/recorded-elsewhere')
      assert.equal(found.headers['x-amz-bucket-region'], 'eu-central-1')
      for (const name of ['foo', 'aws-global']) {
        const refused = await send('PUT', '/recorded-nowhere', {}, location(name))
        assert.deepEqual(
          [code(refused), all(refused, 'LocationConstraint')],
          ['400 InvalidLocationConstraint', [name]],
        )
      }
      const { server, owner } = world()
      const european = new SignedClient({ endpoint: server.url, region: 'eu-west-1' }, owner.rootKey)
      const put = (name: string) =>
        european.s3({ method: 'PUT', path: '/recorded-europe', body: Buffer.from(location(name)) })
      assert.equal(code(await put('us-east-1')), '400 IllegalLocationConstraintException')
      assert.equal(code(await put('EU')), '200')
      european.close()
    })
  })

  describe('where a bucket is', () => {
    it('is not told of the oldest region, not even where it was named', async () => {
      const body =
        '<CreateBucketConfiguration><LocationConstraint>us-east-1</LocationConstraint></CreateBucketConfiguration>'
      assert.equal(code(await send('PUT', '/recorded-oldest', {}, body)), '200')
      const told = await send('GET', '/recorded-oldest?location')
      assert.deepEqual([code(told), all(told, 'LocationConstraint')], ['200', []])
    })
  })

  describe('the length of a page', () => {
    for (const query of [
      'max-keys=N',
      'list-type=2&max-keys=N',
      'versions&max-keys=N',
      'uploads&max-uploads=N',
    ])
      it(`is a number of 32 bits in ${query}`, async () => {
        const ask = (number: string) => send('GET', `${plain}?${query.replace('N', number)}`)
        for (const number of ['0', '1000', '2147483647']) assert.equal(code(await ask(number)), '200', number)
        for (const number of ['-1', '2147483648', '99999999999', '1e3'])
          assert.equal(code(await ask(number)), '400 InvalidArgument', number)
      })
  })

  describe('an ACL where ACLs are off', () => {
    it('is looked at before it is refused for that', async () => {
      const canned = { 'x-amz-acl': 'public-read' }
      const grant = (value: string) => ({ 'x-amz-grant-read': value })
      const everybody = grant('uri="http://acs.amazonaws.com/groups/global/AllUsers"')
      for (const place of [`${plain}?acl`, `${plain}/ten?acl`]) {
        for (const [headers, expected] of [
          [canned, '400 AccessControlListNotSupported'],
          [everybody, '400 AccessControlListNotSupported'],
          [{ ...canned, ...everybody }, '400 InvalidRequest'],
          [grant('uri="http://acs.amazonaws.com/groups/s3/FakeGroup"'), '400 InvalidArgument'],
          [grant('fakekey="1234"'), '400 InvalidArgument'],
          [grant('id="wrong-id"'), '400 InvalidArgument'],
          [{}, '400 MissingSecurityHeader'],
        ] as const)
          assert.equal(code(await send('PUT', place, headers)), expected, JSON.stringify(headers))
        const empty = '<AccessControlPolicy/>'
        assert.equal(code(await send('PUT', place, document(empty), empty)), '400 MalformedACLError')
        assert.equal(
          code(await send('PUT', place, { ...document(empty), ...canned }, empty)),
          '400 UnexpectedContent',
        )
      }
    })
  })

  describe('a legal hold without a document', () => {
    it('is malformed, as one whose document is', async () => {
      const locked = `/${await world().makeBucket('recorded-locked', true)}`
      const put = await send('PUT', `${locked}/a`, document('a'), 'a')
      assert.equal(code(put), '200')
      assert.equal(code(await send('PUT', `${locked}/a?legal-hold`, document(''))), '400 MalformedXML')
      assert.equal(
        code(await send('PUT', `${locked}?versioning`, document(''))),
        '400 MissingRequestBodyError',
      )
    })
  })

  describe('aws-chunked among the content encodings', () => {
    it('is no property of the object, in whatever case it is written', async () => {
      for (const [given, kept] of [
        ['AWS-Chunked', undefined],
        ['gzip, Aws-chunked', 'gzip'],
      ] as const) {
        await send('PUT', `${plain}/encoded`, { 'content-encoding': given }, 'x')
        assert.equal((await send('HEAD', `${plain}/encoded`)).headers['content-encoding'], kept)
      }
    })
  })
})
