import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { answerOk, serve } from '../../../test/harness/listener.ts'
import { setUp } from '../../../test/bucket-world.ts'
import { SigningKeyCache } from '../../auth/signing-key-cache.ts'
import { StoreUnavailable } from '../../storage/metadata-store.ts'
import { ControlError } from '../control-error.ts'
import { createStsHandler } from './sts-handler.ts'

/** What a call is answered that fails with this error, and what the log says of it. */
async function failing(error: Error) {
  const { context } = await setUp()
  const sts = createStsHandler({
    service: context,
    signingKeys: new SigningKeyCache(),
    webIdentities: () => assert.fail('nothing is asked of issuers'),
    onOperation: () => Promise.reject(error),
  })
  const { url, lines } = await serve({ s3: sts, control: answerOk })
  const response = await fetch(`${url}/a/b?Action=AssumeRoleWithWebIdentity&Version=2011-06-15`)
  const said = lines().filter((line) => line.includes('a request to STS failed'))
  return { response, body: await response.text(), said }
}

describe('a call of STS that fails', () => {
  it('by a fault of the server is told in the log, and the client learns nothing of it', async () => {
    const { response, body, said } = await failing(new Error('a fault in the works'))
    assert.equal(response.status, 500)
    assert.match(body, /<Code>InternalFailure<\/Code>/)
    assert.doesNotMatch(body, /works/)
    assert.equal(response.headers.get('retry-after'), null)
    assert.equal(said.length, 1)
    assert.match(said[0] ?? '', /a fault in the works/)
  })

  it('since the store does not answer is told as well, and may be tried again in a second', async () => {
    const { response, body, said } = await failing(new StoreUnavailable('the disk is away'))
    assert.deepEqual([response.status, response.headers.get('retry-after'), said.length], [503, '1', 1])
    assert.match(body, /<Code>ServiceUnavailable<\/Code>/)
    assert.doesNotMatch(body, /disk/)
  })

  it('by a limit that put it off is nothing for the log', async () => {
    const { response, body, said } = await failing(
      new ControlError('ServiceUnavailableException', 'Too many requests from this address were wrong.'),
    )
    assert.deepEqual([response.status, response.headers.get('retry-after'), said.length], [503, '1', 0])
    assert.match(body, /Too many requests from this address were wrong\./)
  })
})
