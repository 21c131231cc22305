import { createHash, createHmac } from 'node:crypto'
import type { SeededRandom } from '../seeded-random.ts'
import type { Draft, KeyPair } from './draft.ts'

/** What there is to ask for, made anew from time to time: requests destroy it. */
export interface FuzzTargets {
  readonly bucket: string
  readonly lockedBucket: string
  readonly key: string
  readonly versionId: string
  readonly uploadId: string
  readonly etag: string
  readonly root: KeyPair
  readonly bucketKey: KeyPair
}

type Extra = Partial<Omit<Draft, 'headers' | 'query'>> & {
  readonly headers?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
}

const draftOf = (targets: FuzzTargets, extra: Extra): Draft => ({
  service: 's3',
  method: 'GET',
  path: '/',
  body: Buffer.alloc(0),
  payload: 'hashed',
  signs: 'header',
  credentials: targets.root,
  ...extra,
  query: Object.entries(extra.query ?? {}),
  headers: Object.entries(extra.headers ?? {}),
})

const NS = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
const YEAR_2100 = '2100-01-01T00:00:00Z'

/** Documents of bucket settings, by the argument that names the setting. */
const BUCKET_DOCUMENTS: Readonly<Record<string, string>> = {
  acl: `<AccessControlPolicy ${NS}><Owner><ID>x</ID></Owner><AccessControlList><Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Group"><URI>http://acs.amazonaws.com/groups/global/AllUsers</URI></Grantee><Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>`,
  cors: `<CORSConfiguration><CORSRule><ID>r</ID><AllowedOrigin>https://*.example</AllowedOrigin><AllowedMethod>GET</AllowedMethod><AllowedHeader>*</AllowedHeader><ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>10</MaxAgeSeconds></CORSRule></CORSConfiguration>`,
  encryption: `<ServerSideEncryptionConfiguration ${NS}><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>`,
  lifecycle: `<LifecycleConfiguration ${NS}><Rule><ID>x</ID><Status>Enabled</Status><Filter><And><Prefix>a</Prefix><Tag><Key>k</Key><Value>v</Value></Tag></And></Filter><Expiration><Days>300</Days></Expiration><NoncurrentVersionExpiration><NoncurrentDays>3</NoncurrentDays></NoncurrentVersionExpiration></Rule></LifecycleConfiguration>`,
  logging: `<BucketLoggingStatus ${NS}></BucketLoggingStatus>`,
  'object-lock': `<ObjectLockConfiguration ${NS}><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>`,
  ownershipControls: `<OwnershipControls ${NS}><Rule><ObjectOwnership>BucketOwnerPreferred</ObjectOwnership></Rule></OwnershipControls>`,
  policy: `{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow","Principal":"*","Action":["s3:GetObject","s3:Put*"],"Resource":"arn:aws:s3:::fuzz-*/x*","Condition":{"StringLike":{"aws:UserAgent":["*a*b*"]},"IpAddress":{"aws:SourceIp":"10.0.0.0/8"},"Bool":{"aws:SecureTransport":"true"}}}]}`,
  publicAccessBlock: `<PublicAccessBlockConfiguration ${NS}><BlockPublicAcls>false</BlockPublicAcls><BlockPublicPolicy>false</BlockPublicPolicy></PublicAccessBlockConfiguration>`,
  tagging: `<Tagging ${NS}><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>`,
  versioning: `<VersioningConfiguration ${NS}><Status>Enabled</Status></VersioningConfiguration>`,
}

const OBJECT_DOCUMENTS: Readonly<Record<string, string>> = {
  acl: BUCKET_DOCUMENTS['acl'] ?? '',
  tagging: BUCKET_DOCUMENTS['tagging'] ?? '',
  retention: `<Retention ${NS}><Mode>GOVERNANCE</Mode><RetainUntilDate>${YEAR_2100}</RetainUntilDate></Retention>`,
  'legal-hold': `<LegalHold ${NS}><Status>OFF</Status></LegalHold>`,
}

const OBJECT_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-disposition': 'attachment; filename="\xc3\xa9.txt"',
  'cache-control': 'no-cache',
  expires: 'Thu, 01 Dec 2033 16:00:00 GMT',
  'content-encoding': 'gzip',
  'content-language': 'en',
  'x-amz-meta-a': 'b',
  'x-amz-tagging': 'a=b&c=d',
  'x-amz-acl': 'private',
  'x-amz-storage-class': 'STANDARD',
  'x-amz-website-redirect-location': '/x',
  'x-amz-server-side-encryption': 'AES256',
  'x-amz-checksum-algorithm': 'CRC32',
  'if-none-match': '"x"',
  'x-amz-grant-read': 'id="abc"',
  'x-amz-object-lock-mode': 'GOVERNANCE',
  'x-amz-object-lock-retain-until-date': YEAR_2100,
  'x-amz-object-lock-legal-hold': 'OFF',
  'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==',
  'x-amz-sdk-checksum-algorithm': 'SHA256',
}

const READ_HEADERS: Readonly<Record<string, string>> = {
  range: 'bytes=0-3',
  'if-match': '"x"',
  'if-none-match': '*',
  'if-modified-since': 'Thu, 01 Dec 2033 16:00:00 GMT',
  'if-unmodified-since': 'Thu, 01 Dec 2013 16:00:00 GMT',
  'x-amz-checksum-mode': 'ENABLED',
  origin: 'https://a.example',
  'x-amz-expected-bucket-owner': '123456789012',
  'x-amz-server-side-encryption-customer-algorithm': 'AES256',
  'x-amz-server-side-encryption-customer-key': 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
}

const LISTING_ARGUMENTS: Readonly<Record<string, string>> = {
  prefix: 'a',
  delimiter: '%2F',
  'max-keys': '2',
  'encoding-type': 'url',
  marker: 'a',
  'start-after': 'b',
  'continuation-token': 'abc',
  'key-marker': 'a',
  'version-id-marker': 'null',
  'upload-id-marker': 'x',
  'max-uploads': '3',
  'max-parts': '3',
  'part-number-marker': '1',
  'fetch-owner': 'true',
}

/** Calls of Lightsail's API, with an input of each. */
const calls = (bucketName: string): readonly (readonly [string, unknown])[] => [
  ['GetBuckets', { bucketName, includeConnectedResources: true, includeCors: true }],
  [
    'CreateBucket',
    {
      bucketName: `${bucketName}-2`,
      bundleId: 'small_1_0',
      tags: [{ key: 'a', value: 'b' }],
      enableObjectVersioning: true,
    },
  ],
  ['DeleteBucket', { bucketName: `${bucketName}-2`, forceDelete: true }],
  [
    'UpdateBucket',
    {
      bucketName,
      accessRules: { getObject: 'public', allowPublicOverrides: true },
      versioning: 'Enabled',
      readonlyAccessAccounts: ['123456789012'],
      accessLogConfig: { enabled: false },
      cors: { rules: [{ allowedMethods: ['GET'], allowedOrigins: ['*'] }] },
    },
  ],
  ['UpdateBucketBundle', { bucketName, bundleId: 'medium_1_0' }],
  ['CreateBucketAccessKey', { bucketName }],
  ['GetBucketAccessKeys', { bucketName }],
  ['DeleteBucketAccessKey', { bucketName, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' }],
  ['GetBucketBundles', { includeInactive: true }],
  [
    'GetBucketMetricData',
    {
      bucketName,
      metricName: 'BucketSizeBytes',
      startTime: 1_700_000_000,
      endTime: 1_800_000_000,
      period: 86_400,
      statistics: ['Average'],
      unit: 'Bytes',
    },
  ],
  ['GetOperation', { operationId: '00000000-0000-0000-0000-000000000000' }],
  ['GetOperations', { pageToken: 'abc' }],
  ['GetOperationsForResource', { resourceName: bucketName }],
  ['SetResourceAccessForBucket', { resourceName: 'none', bucketName, access: 'allow' }],
  ['TagResource', { resourceName: bucketName, tags: [{ key: 'a', value: 'b' }] }],
  ['UntagResource', { resourceName: bucketName, tagKeys: ['a'] }],
]

/** A valid request of any kind, on the targets. */
export function anyDraft(targets: FuzzTargets, random: SeededRandom): Draft {
  const draft = random.oneOf(KINDS)(targets, random)
  if (draft.service === 's3' && random.below(8) === 0) draft.credentials = targets.bucketKey
  if (draft.service === 's3' && random.below(12) === 0) draft.signs = 'none'
  else if (draft.service === 's3' && draft.payload !== 'chunked' && random.below(6) === 0)
    draft.signs = 'query'
  return draft
}

const some = (all: Readonly<Record<string, string>>, random: SeededRandom): Record<string, string> =>
  Object.fromEntries(Object.entries(all).filter(() => random.below(5) === 0))

const pathOf = ({ bucket, key }: FuzzTargets, random: SeededRandom): string =>
  `/${bucket}/${random.oneOf([key, key, 'a/b', 'x%20y', 'n', '%C3%A9', 'part'])}`

/** Some that lie in the record, one that is a blob. */
const BODIES = [0, 1, 50, 3_000, 70_000].map((length) => Buffer.alloc(length, 'some bytes '))

type Kind = (targets: FuzzTargets, random: SeededRandom) => Draft

const putObject: Kind = (targets, random) =>
  draftOf(targets, {
    method: 'PUT',
    path: pathOf(targets, random),
    headers: some(OBJECT_HEADERS, random),
    body: random.oneOf(BODIES),
    payload: random.oneOf(['hashed', 'unsigned', 'chunked', 'chunked-trailer']),
  })

const readObject: Kind = (targets, random) =>
  draftOf(targets, {
    method: random.oneOf(['GET', 'GET', 'HEAD', 'OPTIONS']),
    path: pathOf(targets, random),
    headers: some(READ_HEADERS, random),
    query: some(
      {
        versionId: targets.versionId,
        partNumber: '1',
        'response-content-type': 'text%2Fhtml',
        'response-expires': 'x',
      },
      random,
    ),
  })

const listing: Kind = (targets, random) =>
  draftOf(targets, {
    path: `/${targets.bucket}`,
    query: {
      ...random.oneOf([{}, { 'list-type': '2' }, { versions: '' }, { uploads: '' }]),
      ...some(LISTING_ARGUMENTS, random),
    },
  })

const bucketSetting: Kind = (targets, random) => {
  const name = random.oneOf(Object.keys(BUCKET_DOCUMENTS))
  const method = random.oneOf(['GET', 'PUT', 'PUT', 'DELETE'])
  return draftOf(targets, {
    method,
    path: `/${random.oneOf([targets.bucket, targets.lockedBucket])}`,
    query: { [name]: '' },
    body: Buffer.from(method === 'PUT' ? (BUCKET_DOCUMENTS[name] ?? '') : ''),
    headers: method === 'PUT' ? { 'x-amz-checksum-algorithm': 'CRC32' } : {},
  })
}

const objectSetting: Kind = (targets, random) => {
  const name = random.oneOf(Object.keys(OBJECT_DOCUMENTS))
  const method = random.oneOf(['GET', 'PUT', 'PUT', 'DELETE'])
  return draftOf(targets, {
    method,
    path: `/${random.oneOf([targets.bucket, targets.lockedBucket])}/${targets.key}`,
    query: { [name]: '', ...some({ versionId: targets.versionId }, random) },
    body: Buffer.from(method === 'PUT' ? (OBJECT_DOCUMENTS[name] ?? '') : ''),
  })
}

const multipart: Kind = (targets, random) => {
  const { uploadId, etag } = targets
  const path = `/${targets.bucket}/part`
  const document = `<CompleteMultipartUpload ${NS}><Part><PartNumber>1</PartNumber><ETag>"${etag}"</ETag></Part></CompleteMultipartUpload>`
  return draftOf(
    targets,
    random.oneOf<Extra>([
      { method: 'POST', path, query: { uploads: '' }, headers: some(OBJECT_HEADERS, random) },
      {
        method: 'PUT',
        path,
        query: { partNumber: '2', uploadId },
        body: random.bytes(100),
        payload: random.oneOf(['hashed', 'chunked', 'chunked-trailer']),
      },
      {
        method: 'PUT',
        path,
        query: { partNumber: '3', uploadId },
        headers: {
          'x-amz-copy-source': `/${targets.bucket}/${targets.key}`,
          'x-amz-copy-source-range': 'bytes=0-2',
        },
      },
      { path, query: { uploadId, ...some(LISTING_ARGUMENTS, random) } },
      { method: 'POST', path, query: { uploadId }, body: Buffer.from(document) },
      { method: 'DELETE', path, query: { uploadId: `${uploadId}x` } },
    ]),
  )
}

const copy: Kind = (targets, random) =>
  draftOf(targets, {
    method: 'PUT',
    path: pathOf(targets, random),
    headers: {
      'x-amz-copy-source': `${targets.bucket}/${targets.key}?versionId=${targets.versionId}`,
      'x-amz-metadata-directive': random.oneOf(['COPY', 'REPLACE']),
      'x-amz-tagging-directive': 'REPLACE',
      ...some(OBJECT_HEADERS, random),
      ...some({ 'x-amz-copy-source-if-match': '*', 'x-amz-copy-source-if-modified-since': 'x' }, random),
    },
  })

const deletion: Kind = (targets, random) => {
  const document = `<Delete ${NS}><Quiet>true</Quiet><Object><Key>n</Key></Object><Object><Key>a/b</Key><VersionId>null</VersionId></Object></Delete>`
  const body = Buffer.from(document)
  const md5 = createHash('md5').update(body).digest('base64')
  return draftOf(
    targets,
    random.oneOf<Extra>([
      {
        method: 'POST',
        path: `/${targets.bucket}`,
        query: { delete: '' },
        headers: { 'content-md5': md5 },
        body,
      },
      {
        method: 'POST',
        path: `/${targets.bucket}`,
        query: { delete: '' },
        headers: { 'x-amz-sdk-checksum-algorithm': 'CRC32' },
        body,
      },
      {
        method: 'DELETE',
        path: `/${targets.bucket}/n`,
        headers: some({ 'if-match': '*', 'x-amz-bypass-governance-retention': 'true' }, random),
      },
      { method: 'DELETE', path: `/${targets.bucket}/none` },
    ]),
  )
}

const service: Kind = (targets, random) =>
  draftOf(
    targets,
    random.oneOf<Extra>([
      { path: '/' },
      { path: '/', query: { 'max-buckets': '2', prefix: 'f' } },
      { method: 'HEAD', path: `/${targets.bucket}` },
      { path: `/${targets.bucket}`, query: { location: '' } },
      { path: `/${targets.bucket}`, query: { policyStatus: '' } },
      {
        path: `/${targets.bucket}/${targets.key}`,
        query: { attributes: '' },
        headers: { 'x-amz-object-attributes': 'ETag,Checksum,ObjectParts,ObjectSize' },
      },
      {
        method: 'PUT',
        path: `/${targets.bucket}`,
        headers: { 'x-amz-acl': 'private' },
        body: Buffer.from(`<CreateBucketConfiguration ${NS}></CreateBucketConfiguration>`),
      },
      { method: 'GET', path: '/-/health' },
    ]),
  )

const control: Kind = (targets, random) => {
  const [name, input] = random.oneOf(calls(targets.bucket))
  return draftOf(targets, {
    service: 'lightsail',
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `Lightsail_20161128.${name}` },
    body: Buffer.from(JSON.stringify(input)),
  })
}

const sts: Kind = (targets) =>
  draftOf(targets, {
    service: 'sts',
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: Buffer.from('Action=GetCallerIdentity&Version=2011-06-15'),
  })

const form: Kind = (targets, random) => {
  const now = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
  const date = now.slice(0, 8)
  const { accessKeyId, secretAccessKey } = targets.root
  const fields: Record<string, string> = {
    key: 'form/${filename}',
    'Content-Type': 'text/plain',
    'x-amz-meta-a': 'é',
    success_action_status: random.oneOf(['200', '201', '204']),
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${accessKeyId}/${date}/us-east-1/s3/aws4_request`,
    'X-Amz-Date': now,
    ...some(
      {
        acl: 'private',
        tagging: BUCKET_DOCUMENTS['tagging'] ?? '',
        success_action_redirect: 'https://a.example/?b=c',
      },
      random,
    ),
  }
  const conditions = [
    ['content-length-range', 0, 10_000],
    { bucket: targets.bucket },
    ...Object.keys(fields).map((name) => ['starts-with', `$${name}`, '']),
  ]
  const policy = Buffer.from(JSON.stringify({ expiration: YEAR_2100, conditions })).toString('base64')
  const key = [date, 'us-east-1', 's3', 'aws4_request', policy].reduce<Buffer>(
    (before, part) => createHmac('sha256', before).update(part).digest(),
    Buffer.from(`AWS4${secretAccessKey}`),
  )
  const parts = Object.entries({ ...fields, Policy: policy, 'X-Amz-Signature': key.toString('hex') })
  const text = parts.map(
    ([name, value]) => `--edge\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  const file =
    '--edge\r\nContent-Disposition: form-data; name="file"; filename="f.txt"\r\nContent-Type: text/plain\r\n\r\nbytes\r\n--edge--\r\n'
  return draftOf(targets, {
    method: 'POST',
    path: `/${targets.bucket}`,
    headers: { 'content-type': 'multipart/form-data; boundary=edge' },
    body: Buffer.from(text.join('') + file),
    signs: 'none',
  })
}

const KINDS: readonly Kind[] = [
  putObject,
  putObject,
  readObject,
  readObject,
  listing,
  bucketSetting,
  bucketSetting,
  objectSetting,
  multipart,
  copy,
  deletion,
  service,
  control,
  control,
  sts,
  form,
]
