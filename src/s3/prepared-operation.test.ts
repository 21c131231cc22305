import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { S3_OPERATIONS } from './operations/index.ts'
import { prepareOperation } from './prepared-operation.ts'

const KIB = 1024

/** The root of each operation's document, and what differs from `PLAIN`. */
const PLAIN = {
  ...{ missing: 'MissingRequestBodyError', malformed: 'MalformedXML' },
  options: { bytesMax: 256 * KIB, hasChecksum: true, needsDigest: false },
}
const LONG = { bytesMax: 3 * KIB * KIB }
const DOCUMENTS: Readonly<Record<string, readonly [root: string | null, differs?: object]>> = {
  CompleteMultipartUpload: [
    'CompleteMultipartUpload',
    { missing: 'MalformedXML', options: { ...PLAIN.options, ...LONG, hasChecksum: false } },
  ],
  CreateBucket: ['CreateBucketConfiguration', { missing: null }],
  DeleteObjects: [
    'Delete',
    { missing: 'MalformedXML', options: { ...PLAIN.options, ...LONG, needsDigest: true } },
  ],
  PutBucketAcl: ['AccessControlPolicy', { missing: null, malformed: 'MalformedACLError' }],
  PutBucketCors: ['CORSConfiguration'],
  PutBucketEncryption: ['ServerSideEncryptionConfiguration'],
  PutBucketLifecycleConfiguration: ['LifecycleConfiguration'],
  PutBucketLogging: ['BucketLoggingStatus'],
  PutBucketOwnershipControls: ['OwnershipControls'],
  PutBucketPolicy: [null, { options: { ...PLAIN.options, bytesMax: 20 * KIB } }],
  PutBucketTagging: ['Tagging'],
  PutBucketVersioning: ['VersioningConfiguration'],
  PutObjectAcl: ['AccessControlPolicy', { missing: null, malformed: 'MalformedACLError' }],
  PutObjectLegalHold: ['LegalHold', { missing: 'MalformedXML' }],
  PutObjectLockConfiguration: ['ObjectLockConfiguration'],
  PutObjectRetention: ['Retention'],
  PutObjectTagging: ['Tagging'],
  PutPublicAccessBlock: ['PublicAccessBlockConfiguration'],
}

describe('the body of a request', () => {
  const UPLOADS = ['PutObject', 'UploadPart']
  for (const { operation } of S3_OPERATIONS) {
    const { name } = operation
    const [root, differs] = DOCUMENTS[name] ?? []
    const what =
      root === undefined ? (UPLOADS.includes(name) ? 'an object’s bytes' : 'nothing') : (root ?? 'a text')
    it(`of ${name} is ${what}`, () => {
      const { document, isUpload } = prepareOperation(operation)
      assert.equal(isUpload, UPLOADS.includes(name))
      if (root === undefined) assert.equal(document, null)
      else {
        assert.ok(document)
        const { rootName, missingCode: missing, malformedCode: malformed, options } = document
        assert.deepEqual({ rootName, missing, malformed, options }, { rootName: root, ...PLAIN, ...differs })
      }
    })
  }

  it('is a document of those operations', () => {
    const names = S3_OPERATIONS.map(({ operation }) => operation.name)
    for (const name of [...Object.keys(DOCUMENTS), ...UPLOADS]) assert.ok(names.includes(name), name)
  })
})
