import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { PutBucketVersioningCommand } from '@aws-sdk/client-s3'
import { SignedClient, type HttpResponse } from '../harness/signed-client.ts'
import { sdkWorld } from './sdk-world.ts'

const world = sdkWorld({ newBucketDefaults: 'legacy' })
const BUCKET = 'answers'
const VERSIONED = 'answers-versioned'
let client: SignedClient

const send = (
  method: string,
  path: string,
  { headers = {}, body }: { headers?: Record<string, string>; body?: string } = {},
): Promise<HttpResponse> =>
  client.s3({ method, path, headers, ...(body !== undefined && { body: Buffer.from(body) }) })

/** A document with the digest that S3 wants beside some of them. */
const sendDocument = (method: string, path: string, body: string) =>
  send(method, path, { body, headers: { 'content-md5': createHash('md5').update(body).digest('base64') } })

const tags = (response: HttpResponse, name: string): string[] =>
  [...response.body.toString().matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(
    (match) => match[1] ?? '',
  )

const outcome = (response: HttpResponse): string => [response.status, ...tags(response, 'Code')].join(' ')

describe('S3', () => {
  before(async () => {
    const { server, owner, makeBucket, s3 } = world()
    await makeBucket(BUCKET)
    await makeBucket(VERSIONED)
    const VersioningConfiguration = { Status: 'Enabled' } as const
    await s3.send(new PutBucketVersioningCommand({ Bucket: VERSIONED, VersioningConfiguration }))
    client = new SignedClient({ endpoint: server.url, region: 'us-east-1' }, owner.rootKey)
  })
  after(() => client.close())

  describe('a response about an object', () => {
    it('spells the names of headers as S3 does', async () => {
      await send('PUT', `/${BUCKET}/spelled`, { body: 'x' })
      const { rawHeaders } = await send('GET', `/${BUCKET}/spelled`)
      for (const name of ['ETag', 'Content-Type', 'Content-Length', 'Last-Modified', 'Accept-Ranges'])
        assert.ok(rawHeaders.includes(name), `${name} in ${rawHeaders.join()}`)
    })

    it('tells in a listing, and of a copy, the whole second that HEAD tells', async () => {
      await send('PUT', `/${VERSIONED}/timed`, { body: 'x' })
      const { headers } = await send('HEAD', `/${VERSIONED}/timed`)
      const head = Date.parse(headers['last-modified'] ?? '')
      for (const query of ['prefix=timed', 'list-type=2&prefix=timed', 'versions&prefix=timed']) {
        const listed = tags(await send('GET', `/${VERSIONED}?${query}`), 'LastModified')
        assert.deepEqual(
          listed.map((text) => Date.parse(text)),
          [head],
          query,
        )
      }
      const copy = await send('PUT', `/${VERSIONED}/copied`, {
        headers: { 'x-amz-copy-source': `/${VERSIONED}/timed` },
      })
      assert.match(tags(copy, 'LastModified').join(), /\.000Z$/)
    })

    it('has the last bytes of an empty one, and tells the size where a range lies outside', async () => {
      await send('PUT', `/${BUCKET}/empty`, { body: '' })
      await send('PUT', `/${BUCKET}/ten`, { body: '0123456789' })
      assert.equal((await send('GET', `/${BUCKET}/empty`, { headers: { range: 'bytes=-1' } })).status, 200)
      const outside = await send('GET', `/${BUCKET}/ten`, { headers: { range: 'bytes=99-' } })
      assert.equal(outcome(outside), '416 InvalidRange')
      assert.equal(outside.headers['content-range'], 'bytes */10')
    })

    it('says which method a delete marker that was named takes', async () => {
      const marker = (await send('DELETE', `/${VERSIONED}/marked`)).headers['x-amz-version-id']
      const response = await send('GET', `/${VERSIONED}/marked?versionId=${String(marker)}`)
      assert.equal(response.status, 405)
      assert.equal(response.headers.allow, 'DELETE')
    })
  })

  describe('a refusal', () => {
    it('tells of a delete marker where there is one alone', async () => {
      await send('PUT', `/${VERSIONED}/deleted`, { body: 'x' })
      await send('DELETE', `/${VERSIONED}/deleted`)
      for (const method of ['GET', 'HEAD']) {
        const marker = await send(method, `/${VERSIONED}/deleted`)
        assert.deepEqual([marker.status, marker.headers['x-amz-delete-marker']], [404, 'true'])
        for (const bucket of [BUCKET, VERSIONED]) {
          const missing = await send(method, `/${bucket}/never-there`)
          assert.deepEqual([missing.status, missing.headers['x-amz-delete-marker']], [404, undefined])
        }
      }
    })

    it('tells the region of the bucket when it is refused before its key is looked at', async () => {
      for (const [method, path, status] of [
        ['PATCH', `/${BUCKET}/k`, 405],
        ['GET', `/${BUCKET}?torrent`, 501],
        ['GET', `/${BUCKET}/%ff`, 400],
        ['GET', `/${BUCKET}/${'k'.repeat(1025)}`, 400],
        ['GET', `/${BUCKET}?acl&cors`, 400],
      ] as const) {
        const response = await send(method, path)
        assert.deepEqual(
          [response.status, response.headers['x-amz-bucket-region']],
          [status, 'us-east-1'],
          path,
        )
      }
      const nowhere = await send('PATCH', '/no-such-bucket/k')
      assert.deepEqual([nowhere.status, nowhere.headers['x-amz-bucket-region']], [405, undefined])
    })

    it('tells where to go instead, if that is an address', async () => {
      const header = 'x-amz-website-redirect-location'
      for (const location of ['/there', 'http://there.example/', 'https://there.example/a?b=c']) {
        assert.equal(
          outcome(await send('PUT', `/${BUCKET}/moved`, { body: 'x', headers: { [header]: location } })),
          '200',
        )
        assert.equal((await send('HEAD', `/${BUCKET}/moved`)).headers[header], location)
      }
      for (const location of [
        'there',
        'ftp://there.example/',
        'javascript:alert(1)',
        `/${'x'.repeat(2048)}`,
      ]) {
        const headers = { [header]: location }
        const refused = '400 InvalidRedirectLocation'
        assert.equal(outcome(await send('PUT', `/${BUCKET}/moved`, { body: 'x', headers })), refused)
        assert.equal(outcome(await send('POST', `/${BUCKET}/moved?uploads`, { headers })), refused)
        const copied = { ...headers, 'x-amz-copy-source': `/${BUCKET}/moved` }
        assert.equal(outcome(await send('PUT', `/${BUCKET}/copied`, { headers: copied })), refused)
      }
    })

    it('to a completion with a part of no number is InvalidArgument, and InvalidPartOrder where numbers do not rise', async () => {
      const [uploadId = ''] = tags(await send('POST', `/${BUCKET}/numbered?uploads`), 'UploadId')
      const complete = (...numbers: readonly number[]) =>
        send('POST', `/${BUCKET}/numbered?uploadId=${uploadId}`, {
          body: `<CompleteMultipartUpload>${numbers.map((number) => `<Part><PartNumber>${number}</PartNumber><ETag>"0"</ETag></Part>`).join('')}</CompleteMultipartUpload>`,
        })
      for (const numbers of [[0], [-1], [0, 1]])
        assert.equal(outcome(await complete(...numbers)), '400 InvalidArgument')
      for (const numbers of [
        [1, 1],
        [2, 1],
      ])
        assert.equal(outcome(await complete(...numbers)), '400 InvalidPartOrder')
      assert.equal(outcome(await complete(1, 10_001)), '400 InvalidPart')
    })

    it('tells the region of the bucket, whoever asks', async () => {
      const region = async (headers: Record<string, string> = {}) =>
        (await fetch(`${world().server.url}/${BUCKET}`, { method: 'HEAD', headers })).headers.get(
          'x-amz-bucket-region',
        )
      assert.equal(await region(), 'us-east-1')
      const wrong = client.signS3({ method: 'HEAD', path: `/${BUCKET}` }).headers.authorization ?? ''
      const forged = wrong.slice(0, -1) + (wrong.endsWith('0') ? '1' : '0')
      const sent: Record<string, string> = {
        ...client.signS3({ method: 'HEAD', path: `/${BUCKET}` }).headers,
      }
      delete sent.host
      assert.equal(await region({ ...sent, authorization: forged }), 'us-east-1')
      assert.equal((await send('GET', `/${BUCKET}/none`)).headers['x-amz-bucket-region'], 'us-east-1')
    })
  })

  describe('a listing', () => {
    it('has versions and delete markers in one order: by key, the newest first', async () => {
      for (const key of ['a', 'b']) {
        await send('PUT', `/${VERSIONED}/order/${key}`, { body: '1' })
        await send('DELETE', `/${VERSIONED}/order/${key}`)
        await send('PUT', `/${VERSIONED}/order/${key}`, { body: '2' })
      }
      const text = (await send('GET', `/${VERSIONED}?versions&prefix=order/`)).body.toString()
      const order = [...text.matchAll(/<(Version|DeleteMarker)><Key>order\/(.)/g)].map(
        ([, kind, key]) => `${String(key)} ${String(kind)}`,
      )
      assert.deepEqual(order, [
        'a Version',
        'a DeleteMarker',
        'a Version',
        'b Version',
        'b DeleteMarker',
        'b Version',
      ])
    })

    it('encodes a prefix that XML cannot hold, in every version of the API', async () => {
      for (const query of ['', 'list-type=2&', 'versions&'])
        assert.deepEqual(
          tags(await send('GET', `/${VERSIONED}?${query}encoding-type=url&prefix=c%01`), 'Prefix'),
          ['c%01'],
        )
      assert.deepEqual(tags(await send('GET', `/${BUCKET}?encoding-type=url&prefix=c%0A+`), 'Prefix'), [
        'c\n ',
      ])
    })

    it('goes on after the null version that its marker names and that is gone', async () => {
      const Bucket = await world().makeBucket('answers-null')
      await send('PUT', `/${Bucket}/k`, { body: 'null version' })
      const versioning = (Status: 'Enabled' | 'Suspended') =>
        world().s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }))
      await versioning('Enabled')
      const older = (await send('PUT', `/${Bucket}/k`, { body: 'older' })).headers['x-amz-version-id']
      await versioning('Suspended')
      await send('PUT', `/${Bucket}/k`, { body: 'null again' })
      const page = await send('GET', `/${Bucket}?versions&max-keys=1`)
      assert.deepEqual(tags(page, 'VersionId'), ['null'])
      assert.deepEqual(tags(page, 'NextVersionIdMarker'), ['null'])
      await send('DELETE', `/${Bucket}/k?versionId=null`)
      const rest = await send('GET', `/${Bucket}?versions&key-marker=k&version-id-marker=null`)
      assert.deepEqual(tags(rest, 'VersionId'), [older])
    })

    it('refuses an empty continuation token', async () => {
      const response = await send('GET', `/${BUCKET}?list-type=2&continuation-token=`)
      assert.equal(outcome(response), '400 InvalidArgument')
    })
  })

  describe('a document', () => {
    it('is read whatever its root element is called', async () => {
      const begun = await send('POST', `/${BUCKET}/parts?uploads`)
      const uploadId = tags(begun, 'UploadId').join()
      const part = await send('PUT', `/${BUCKET}/parts?partNumber=1&uploadId=${uploadId}`, { body: 'x' })
      const list = `<Part><PartNumber>1</PartNumber><ETag>${String(part.headers.etag)}</ETag></Part>`
      const twice = `<CompleteMultipartUpload>${list}${list}</CompleteMultipartUpload>`
      const once = `<CompletedMultipartUpload>${list}</CompletedMultipartUpload>`
      const complete = (body: string) => send('POST', `/${BUCKET}/parts?uploadId=${uploadId}`, { body })
      assert.equal(outcome(await complete(twice)), '400 InvalidPartOrder')
      assert.equal(outcome(await complete(once)), '200')
    })

    it('with the keys to delete must come with a digest', async () => {
      const body = '<Delete><Object><Key>none</Key></Object></Delete>'
      assert.equal(outcome(await send('POST', `/${BUCKET}?delete`, { body })), '400 InvalidRequest')
      assert.equal(outcome(await sendDocument('POST', `/${BUCKET}?delete`, body)), '200')
    })

    it('may ask for a bucket key beside AES256, which is told again', async () => {
      const algorithm = '<SSEAlgorithm>AES256</SSEAlgorithm>'
      const body = `<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>${algorithm}</ApplyServerSideEncryptionByDefault><BucketKeyEnabled>true</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>`
      await world().makeBucket('answers-sealed')
      assert.equal(outcome(await sendDocument('PUT', '/answers-sealed?encryption', body)), '200')
      assert.deepEqual(tags(await send('GET', '/answers-sealed?encryption'), 'BucketKeyEnabled'), ['true'])
    })

    it('with tags makes a bucket that has them, and none where PutBucketTagging would refuse them', async () => {
      const create = (name: string, inner: string) =>
        send('PUT', `/${name}`, { body: `<CreateBucketConfiguration>${inner}</CreateBucketConfiguration>` })
      const tag = (key: string) => `<Tag><Key>${key}</Key><Value>v</Value></Tag>`
      assert.equal(outcome(await create('answers-tagged', `<Tags>${tag('a')}${tag('b')}</Tags>`)), '200')
      assert.deepEqual(tags(await send('GET', '/answers-tagged?tagging'), 'Key'), ['a', 'b'])
      assert.equal(
        outcome(await create('answers-refused', `<Tags>${tag('a')}${tag('a')}</Tags>`)),
        '400 InvalidTag',
      )
      assert.equal(
        outcome(await create('answers-refused', '<Bucket><Type>Directory</Type></Bucket>')),
        '501 NotImplemented',
      )
      assert.equal((await send('HEAD', '/answers-refused')).status, 404)
    })
  })

  describe('tags of an object', () => {
    it('are ten at most, however they come', async () => {
      const names = Array.from({ length: 11 }, (_, at) => `k${at}`)
      await send('PUT', `/${BUCKET}/tagged`, { body: 'x' })
      const set = names.map((name) => `<Tag><Key>${name}</Key><Value>v</Value></Tag>`).join('')
      const document = `<Tagging><TagSet>${set}</TagSet></Tagging>`
      assert.equal(
        outcome(await sendDocument('PUT', `/${BUCKET}/tagged?tagging`, document)),
        '400 BadRequest',
      )
      const header = { 'x-amz-tagging': names.map((name) => `${name}=v`).join('&') }
      assert.equal(
        outcome(await send('PUT', `/${BUCKET}/tagged`, { body: 'x', headers: header })),
        '400 BadRequest',
      )
    })

    for (const text of ['a=%zz', 'a=%ff', 'a=1&a=2', 'a=1&%61=2'])
      it(`are refused as an argument when the header says ${text}`, async () => {
        const response = await send('PUT', `/${BUCKET}/tagged`, {
          body: 'x',
          headers: { 'x-amz-tagging': text },
        })
        assert.equal(outcome(response), '400 InvalidArgument')
      })
  })

  describe('a copy of an object onto itself', () => {
    const source = { 'x-amz-copy-source': `/${BUCKET}/touched` }
    before(() => send('PUT', `/${BUCKET}/touched`, { body: 'x' }))

    for (const [title, headers, expected] of [
      ['that changes nothing is refused', {}, '400 InvalidRequest'],
      ['that names the storage class it has is made', { 'x-amz-storage-class': 'STANDARD' }, '200'],
      ['that names another storage class is made', { 'x-amz-storage-class': 'GLACIER' }, '200'],
      ['that names what is none is refused', { 'x-amz-storage-class': 'COLD' }, '400 InvalidStorageClass'],
      ['that asks for encryption is made', { 'x-amz-server-side-encryption': 'AES256' }, '200'],
    ] as const)
      it(title, async () => {
        assert.equal(
          outcome(await send('PUT', `/${BUCKET}/touched`, { headers: { ...source, ...headers } })),
          expected,
        )
      })

    it('leaves it STANDARD', async () => {
      assert.deepEqual(tags(await send('GET', `/${BUCKET}?prefix=touched`), 'StorageClass'), ['STANDARD'])
    })
  })

  describe('an object that is to be locked', () => {
    const headers = { 'x-amz-object-lock-legal-hold': 'ON' }
    before(() => world().makeBucket('answers-locked', true))

    it('must come with a digest', async () => {
      const put = (more: Record<string, string>) =>
        send('PUT', '/answers-locked/k', { body: 'x', headers: { ...headers, ...more } })
      assert.equal(outcome(await put({})), '400 InvalidRequest')
      assert.equal(
        outcome(await put({ 'content-md5': createHash('md5').update('x').digest('base64') })),
        '200',
      )
    })

    it('must come with a digest where the bucket locks what comes, in parts as well', async () => {
      await world().makeBucket('answers-kept', true)
      const rule = '<Rule><DefaultRetention><Mode>GOVERNANCE</Mode><Days>1</Days></DefaultRetention></Rule>'
      const lock = `<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled>${rule}</ObjectLockConfiguration>`
      assert.equal(outcome(await sendDocument('PUT', '/answers-kept?object-lock', lock)), '200')
      const [uploadId = ''] = tags(await send('POST', '/answers-kept/parts?uploads'), 'UploadId')
      const digest = { 'content-md5': createHash('md5').update('x').digest('base64') }
      for (const [path, name] of [
        ['/answers-kept/k', 'Put Object'],
        [`/answers-kept/parts?partNumber=1&uploadId=${uploadId}`, 'Put Part'],
      ] as const) {
        const refused = await send('PUT', path, { body: 'x' })
        assert.equal(outcome(refused), '400 InvalidRequest')
        assert.match(tags(refused, 'Message')[0] ?? '', new RegExp(`is required for ${name} requests`))
        assert.equal(outcome(await send('PUT', path, { body: 'x', headers: digest })), '200')
      }
    })

    it('must come with a digest in the parts of an upload that was begun with a lock', async () => {
      const begun = await send('POST', '/answers-locked/parts?uploads', { headers })
      const path = `/answers-locked/parts?partNumber=1&uploadId=${tags(begun, 'UploadId')[0] ?? ''}`
      assert.equal(outcome(await send('PUT', path, { body: 'x' })), '400 InvalidRequest')
    })

    it('is asked to be deleted past a retention only where there are locks', async () => {
      const bypass = { headers: { 'x-amz-bypass-governance-retention': 'true' } }
      assert.equal(outcome(await send('DELETE', `/${BUCKET}/none`, bypass)), '400 InvalidArgument')
      assert.equal(outcome(await send('DELETE', '/answers-locked/none', bypass)), '204')
    })
  })

  describe('a canned ACL and grants', () => {
    const both = {
      'x-amz-acl': 'private',
      'x-amz-grant-read': 'uri="http://acs.amazonaws.com/groups/global/AllUsers"',
    }
    for (const [title, method, path] of [
      ['an object', 'PUT', `/${BUCKET}/both`],
      ['an upload', 'POST', `/${BUCKET}/both?uploads`],
      ["an object's ACL", 'PUT', `/${BUCKET}/both?acl`],
      ["a bucket's ACL", 'PUT', `/${BUCKET}?acl`],
      ['a new bucket', 'PUT', '/answers-both'],
    ] as const)
      it(`exclude each other in a request for ${title}`, async () => {
        if (path.endsWith('both?acl')) await send('PUT', `/${BUCKET}/both`, { body: 'x' })
        assert.equal(outcome(await send(method, path, { headers: both })), '400 InvalidRequest')
      })
  })

  describe('the ACL of a bucket', () => {
    const grant = (grantee: string, permission = 'READ') =>
      `<AccessControlList><Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ${grantee}</Grantee><Permission>${permission}</Permission></Grant></AccessControlList>`
    const everyone = 'xsi:type="Group"><URI>http://acs.amazonaws.com/groups/global/AllUsers</URI>'
    const owner = (id: string) => `<Owner><ID>${id}</ID></Owner>`
    const refusals: readonly (readonly [title: string, inner: string, code: string])[] = [
      ['without an owner', grant(everyone), 'MalformedACLError'],
      ['whose owner has no id', owner('') + grant(everyone), 'MalformedACLError'],
      ['whose owner has what is no id', owner('someone') + grant(everyone), 'InvalidArgument'],
      ['with a permission that there is not', grant(everyone, 'LOOK'), 'MalformedACLError'],
      ['with a grantee of a type that there is not', grant('xsi:type="Crowd">'), 'MalformedACLError'],
    ]
    for (const [title, inner, code] of refusals)
      it(`is refused ${title}`, async () => {
        const body = `<AccessControlPolicy>${inner}</AccessControlPolicy>`
        const headers = { 'content-md5': createHash('md5').update(body).digest('base64') }
        assert.equal(outcome(await send('PUT', `/${BUCKET}?acl`, { body, headers })), `400 ${code}`)
      })

    it('names the header where a grant in it cannot be read', async () => {
      const response = await send('PUT', `/${BUCKET}?acl`, {
        headers: { 'x-amz-grant-write-acp': 'who="1"' },
      })
      assert.deepEqual(tags(response, 'ArgumentName'), ['x-amz-grant-write-acp'])
    })
  })

  it('asks for the attributes that GetObjectAttributes is to show, in a header that may not be empty', async () => {
    await send('PUT', `/${BUCKET}/attributes`, { body: 'x' })
    for (const headers of [{}, { 'x-amz-object-attributes': '' }])
      assert.equal(
        outcome(await send('GET', `/${BUCKET}/attributes?attributes`, { headers })),
        '400 InvalidRequest',
      )
  })

  it('says which conditions of a write exclude each other, as S3 does', async () => {
    const headers = { 'if-match': '"a"', 'if-none-match': '*' }
    const response = await send('PUT', `/${BUCKET}/both`, { body: 'x', headers })
    assert.equal(outcome(response), '501 NotImplemented')
    assert.deepEqual(tags(response, 'Header'), ['If-Match,If-None-Match'])
  })
})
