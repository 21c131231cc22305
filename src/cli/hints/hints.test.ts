import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import { isFault } from '../fault.ts'
import { UnknownOptionsError, UsageError } from '../usage-error.ts'
import { nearCommand } from './commands.ts'
import { connectionHint } from './connection.ts'
import { faultReport, hintsFor } from './index.ts'
import { nearOptions } from './options.ts'

describe('a command that there is not', () => {
  for (const [typed, meant] of [
    ['list-buckets', 'get-buckets'],
    ['describe-bucket', 'get-buckets'],
    ['show-bundles', 'get-bucket-bundles'],
    ['ls-role', 'get-roles'],
    ['read-roles', 'get-roles'],
    ['head-bucket', 'get-buckets'],
    ['make-bucket', 'create-bucket'],
    ['add_bucket', 'create-bucket'],
    ['NEW-BUCKET', 'create-bucket'],
    ['mk-bucket', 'create-bucket'],
    ['put-bucket', 'create-bucket'],
    ['remove-bucket', 'delete-bucket'],
    ['rm-roles', 'delete-role'],
    ['destroy-account', 'delete-account'],
    ['del-key', 'delete-access-key'],
    ['drop-resource', 'delete-resource'],
    ['set-key', 'update-access-key'],
    ['modify-bundle', 'update-bucket-bundle'],
    ['edit-role', 'update-role'],
    ['change-roles', 'update-role'],
    ['list-key', 'get-access-keys'],
    ['show-keys', 'get-access-keys'],
    ['add-key', 'create-access-key'],
  ] as const)
    it(`${typed} is ${meant} by another name`, () =>
      assert.equal(nearCommand([typed]), `there is no ${typed}; did you mean ${meant}?`))

  for (const [typed, hint] of [
    ['mb', /^create-bucket makes/],
    ['rb', /^delete-bucket deletes/],
    ['s3', /lugsail use.* aws s3 ls/],
    ['s3api', /lugsail use.* aws s3api/],
    ['configure', /lugsail use/],
    ['start', /lugsail serve/],
  ] as const)
    it(`${typed} is a word of another program`, () => assert.match(nearCommand([typed]) ?? '', hint))

  it('is the first word that is no option, no command and not lightsail', () => {
    assert.match(
      nearCommand(['--debug', 'lightsail', 'list-buckets', 'mb']) ?? '',
      /there is no list-buckets/,
    )
    assert.match(nearCommand(['get-buckets', 'cp', 'serve', 'get-access-keys', 'mb']) ?? '', /^create-bucket/)
    for (const words of [['get-buckets'], ['--mb'], [], ['toString'], ['fly-to-moon']])
      assert.equal(nearCommand(words), undefined, words.join(' '))
    // The message names what is spelled nearly so itself.
    assert.equal(nearCommand(['create-bukcet']), undefined)
  })
})

describe('an option that there is not', () => {
  for (const [line, hint] of [
    ['create-bucket --bucketname photos', 'there is no option --bucketname; did you mean --bucket-name?'],
    ['create-bucket --Bundle_Id=small', 'there is no option --Bundle_Id; did you mean --bundle-id?'],
    ['create-access-key --nmae x', 'there is no option --nmae; did you mean --name?'],
    ['get-buckets --endpointurl x', 'there is no option --endpointurl; did you mean --endpoint-url?'],
    [
      'create-bucket --bucketname a --bundleid b --bucketname c',
      'there is no option --bucketname; did you mean --bucket-name? there is no option --bundleid; did you mean --bundle-id?',
    ],
  ] as const)
    it(`in ${line} is told with the one that was meant`, () =>
      assert.equal(nearOptions(line.split(' ')), hint))

  for (const line of [
    'create-bucket --bucket-name a',
    // The beginning of a name is enough.
    'create-bucket --bucket-n a',
    'create-bucket --xyzzy',
    'create-bucket -bucketname --',
    'no-command --bucketname x',
  ])
    it(`in ${line} is nothing to tell`, () => assert.equal(nearOptions(line.split(' ')), undefined))
})

describe('a connection that was not made', () => {
  const hintOf = (message: string) => connectionHint(new Error(message))

  for (const [message, hint] of [
    [
      'SSL validation failed for https://a.example:9/ wrong version number',
      /^a\.example:9 does not speak TLS: the endpoint is http:\/\/a\.example:9$/,
    ],
    ['SSL validation failed for https://a.example/ packet length too long', /does not speak TLS/],
    ['SSL validation failed for https://a.example/ HTTP request', /does not speak TLS/],
    [
      'SSL validation failed for https://a.example/ self-signed certificate',
      /of no authority that is known.*--ca-bundle/,
    ],
    ['SSL validation failed for https://a.example/ self signed certificate', /of no authority/],
    ['SSL validation failed for https://a.example/ unable to verify the first one', /of no authority/],
    ['SSL validation failed for https://a.example/ unable to get it', /of no authority/],
    ['SSL validation failed for https://a.example/ UNABLE_TO_X', /of no authority/],
    ["SSL validation failed for https://a.example/ not in the cert's altnames", /is for another name/],
    ['SSL validation failed for https://a.example/ Hostname differs', /is for another name/],
    ['SSL validation failed for https://a.example/ IP address differs', /is for another name/],
    [
      'SSL validation failed for https://a.example/ certificate has expired',
      /does not count at the time of this clock \(20/,
    ],
    [
      'SSL validation failed for https://a.example/ certificate is not yet valid',
      /renew it, or set the clock/,
    ],
  ] as const)
    it(`because of ${message} has its remedy`, async () => assert.match((await hintOf(message)) ?? '', hint))

  it('has none where nothing is known of it', async () => {
    for (const message of [
      'Could not connect',
      'Could not connect to https://a.example/',
      'Could not connect to the endpoint URL: "http://127.0.0.1:9/"',
      'Connection was closed by https://[x/',
    ])
      assert.equal(await hintOf(message), undefined, message)
  })

  it('was to a server that speaks no TLS either, or to none', async () => {
    const server = createServer((socket) =>
      socket
        .on('error', () => undefined)
        .resume()
        .end('no'),
    ).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    assert.equal(await hintOf(`Connection was closed http://127.0.0.1:${port}/`), undefined)
    server.close()
    await once(server, 'close')
    assert.equal(await hintOf(`Connection was closed http://127.0.0.1:${port}/`), undefined)
  })
})

describe('a hint', () => {
  it('stands behind the message, but before one that is compared with the reference’s', async () => {
    const withHint = Object.assign(new Error('m'), { hint: 'do it' })
    assert.deepEqual(await hintsFor(withHint, []), ['', 'lugsail: do it\n'])
    assert.deepEqual(await hintsFor(new UsageError('x'), ['create-bucket', '--bucketname', 'y']), [
      'lugsail: there is no option --bucketname; did you mean --bucket-name?\n',
      '',
    ])
    assert.deepEqual(
      await hintsFor(new UnknownOptionsError(['--bucketname']), ['create-bucket', '--bucketname', 'y']),
      ['', 'lugsail: there is no option --bucketname; did you mean --bucket-name?\n'],
    )
    for (const word of ['command', 'operation'])
      assert.deepEqual(
        await hintsFor(new UsageError(`argument ${word}: Invalid choice, valid choices are:`), ['mb']),
        ['', 'lugsail: create-bucket makes a bucket\n'],
      )
    const connection = Object.assign(new Error('SSL validation failed for https://a.example/ has expired'), {
      kind: 'ssl',
    })
    assert.match((await hintsFor(connection, []))[1], /^lugsail: the certificate of a\.example/)
  })

  it('says how a time is written to who wrote a word for it, and not to who wrote digits', async () => {
    const of = (value: string) =>
      new Error(
        `Invalid type for parameter startTime, value: ${value}, type: <class 'str'>, valid types: <class 'datetime.datetime'>, timestamp-string`,
      )
    assert.match(
      (await hintsFor(of('yesterday'), []))[1],
      /^lugsail: a time is written as 2030-01-31T12:00:00Z/,
    )
    assert.deepEqual(await hintsFor(of('2030-13-01'), []), ['', ''])
  })

  it('is not given where there is nothing to say', async () => {
    for (const error of [new Error('x'), 'text', undefined, Object.assign(new Error('m'), { hint: 7 })])
      assert.deepEqual(await hintsFor(error, ['create-bucket', '--bucketname']), ['', ''])
    assert.deepEqual(await hintsFor(new UsageError('x'), ['mb']), ['', ''])
  })
})

describe('a fault of the program', () => {
  it('is told from what the user can mend', () => {
    for (const error of [
      new TypeError('x'),
      new RangeError('x'),
      new ReferenceError('x'),
      new SyntaxError('x'),
      new URIError('x'),
      new EvalError('x'),
      'text',
      undefined,
    ])
      assert.equal(isFault(error), true)
    assert.equal(isFault(new Error('x')), false)
    for (const code of [
      'ERR_INVALID_URL',
      'ERR_INVALID_ARG_VALUE',
      'ERR_INVALID_CHAR',
      'ERR_UNESCAPED_CHARACTERS',
    ])
      assert.equal(isFault(Object.assign(new TypeError('x'), { code })), false)
    assert.equal(isFault(Object.assign(new TypeError('x'), { code: 'ERR_OTHER' })), true)
  })

  it('is asked to be reported', () =>
    assert.match(
      faultReport(new TypeError('x')),
      /^\nlugsail: internal fault: TypeError: x\nThis is a fault of lugsail, .*Please report it[^]*--debug\.\n$/,
    ))
})
