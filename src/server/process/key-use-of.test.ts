import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Exchange, ExchangeFacts } from '../../api/exchange.ts'
import { keyUseOf } from './key-use-of.ts'

const signer = {
  ...{ accountId: '123456789012', accessKeyId: 'AKIA', isStopped: false },
  principal: { type: 'account', accountId: '123456789012', accessKeyId: 'AKIA' } as const,
}

const useOf = (facts: ExchangeFacts) =>
  keyUseOf({
    ...{ facts, receivedAt: 5, client: { address: '192.0.2.1' } },
    request: { headers: { 'user-agent': 'a client' } },
  } as unknown as Exchange)

it('a request with a right signature is a use of its key, with what it moved and whether it was refused', () => {
  const use = {
    ...{ accountId: '123456789012', accessKeyId: 'AKIA', address: '192.0.2.1', agent: 'a client', at: 5 },
    ...{ receivedBytes: 0, sentBytes: 0, isRefused: false },
  }
  assert.deepEqual(useOf({ signer }), use)
  assert.deepEqual(useOf({ signer, requestBodyBytes: 1, responseBodyBytes: 2 }), {
    ...use,
    receivedBytes: 1,
    sentBytes: 2,
  })
  for (const [facts, isRefused] of [
    [{ errorCode: 'AccessDenied' }, true],
    [{ errorCode: 'AccessDeniedException' }, true],
    [{ errorCode: 'NoSuchKey' }, false],
    [{ signer: { ...signer, isStopped: true } }, true],
  ] as const)
    assert.equal(useOf({ signer, ...facts })?.isRefused, isRefused)
})

it('a request that nobody signed, or that a role did without a stored key, is none', () => {
  assert.equal(useOf({}), null)
  assert.equal(useOf({ accessKeyId: 'AKIA', errorCode: 'SignatureDoesNotMatch' }), null)
  assert.equal(useOf({ signer: { ...signer, accessKeyId: null } }), null)
})
