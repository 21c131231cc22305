import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ClientError, ServiceFault, TransportError } from '../../client/errors.ts'
import { toStatus } from './status.ts'

const fault = (code: string, reason: string, status = 400): ServiceFault =>
  new ServiceFault({ code, reason, status, operation: 'CreateBucket', retriesExhausted: 2 })
const told = (error: unknown): string => {
  const { status, message } = toStatus(error)
  return `${status} ${message}`
}

describe('an error as the caller of the driver gets it', () => {
  it('is INVALID_ARGUMENT, which is not tried again, only where the request is wrong', () => {
    assert.equal(told(fault('InvalidInputException', 'no')), 'INVALID_ARGUMENT InvalidInputException: no')
    const limit = 'The account owns 20 buckets already, which is the most it may'
    assert.match(told(fault('InvalidInputException', limit)), /^RESOURCE_EXHAUSTED /)
    const full = 'The account has 5 application keys, which is the most it may have'
    assert.match(told(fault('InvalidInputException', full)), /^RESOURCE_EXHAUSTED /)
    assert.match(told(fault('ServiceUnavailableException', 'later', 503)), /^UNAVAILABLE /)
    assert.match(told(fault('Odd', 'gateway', 502)), /^UNAVAILABLE /)
    assert.match(told(fault('Odd', 'what', 418)), /^INTERNAL /)
    assert.match(told(new TransportError('closed', 'gone')), /^UNAVAILABLE gone/)
    assert.match(told(new ClientError('setting')), /^FAILED_PRECONDITION setting/)
  })

  it('says nothing of what nobody foresaw', () => {
    for (const error of [new TypeError('secret'), 'secret', undefined])
      assert.equal(told(error), 'INTERNAL The driver failed; its log says why')
  })
})
