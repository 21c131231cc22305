import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { S3ServiceException } from '@aws-sdk/client-s3'
import { contentTypeOf } from './content-type.ts'
import { explainError, type Attempt } from './explain-error.ts'
import { sizeText } from './sizes.ts'

const AT: Attempt = {
  endpoint: 'http://here',
  place: { kind: 'object', bucketName: 'b', key: 'k' },
}

const response = (name: string, httpStatusCode: number, message = '') =>
  new S3ServiceException({ name, message, $fault: 'client', $metadata: { httpStatusCode } })

const nodeError = (code: string, more: object = {}) =>
  Object.assign(new Error(`its own ${code}`), { code }, more)

describe('an error is explained', () => {
  const NO_OBJECT = 's3://b/k does not exist; "lugsail ls s3://b/" shows what does'
  const ONE_BUCKET = '. The key of a bucket opens that one only'
  const SILENT =
    'http://here fell silent; try again, or allow more time with --cli-read-timeout and --cli-connect-timeout'
  const CUT = 'the connection to http://here was cut; try again'
  const PLAIN = 'http://here does not speak TLS; perhaps it begins with http:// rather than https://'
  const unsigned = (code: string) =>
    `the certificate of http://here is signed by nobody known here (${code}); name it with --ca-bundle FILE`
  const KEY_TOLD = '; "lugsail key show" and get-bucket-access-keys tell of it'
  const table: readonly (readonly [error: unknown, explained: string])[] = [
    [
      response('NoSuchBucket', 404, 'x'),
      'the bucket b does not exist; "lugsail ls" shows those that do, "lugsail create-bucket" makes one',
    ],
    [response('NoSuchKey', 404), NO_OBJECT],
    [response('NotFound', 404), NO_OBJECT],
    [response('Whatever', 404), NO_OBJECT],
    [response('NoSuchUpload', 404, 'The upload is gone.'), 'NoSuchUpload: The upload is gone'],
    [
      response(
        'InvalidAccessKeyId',
        403,
        'The AWS Access Key Id you provided does not exist in our records.',
      ),
      'the access key is not known there: it was deleted or rotated, or belongs to another server; look at the profile and AWS_ACCESS_KEY_ID',
    ],
    [
      response('InvalidAccessKeyId', 403, 'The AWS Access Key Id you provided is inactive.'),
      `the access key is inactive${KEY_TOLD}`,
    ],
    [
      response(
        'InvalidAccessKeyId',
        403,
        'The AWS Access Key Id you provided expired at 2030-01-01T00:00:00.000Z',
      ),
      `the access key expired at 2030-01-01T00:00:00.000Z${KEY_TOLD}`,
    ],
    [
      response('SignatureDoesNotMatch', 403, 'x'),
      'the secret access key does not belong to the access key; look at the profile and AWS_SECRET_ACCESS_KEY',
    ],
    [
      response('RequestTimeTooSkewed', 403, 'Off by an hour.'),
      'Off by an hour. Set the clock of this machine right',
    ],
    [
      response('AccessDenied', 403, 'Access Denied'),
      `these credentials may not do that with b (AccessDenied: Access Denied)${ONE_BUCKET}`,
    ],
    [response('AccessDenied', 403), `these credentials may not do that with b (AccessDenied)${ONE_BUCKET}`],
    [
      response('AccessDenied', 403, 'AKIA is the application key app, which may not'),
      'these credentials may not do that with b (AccessDenied: AKIA is the application key app, which may not)',
    ],
    [
      response('AccessDenied', 403, 'AKIA stands for a session of r, which may not'),
      'these credentials may not do that with b (AccessDenied: AKIA stands for a session of r, which may not)',
    ],
    [response('SlowDown', 503, 'Wait.'), 'SlowDown: Wait'],
    [response('SlowDown', 503, 'SlowDown'), 'SlowDown'],
    [response('SlowDown', 503, 'UnknownError'), 'SlowDown'],
    [response('SlowDown', 503, 'two\nlines'), 'SlowDown: two\\u000alines'],
    [Object.assign(new Error('x'), { name: 'TimeoutError' }), SILENT],
    [
      nodeError('ECONNREFUSED'),
      'nothing answers at http://here; start the server ("lugsail serve"), or name another with --endpoint-url',
    ],
    [
      nodeError('ENOTFOUND'),
      'the host of http://here has no address here; look at --endpoint-url and the profile',
    ],
    [
      nodeError('EAI_AGAIN'),
      'the host of http://here has no address here; look at --endpoint-url and the profile',
    ],
    [nodeError('ECONNRESET'), CUT],
    [nodeError('EPIPE'), CUT],
    [nodeError('ERR_STREAM_PREMATURE_CLOSE'), CUT],
    [nodeError('ETIMEDOUT'), SILENT],
    [nodeError('EPROTO'), PLAIN],
    [nodeError('ERR_SSL_WRONG_VERSION_NUMBER'), PLAIN],
    [nodeError('ERR_SSL_PACKET_LENGTH_TOO_LONG'), PLAIN],
    ...[
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    ].map((code) => [nodeError(code), unsigned(code)] as const),
    ...['ERR_TLS_CERT_ALTNAME_INVALID', 'CERT_HAS_EXPIRED'].map(
      (code) => [nodeError(code), `the certificate of http://here does not hold: its own ${code}`] as const,
    ),
    [nodeError('ENOENT', { path: '/f' }), '/f: no such file or folder'],
    [nodeError('ENOENT'), 'no such file or folder'],
    [nodeError('EACCES', { path: '/f' }), '/f: this user may not do that (EACCES)'],
    [nodeError('EPERM', { path: '/f' }), '/f: this user may not do that (EPERM)'],
    [nodeError('EISDIR', { path: '/f' }), '/f: is a folder; add --recursive to take all that is in it'],
    [
      nodeError('EEXIST', { path: '/f', syscall: 'open' }),
      '/f: exists already and is left as it is; name another file',
    ],
    [nodeError('EEXIST', { path: '/f', syscall: 'mkdir' }), '/f: a file stands where a folder is needed'],
    [nodeError('ENOTDIR', { path: '/f' }), '/f: a file stands where a folder is needed'],
    [nodeError('ENAMETOOLONG', { path: '/f' }), '/f: the name is too long for a file here'],
    [nodeError('ENOSPC', { path: '/f' }), '/f: the disk is full (ENOSPC)'],
    [nodeError('EDQUOT', { path: '/f' }), '/f: the disk is full (EDQUOT)'],
    [nodeError('EOTHER'), 'its own EOTHER'],
    [new Error('around', { cause: nodeError('ECONNRESET') }), CUT],
    [new Error('around', { cause: new Error('middle', { cause: nodeError('EPIPE') }) }), CUT],
    [new AggregateError([new Error('x'), nodeError('ECONNRESET')], 'all'), CUT],
    [new Error('around', { cause: new Error('no code') }), 'around'],
    [new Error('with a dot.'), 'with a dot'],
    ['a text', 'a text'],
  ]
  for (const [error, explained] of table)
    it(explained, () => assert.equal(explainError(error, AT), explained))

  it('without the place and the endpoint, where these are not known', () => {
    assert.equal(
      explainError(response('AccessDenied', 403)),
      'these credentials may not list buckets (AccessDenied). The key of a bucket opens that one: lugsail ls BUCKET',
    )
    assert.equal(
      explainError(response('NoSuchKey', 404)),
      'The object does not exist; "lugsail ls s3:///" shows what does',
    )
    for (const [code, beginning] of [
      ['ECONNREFUSED', 'nothing answers at Amazon’s S3'],
      ['ETIMEDOUT', 'Amazon’s S3 fell silent'],
    ] as const)
      assert.ok(explainError(nodeError(code)).startsWith(beginning.replace('’', "'")), code)
    const file: Attempt = { place: { kind: 'file', path: '/f' } }
    assert.match(
      explainError(response('AccessDenied', 403), file),
      /^these credentials may not do that with {2}\(/,
    )
  })
})

describe('a size', () => {
  it('is shown in the unit in which it has up to four digits', () =>
    assert.deepEqual(
      [0, 1023, 1024, 1536, 1024 ** 2 - 1, 1024 ** 2, 12.34 * 1024 ** 3, 1024 ** 4, 1024 ** 5, 1024 ** 6].map(
        sizeText,
      ),
      [
        '0 B',
        '1023 B',
        '1.0 KiB',
        '1.5 KiB',
        '1024.0 KiB',
        '1.0 MiB',
        '12.3 GiB',
        '1.0 TiB',
        '1.0 PiB',
        '1024.0 PiB',
      ],
    ))
})

describe('the content type of a file', () => {
  it('follows from the end of its name, in any case of letters', () => {
    const types = {
      ...{ avif: 'image/avif', bmp: 'image/bmp', css: 'text/css', csv: 'text/csv', gif: 'image/gif' },
      ...{ gz: 'application/gzip', htm: 'text/html', html: 'text/html', ico: 'image/vnd.microsoft.icon' },
      ...{ jpeg: 'image/jpeg', jpg: 'image/jpeg', js: 'text/javascript', json: 'application/json' },
      ...{ md: 'text/markdown', mjs: 'text/javascript', mov: 'video/quicktime', mp3: 'audio/mpeg' },
      ...{
        mp4: 'video/mp4',
        ogg: 'audio/ogg',
        pdf: 'application/pdf',
        png: 'image/png',
        svg: 'image/svg+xml',
      },
      ...{ tar: 'application/x-tar', tif: 'image/tiff', tiff: 'image/tiff', txt: 'text/plain' },
      ...{ wasm: 'application/wasm', wav: 'audio/wav', webm: 'video/webm', webp: 'image/webp' },
      ...{ webmanifest: 'application/manifest+json', woff: 'font/woff', woff2: 'font/woff2' },
      ...{
        xml: 'application/xml',
        yaml: 'application/yaml',
        yml: 'application/yaml',
        zip: 'application/zip',
      },
    }
    for (const [ending, type] of Object.entries(types)) {
      assert.equal(contentTypeOf(`a/b.c.${ending}`), type)
      assert.equal(contentTypeOf(`A.${ending.toUpperCase()}`), type)
    }
    for (const name of ['a', 'a.', '.html', 'html', 'a.html.bak', 'a.toString'])
      assert.equal(contentTypeOf(name), undefined, name)
  })
})
