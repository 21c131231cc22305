import assert from 'node:assert/strict'
import { it } from 'node:test'
import { S3ServiceException } from '@aws-sdk/client-s3'
import { ObjectError } from '../object-error.ts'
import { isOfOneObject, SourceGone } from './transfer-errors.ts'

const answer = (name: string, status?: number): S3ServiceException =>
  new S3ServiceException({
    ...{ name, $fault: 'client' },
    $metadata: status === undefined ? {} : { httpStatusCode: status },
  })

it('a pass over a bucket goes on behind an error that is of one object, and not behind one that all would meet', () => {
  for (const error of [
    new ObjectError('is archived'),
    new SourceGone('is gone'),
    answer('InvalidObjectState', 403),
    answer('NoSuchKey', 404),
    answer('InvalidRequest', 400),
    answer('PreconditionFailed', 412),
    answer('RequestHeaderFieldsTooLarge', 431),
    answer('Unknown', 430),
    answer('Unknown', 499),
  ])
    assert.ok(isOfOneObject(error), String(error))
  for (const error of [
    ...['AccessDenied', 'ExpiredToken', 'Forbidden', 'InvalidAccessKeyId', 'InvalidToken'].map((name) =>
      answer(name, 403),
    ),
    answer('NoSuchBucket', 404),
    answer('RequestTimeTooSkewed', 403),
    answer('SignatureDoesNotMatch', 403),
    answer('TooManyRequests', 429),
    answer('PermanentRedirect', 301),
    answer('Unknown', 399),
    answer('InternalError', 500),
    answer('SlowDown', 503),
    answer('NoSuchKey'),
    new Error('socket hang up'),
    'a text',
  ])
    assert.ok(!isOfOneObject(error), String(error))
})
