import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { describeAddress, parsePostgresUrl } from './address.ts'

describe('parsePostgresUrl', () => {
  it('reads hosts, database, login and parameters', () => {
    const address = parsePostgresUrl(
      'postgres://who:p%40ss:word@one:6000,two,[::1]:7000/data%2Fbase?sslmode=require&schema=mine&connections=4',
    )
    assert.deepEqual(address, {
      hosts: [
        { host: 'one', port: 6000 },
        { host: 'two', port: 5432 },
        { host: '::1', port: 7000 },
      ],
      database: 'data/base',
      user: 'who',
      password: 'p@ss:word',
      tls: { rejectUnauthorized: false },
      schema: '"mine"',
      connectionsMax: 4,
      waitingMax: 1024,
      answerTimeoutMs: 10_000,
      isUnsafeAllowed: false,
    })
    assert.equal(describeAddress(address), 'PostgreSQL at one:6000,two:5432,::1:7000/data/base')
  })

  it('needs no TLS on this machine, and asks for a decision elsewhere', () => {
    assert.equal(parsePostgresUrl('postgres://who@localhost/db').tls, false)
    assert.equal(parsePostgresUrl('postgres://who@[::ffff:7f00:1]/db').tls, false)
    assert.equal(parsePostgresUrl('postgresql://who@10.0.0.1/db?sslmode=disable').tls, false)
    assert.deepEqual(parsePostgresUrl('postgres://who@db/db?sslmode=verify-full').tls, {
      rejectUnauthorized: true,
    })
    assert.throws(
      () => parsePostgresUrl('postgres://who@db/db'),
      /sslmode must be one of disable, require, .* got nothing/,
    )
  })

  for (const [what, url, message] of [
    ['another scheme', 'mysql://who:s3cr3t@localhost/db', /expected postgres:/],
    ['no database', 'postgres://who:s3cr3t@localhost', /expected postgres:/],
    ['no user', 'postgres://localhost/db', /must name a user/],
    [
      'an unknown parameter',
      'postgres://who:s3cr3t@localhost/db?colour=red',
      /parameter colour is not known/,
    ],
    ['a bad port', 'postgres://who:s3cr3t@localhost:x/db', /expected HOST or HOST:PORT, got "localhost:x"/],
    ['a port out of range', 'postgres://who:s3cr3t@localhost:65536/db', /expected HOST or HOST:PORT/],
    ['an @ in the password', 'postgres://who:pass@s3cr3t@localhost/db', /each part percent-encoded/],
    ['a slash in the password', 'postgres://who:pass/s3cr3t@localhost/db', /each part percent-encoded/],
    [
      'a malformed password',
      'postgres://who:s3cr3t%@localhost/db',
      /the password in the URL is not percent-/,
    ],
    [
      'a malformed database',
      'postgres://who:s3cr3t@localhost/d%b',
      /the database in the URL is not percent-/,
    ],
    [
      'a name that begins as an address of this machine',
      'postgres://who:s3cr3t@127.0.0.1.example.org/db',
      /sslmode must be one of .* got nothing/,
    ],
    [
      'what is neither true nor false',
      'postgres://who:s3cr3t@localhost/db?allow_unsafe_durability=yes',
      /allow_unsafe_durability must be true or false, got "yes"/,
    ],
    [
      'a parameter given twice',
      'postgres://who:s3cr3t@localhost/db?schema=a&schema=b',
      /parameter schema is given twice/,
    ],
    ['a bad schema', 'postgres://who:s3cr3t@localhost/db?schema=a"b', /parameter schema must be/],
    [
      'a bad number',
      'postgres://who:s3cr3t@localhost/db?connections=0',
      /connections must be .* from 1 to 1000, got "0"/,
    ],
  ] as const) {
    it(`refuses ${what} without showing the password`, () => {
      assert.throws(
        () => parsePostgresUrl(url),
        (error) =>
          error instanceof RangeError && message.test(error.message) && !error.message.includes('s3cr3t'),
      )
    })
  }
})
