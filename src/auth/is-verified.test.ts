import assert from 'node:assert/strict'
import { it } from 'node:test'
import { AuthenticationFailure } from './authentication-failure.ts'
import { isVerified } from './is-verified.ts'

it('a verification finds nothing wrong, or says what is; any other error is none of its findings', () => {
  assert.equal(
    isVerified(() => undefined),
    true,
  )
  const failure = new AuthenticationFailure('authorization-shapeless', 'no signature')
  assert.equal(
    isVerified(() => {
      throw failure
    }),
    false,
  )
  assert.throws(
    () =>
      isVerified(() => {
        throw new TypeError('a fault')
      }),
    TypeError,
  )
})
