import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ConfigurationError, StartFailure } from '../configuration/errors.ts'
import { listenError } from './listen-error.ts'

const failure = (code: string): NodeJS.ErrnoException => Object.assign(new Error(code), { code })

describe('an address that cannot be listened on', () => {
  it('is another time’s where it is taken or not there yet, and the settings’ where it is not permitted', () => {
    for (const [code, port, kind, message] of [
      ['EADDRINUSE', 9400, StartFailure, /^listen: another process listens on h:9400 .*--listen h:9401$/],
      ['EACCES', 1023, ConfigurationError, /^listen: no permission .* h:1023; ports below 1024 need .*CAP_/],
      ['EACCES', 1024, ConfigurationError, /^listen: no permission to listen on h:1024$/],
      ['EADDRNOTAVAIL', 1, StartFailure, /^listen: this machine has no address h$/],
      ['ENOTFOUND', 1, StartFailure, /^listen: this machine has no address h$/],
    ] as const) {
      const error = listenError(failure(code), 'h', port)
      assert.ok(error instanceof kind, code)
      assert.match(error.message, message)
    }
  })

  it('comes back as it is where nobody can do anything about it', () => {
    const error = failure('EMFILE')
    assert.equal(listenError(error, 'h', 1), error)
  })
})
