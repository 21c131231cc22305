import * as sdk from '@aws-sdk/client-s3'
import type { Operation } from '../../src/model/operation.ts'
import { S3_OPERATIONS } from '../../src/s3/operations/index.ts'
import type { Address } from '../../src/s3/request/address.ts'
import { OperationTable } from '../../src/s3/request/detect-operation.ts'
import { S3Error } from '../../src/s3/s3-error.ts'
import { markdownTable } from './markdown-table.ts'
import { operationsOf, type SdkOperation } from './sdk-operations.ts'

/** Where an operation that is offered differs from Amazon's S3, by its name. */
export const DIFFERENCES: Readonly<Record<string, string>> = {
  CompleteMultipartUpload: 'a condition may name an ETag in `If-None-Match` as well',
  CopyObject: 'one storage class; no keys of KMS (`NotImplemented`)',
  CreateBucket:
    'in any region of the server; starts closed, as in S3 since 2023, unless [`newBucketDefaults`](configuration.md#newbucketdefaults) says otherwise ([why](decisions/new-bucket-defaults.md)); no directory buckets (`NotImplemented`)',
  CreateMultipartUpload: 'one storage class; no keys of KMS (`NotImplemented`)',
  GetBucketAcl: 'groups stand before users in what is shown',
  GetObject:
    'a part number beyond the last is `InvalidPart` (400) where S3 says 416; ranges are checked before they are sent ([how](durability.md))',
  HeadObject: 'a part number beyond the last is `InvalidPart` (400) where S3 says 416',
  ListBuckets:
    "all of the account's buckets that the key may see, of all regions, whatever region it is signed for",
  ListMultipartUploads:
    'an upload id as a marker that is not in the list is no error: the page goes on behind it',
  PutBucketAcl:
    'grantees have ids and no e-mail addresses; in a bucket with access rules of Lightsail only what has an effect is taken ([why](decisions/acls-in-lightsail-buckets.md))',
  PutBucketEncryption:
    "`AES256` alone: KMS is `NotImplemented`; customers' keys (SSE-C) are not blocked until this says so ([why](decisions/new-bucket-defaults.md))",
  PutBucketLifecycleConfiguration:
    'no transitions between storage classes (`NotImplemented`); rules are applied every hour',
  PutBucketLogging:
    'simple prefixes and no grants (`NotImplemented` for others); delivered within minutes, by the [interval](configuration.md#accesslogintervalseconds)',
  PutBucketPolicy:
    'principals are accounts and users of this server; what a condition sees of a request: [decision](decisions/what-conditions-see.md)',
  PutBucketVersioning: 'no MFA delete (`NotImplemented`)',
  PutObject:
    'one storage class: others are stored as `STANDARD`, or [refused](configuration.md#storageclasses); no keys of KMS (`NotImplemented`); a condition may name an ETag in `If-None-Match` as well; what is passed over and what is refused: [decision](decisions/passed-over-headers.md)',
  PutObjectAcl:
    'grantees have ids and no e-mail addresses; in a bucket with access rules of Lightsail only what has an effect is taken ([why](decisions/acls-in-lightsail-buckets.md))',
  PutObjectLegalHold:
    'a hold of the account is not lifted by a key ([why](decisions/what-bucket-keys-may-not-do.md))',
  PutObjectRetention: 'a default retention binds keys ([why](decisions/what-bucket-keys-may-not-do.md))',
  UploadPart:
    'small unsigned chunks are taken ([why](decisions/small-chunks.md)); no keys of KMS (`NotImplemented`)',
  UploadPartCopy: 'no keys of KMS (`NotImplemented`)',
}

/** Why what is not offered is not, by what marks it in a request; of those without a mark by their names. */
export const REASONS: Readonly<Record<string, string>> = {
  '?abac': 'tags of buckets decide nothing here; a policy does',
  '?accelerate': 'there is no network of edges',
  '?analytics': 'one storage class: nothing to choose from',
  '?annotation': 'not offered; objects have metadata and tags',
  '?encryption':
    'of an object: it keeps the encryption that it was stored with; a copy onto itself gets another',
  '?intelligent-tiering': 'one storage class',
  '?inventory': 'list the bucket instead',
  '?metadataAnnotationTable': 'there are no tables',
  '?metadataConfiguration': 'there are no tables',
  '?metadataInventoryTable': 'there are no tables',
  '?metadataJournalTable': 'there are no tables',
  '?metadataTable': 'there are no tables',
  '?metrics': '[metrics](operations.md#watch) are those of the server',
  '?notification':
    'there is nothing to send notices to; the [access log](operations.md#accounts-and-machines) has what happened',
  '?renameObject': 'of directory buckets; copy and delete',
  '?replication': 'a [mirror](operations.md#back-up-and-restore) copies the whole store',
  '?requestPayment': 'nobody pays for requests',
  '?restore': 'nothing is archived',
  '?select': 'not offered; read the object, or ranges of it',
  '?session': 'of directory buckets',
  '?torrent': 'not offered',
  '?website': 'Lightsail has no websites in buckets',
  ListDirectoryBuckets: 'there are no directory buckets',
  WriteGetObjectResponse: 'there is no Object Lambda',
}

const HEAD = `<!-- Generated by \`npm run docs\` from src/model/s3/ and src/s3/request/. -->

# S3 operations

What the S3 API of a Lugsail server offers, beside all operations of Amazon's S3 that its SDK for JavaScript knows. Where nothing is said an operation is meant to answer as Amazon's does; where suites of tests of other stores want something else is told, test by test, in a [decision](decisions/where-suites-and-amazon-differ.md).

Besides the table, browsers upload by forms (\`POST\` of \`multipart/form-data\`, [signed either way](decisions/browser-form-signatures.md)) and ask first what a page may do (\`OPTIONS\`). Addresses are path-style, and with the setting [\`domain\`](configuration.md#domain) hosts as well. Signatures are of version 4; presigned URLs may be of [version 2](decisions/presigned-by-version-2.md).

- What a caller must be allowed to do: [permissions](permissions.md).
- Which error comes first when several are due: [errors](s3-errors.md).
- What each client was tried with: [clients](clients.md).
`

/** The text of `docs/s3-operations.md`. */
export function s3OperationsPage(): string {
  const offered = new Map(S3_OPERATIONS.map(({ operation }) => [operation.name, operation]))
  const amazons = operationsOf(sdk)
  const refused = amazons.filter(({ name }) => !offered.has(name))
  return [
    HEAD,
    '## Offered',
    '',
    `${offered.size} operations. The errors are those of the operation itself; what every request may be refused with is on the page of [errors](s3-errors.md).`,
    '',
    markdownTable([
      ['operation', 'request', 'differs from S3', 'errors of its own'],
      ...[...offered.values()]
        .toSorted((left, right) => (left.name < right.name ? -1 : 1))
        .map((operation) => [
          operation.name,
          code(requestOf(operation)),
          DIFFERENCES[operation.name] ?? '',
          [...new Set(operation.errors)].map(code).join(' '),
        ]),
    ]),
    '## Refused',
    '',
    `${refused.length} operations. All but the last two are known by a word in the query and refused whoever asks, before a signature is looked at: answering as if the word were not there would do something that nobody asked for.`,
    '',
    markdownTable([
      ['operations', 'request', 'answer', 'why'],
      ...grouped(refused).map(([mark, operations, answer]) => [
        operations.join(', '),
        mark.startsWith('?') ? code(mark) : '',
        answer,
        REASONS[mark] ?? '',
      ]),
    ]),
  ].join('\n')
}

/** Marks of what Amazon has and this server has not, each with its operations and what they are answered. */
export function grouped(
  operations: readonly SdkOperation[],
): readonly (readonly [mark: string, operations: readonly string[], answer: string])[] {
  const groups = new Map<string, { readonly names: string[]; readonly answer: string }>()
  for (const operation of operations) {
    const mark = markOf(operation)
    const answer = answerTo(operation)
    const group = groups.get(mark)
    if (group === undefined) groups.set(mark, { names: [operation.name], answer })
    else if (group.answer !== answer)
      throw new Error(`${operation.name} is answered ${answer}, others of ${mark} are not`)
    else group.names.push(operation.name)
  }
  return [...groups]
    .map(([mark, { names, answer }]) => [mark, names, answer] as const)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
}

function markOf({ name, http }: SdkOperation): string {
  const [mark = ''] = queryOf(http?.uri ?? '').filter((argument) => !argument.startsWith('x-id='))
  return mark === '' ? name : `?${mark}`
}

const table = new OperationTable(S3_OPERATIONS)

/** What the server says to a request for this operation: the error, or the operation that it takes it for. */
function answerTo({ name, http }: SdkOperation): string {
  if (!http) throw new TypeError(`${name} has no binding`)
  try {
    const found = table.find(http.method, addressOf(name, http.uri), {})
    return `as ${found.operation.name}`
  } catch (error) {
    if (error instanceof S3Error) return code(`${error.status} ${error.code}`)
    throw error
  }
}

function addressOf(name: string, uri: string): Address {
  const query = new Map(
    queryOf(uri)
      .map((argument) => argument.split('=', 2))
      .map(([key = '', value = '']) => [key, value]),
  )
  const names = { bucketName: 'bucket', objectKey: null, isPathStyle: true, query, rawPath: '/' }
  if (uri.startsWith('/{Key+}')) return { ...names, target: 'object', objectKey: 'key' }
  if (name === 'ListBuckets' || name === 'ListDirectoryBuckets')
    return { ...names, target: 'service', bucketName: null }
  return { ...names, target: 'bucket' }
}

const queryOf = (uri: string): readonly string[] => (uri.split('?', 2)[1] ?? '').split('&').filter(Boolean)

function requestOf({ name, http }: Operation): string {
  if (!http) throw new TypeError(`${name} has no binding`)
  const path = { service: '/', bucket: '/BUCKET', object: '/BUCKET/KEY' }[http.target]
  return `${http.method} ${path}${http.query === undefined ? '' : `?${http.query}`}${http.header === undefined ? '' : ` ${http.header}`}`
}

const code = (text: string): string => `\`${text}\``
