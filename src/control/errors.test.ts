import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DomainError, type DomainErrorKind } from '../service/errors/domain-error.ts'
import { toControlForm } from './errors.ts'

describe('an expected failure in Lightsail’s API', () => {
  const table: readonly (readonly [kind: DomainErrorKind, fields: object, code: string, message: string])[] =
    [
      [
        'AccessKeyStopped',
        { why: 'unknown' },
        'UnrecognizedClientException',
        'The security token included in the request is invalid.',
      ],
      [
        'AccessKeyStopped',
        { why: 'inactive' },
        'UnrecognizedClientException',
        'The security token included in the request is invalid.',
      ],
      [
        'AccessKeyStopped',
        { why: 'expired', at: 0 },
        'UnrecognizedClientException',
        'The security token included in the request is invalid.',
      ],
      [
        'AccessKeyStopped',
        { why: 'token-invalid' },
        'UnrecognizedClientException',
        'The security token included in the request is invalid.',
      ],
      [
        'AccessKeyStopped',
        { why: 'token-expired', at: 0 },
        'ExpiredTokenException',
        'The security token included in the request is expired',
      ],
      [
        'AccessKeyStopped',
        { why: 'session-ended', source: 'the role r', fault: 'is inactive' },
        'UnrecognizedClientException',
        'The security token included in the request is invalid.',
      ],
      [
        'NoSuchAccessKey',
        { bucketName: 'mine' },
        'NotFoundException',
        'The AccessKey does not exist: the bucket mine has no access key of that id',
      ],
      [
        'NoPlaceForSuccessor',
        { bucketName: 'mine', accessKeyId: 'AKIA1' },
        'InvalidInputException',
        'The bucket mine has two access keys, which is the most it may have, so that there is no place for a successor. Delete AKIA1 first, or rotate with retireInSeconds 0: the old key then leaves its place at once.',
      ],
      [
        'TooManyAccessKeys',
        { bucketName: 'mine' },
        'InvalidInputException',
        'The bucket mine has two access keys already, which is the most it may have. Delete one of them first.',
      ],
      [
        'NoSuchAccount',
        { account: 'x'.repeat(101) },
        'NotFoundException',
        `The Account does not exist: ${'x'.repeat(100)}`,
      ],
      [
        'AccountExists',
        { accountName: 'main' },
        'InvalidInputException',
        'An account named main exists already',
      ],
      [
        'InvalidAccountName',
        { accountName: 'y'.repeat(101) },
        'InvalidInputException',
        `An account name has 1 to 64 letters, digits, spaces, dots, hyphens and underscores, starts and ends with a letter or digit, and is not 12 digits; got "${'y'.repeat(100)}"`,
      ],
      [
        'FirstAccountStays',
        { accountName: 'default' },
        'InvalidInputException',
        'The account default looks after the others and cannot be deleted here; "lugsail account delete" on the server can',
      ],
      [
        'InvalidBucketSelection',
        { problem: 'cors-of-all' },
        'InvalidInputException',
        'includeCors is allowed only together with bucketName',
      ],
      [
        'InvalidBucketSelection',
        { problem: 'page-of-one' },
        'InvalidInputException',
        'pageToken is not allowed together with bucketName',
      ],
      [
        'AccountOwnsBuckets',
        { accountName: 'main' },
        'InvalidInputException',
        'The account main owns buckets; delete them first',
      ],
      [
        'AccountMayNotManage',
        { accountName: 'main', firstAccountName: 'first' },
        'AccessDeniedException',
        'The account main may not look after the accounts of this server; the first account, first, may.',
      ],
      [
        'LastRootKey',
        { accountName: 'main' },
        'InvalidInputException',
        'The account main has one root key pair, which must stay; rotate it',
      ],
      [
        'NoSuchRootKey',
        { accountName: 'main', accessKeyId: 'z'.repeat(101) },
        'NotFoundException',
        `The account main has no root key ${'z'.repeat(100)}`,
      ],
      ['NoSuchRootKey', { accountName: 'main' }, 'NotFoundException', 'The account main has no root key '],
      [
        'NoSuchKeyId',
        { accessKeyId: 'AKIA1' },
        'NotFoundException',
        'The AccessKey does not exist: the account has none of the id AKIA1',
      ],
      [
        'NoSuchApplicationKey',
        { keyName: 'app' },
        'NotFoundException',
        'The AccessKey does not exist: the account has none named app',
      ],
      [
        'ApplicationKeyExists',
        { keyName: 'app' },
        'InvalidInputException',
        'The account has an access key named app already',
      ],
      [
        'AccessKeyIdTaken',
        { accessKeyId: 'AKIA1' },
        'InvalidInputException',
        'There is an access key of the id AKIA1 already',
      ],
      [
        'TooManyApplicationKeys',
        { count: 7 },
        'InvalidInputException',
        'The account has 7 application keys, which is the most it may have',
      ],
      [
        'InvalidApplicationKey',
        { problem: 'rights must name at least one' },
        'InvalidInputException',
        'rights must name at least one',
      ],
      [
        'NoSuchRole',
        { roleName: 'r' },
        'NotFoundException',
        'The Role does not exist: the account has none named r',
      ],
      ['RoleExists', { roleName: 'r' }, 'InvalidInputException', 'The account has a role named r already'],
      [
        'TooManyRoles',
        { count: 7 },
        'InvalidInputException',
        'The account has 7 roles, which is the most it may have',
      ],
      [
        'NoSuchResource',
        { resourceName: 'w'.repeat(301) },
        'NotFoundException',
        `The Resource does not exist: ${'w'.repeat(300)}`,
      ],
      ['NoSuchInstance', { resourceName: 'i-1' }, 'NotFoundException', 'The Instance does not exist: i-1'],
      [
        'ResourceExists',
        { resourceName: 'i-1', region: 'us-east-1' },
        'InvalidInputException',
        'A resource named i-1 exists already in us-east-1',
      ],
      [
        'InvalidResourceName',
        { resourceName: 'v'.repeat(301) },
        'InvalidInputException',
        `A resource name has 2 to 255 letters, digits, underscores and hyphens, with no hyphen at either end; got "${'v'.repeat(300)}"`,
      ],
      [
        'ResourceArnMismatch',
        { resourceName: 'i-1' },
        'InvalidInputException',
        'resourceArn is not the ARN of i-1',
      ],
      [
        'NoSuchOperationRecord',
        { operationId: 'op' },
        'NotFoundException',
        'The Operation does not exist: op',
      ],
      ['InvalidPageToken', {}, 'InvalidInputException', 'The pageToken is not valid for this list.'],
      [
        'RecordBusy',
        {},
        'ServiceUnavailableException',
        'Too many requests change this resource at the same time. Try again.',
      ],
      [
        'LocksBusy',
        {},
        'ServiceUnavailableException',
        'Too many objects are being locked in this bucket at the same time. Try again.',
      ],
      ['NoSuchBucket', { bucketName: 'mine' }, 'NotFoundException', 'The Bucket does not exist: mine'],
      [
        'BucketNameTaken',
        { bucketName: 'mine' },
        'InvalidInputException',
        'The bucket name is already in use: mine. Choose another.',
      ],
      [
        'TooManyBuckets',
        { count: 7 },
        'InvalidInputException',
        'The account owns 7 buckets already, which is the most it may',
      ],
      ['AccountGone', {}, 'ServiceException', 'The account of this request is gone'],
      [
        'BucketInUse',
        {
          bucketName: 'mine',
          uses: [
            { by: 'content' },
            { by: 'access-keys' },
            { by: 'resources' },
            { by: 'access-log', of: 'other' },
          ],
        },
        'InvalidInputException',
        'The bucket mine cannot be deleted: it holds objects or versions of objects, and it has access keys, and resources are attached to it, and it is the access log destination of other. Use forceDelete to delete it all the same.',
      ],
      [
        'BucketHoldsLockedVersion',
        { bucketName: 'mine', objectKey: 'a b', versionId: 'v1', mode: 'GOVERNANCE', retainUntil: 0 },
        'InvalidInputException',
        'The bucket mine cannot be deleted, by force neither: object lock keeps what it holds; version v1 of object a%20b is retained in GOVERNANCE mode until 1970-01-01T00:00:00.000Z. Nothing was deleted.',
      ],
      [
        'BucketHoldsLockedVersion',
        { bucketName: 'mine', objectKey: 'a b', versionId: 'v1', mode: null, retainUntil: null },
        'InvalidInputException',
        'The bucket mine cannot be deleted, by force neither: object lock keeps what it holds; version v1 of object a%20b is under legal hold. Nothing was deleted.',
      ],
      [
        'NoSuchBundle',
        { bundleId: 'x', bundleIds: ['a', 'b'] },
        'InvalidInputException',
        'The bundleId is not valid: expected one of a, b; got "x"',
      ],
      [
        'SameBundle',
        { bucketName: 'mine', bundleId: 'a' },
        'InvalidInputException',
        'The bucket mine has the bundle a already',
      ],
      [
        'BundleChangedThisMonth',
        { bucketName: 'mine', nextChangeAt: 86400000 },
        'InvalidInputException',
        'The bundle of the bucket mine was changed in this monthly billing cycle already; it can be changed again from 1970-01-02 (UTC)',
      ],
      [
        'InvalidVersioning',
        { versioning: 'x' },
        'InvalidInputException',
        'versioning is not valid: expected Enabled or Suspended; got "x"',
      ],
      [
        'VersioningNeededByObjectLock',
        {},
        'InvalidInputException',
        'Versioning cannot be suspended in a bucket with object lock',
      ],
      [
        'InvalidAccessLog',
        { problem: 'destination-missing' },
        'InvalidInputException',
        'accessLogConfig with enabled true needs a destination',
      ],
      [
        'InvalidAccessLog',
        { problem: 'destination-not-wanted' },
        'InvalidInputException',
        'accessLogConfig with enabled false takes neither destination nor prefix',
      ],
      [
        'InvalidAccessLog',
        { problem: 'destination-unfit', destination: 'other' },
        'InvalidInputException',
        'The access log destination must be a bucket of the same account and region; other is not',
      ],
      [
        'InvalidReadonlyAccount',
        { accountId: 'x' },
        'InvalidInputException',
        'readonlyAccessAccounts takes account ids of 12 digits; got "x"',
      ],
      [
        'InvalidMetricRange',
        { problem: 'ends-before-it-begins' },
        'InvalidInputException',
        'startTime must be before endTime',
      ],
      [
        'InvalidMetricRange',
        { problem: 'period', got: 61 },
        'InvalidInputException',
        'period must be a multiple of 60; got 61',
      ],
      [
        'InvalidMetricRange',
        { problem: 'too-many-points', got: 1440 },
        'InvalidInputException',
        'The range holds more than 1440 points; ask for fewer days',
      ],
      [
        'InvalidTag',
        { problem: 'key-length', tagKey: 'k', length: 129 },
        'InvalidInputException',
        'A tag key has 1 to 128 characters; got 129',
      ],
      [
        'InvalidTag',
        { problem: 'key-length', tagKey: undefined },
        'InvalidInputException',
        'A tag key has 1 to 128 characters; got none',
      ],
      [
        'InvalidTag',
        { problem: 'value-length', tagKey: 'k', tagValue: 'v'.repeat(300), length: 300 },
        'InvalidInputException',
        'The value of tag k has at most 256 letters, digits, spaces and + - = . _ : / @',
      ],
      [
        'InvalidTag',
        { problem: 'key-text', tagKey: 'k\\u0001' },
        'InvalidInputException',
        'A tag key has letters, digits, spaces and + - = . _ : / @ only; got "k\\\\u0001"',
      ],
      [
        'InvalidTag',
        { problem: 'value-text', tagKey: 'k', tagValue: 'v' },
        'InvalidInputException',
        'The value of tag k has at most 256 letters, digits, spaces and + - = . _ : / @',
      ],
      [
        'InvalidTag',
        { problem: 'reserved', tagKey: 'aws:k' },
        'InvalidInputException',
        'Tag keys that start with aws: are reserved; got aws:k',
      ],
      [
        'InvalidTag',
        { problem: 'repeated', tagKey: 'k'.repeat(130) },
        'InvalidInputException',
        `tags has the key "${'k'.repeat(130)}" twice`,
      ],
      [
        'TooManyTags',
        { of: 'bucket', count: 51, countMax: 50 },
        'InvalidInputException',
        'A resource has at most 50 tags; this would make 51',
      ],
      [
        'TooManyTags',
        { of: 'object', count: 11, countMax: 10 },
        'InvalidInputException',
        'A resource has at most 10 tags; this would make 11',
      ],
    ]
  for (const [kind, fields, code, message] of table)
    it(`${kind} ${JSON.stringify(fields).slice(0, 100)} is ${code}`, () =>
      assert.deepEqual(toControlForm(new DomainError(kind, fields as never)), { code, message }))

  it('is none where no operation meets it', () =>
    assert.equal(toControlForm(new DomainError('NoSuchKey', { objectKey: 'key' })), null))
})
