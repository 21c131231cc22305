import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { requestHead } from '../../test/harness/request-head.ts'

/** As Amazon's documentation of version 2 and the SDKs have them. */
const SUB_RESOURCES =
  'accelerate acl analytics cors defaultObjectAcl delete inventory lifecycle location logging metrics notification object-lock partNumber policy replication requestPayment restore select select-type storageClass tagging torrent uploadId uploads versionId versioning versions website'
const OVERRIDES =
  'response-cache-control response-content-disposition response-content-encoding response-content-language response-content-type response-expires'

const read = (argument: string) =>
  requestHead({ url: `/b/k?AWSAccessKeyId=A&Signature=S&Expires=1&${argument}=v` }).version2

describe('an argument of a URL that is presigned by version 2', () => {
  for (const name of `${SUB_RESOURCES} ${OVERRIDES}`.split(' '))
    it(`is signed: ${name}`, () => {
      const version2 = read(name)
      assert.equal(version2?.signed.values.get(name), 'v')
      assert.deepEqual(version2.unsigned, [])
    })

  it('is not signed under any other name', () => {
    const version2 = read('prefix')
    assert.deepEqual([version2?.signed.values.get('prefix'), version2?.unsigned], [undefined, ['prefix']])
  })
})
