import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { OBJECT_CASES, good, rightsWorld, sampleOf, setPolicy, BUCKET, md5Of } from './rights-world.ts'

/** What makes an object, or succeeds when there is none, and what is about an upload. */
const OTHERS =
  /^(?:PutObject|CopyObject|DeleteObject|(?:Create|Complete|Abort)MultipartUpload|UploadPart(?:Copy)?|ListParts)$/
const telling = OBJECT_CASES.filter(
  ({ operation: { name }, namesVersion }) => !OTHERS.test(name) && !namesVersion,
)

describe('an object that is not there', () => {
  for (const { operation, needed } of telling)
    it(`is told of by ${operation.name} to those alone who may list the bucket`, async () => {
      const draft = await sampleOf(operation, false)
      const send = async (key: string) => {
        const headers = { ...md5Of(draft.body), ...draft.headers }
        const path = `/${BUCKET}/${key}${draft.path ?? ''}`
        return (await rightsWorld().other.s3({ ...draft, path, headers })).status
      }
      await setPolicy({ Effect: 'Allow', Action: [...needed] })
      assert.equal(await send('missing'), 403)
      await good(rightsWorld().owner, { method: 'DELETE', path: `/${BUCKET}/deleted` })
      assert.equal(await send('deleted'), 403)
      await setPolicy({ Effect: 'Allow', Action: [...needed, 's3:ListBucket'] })

      assert.equal(await send('missing'), 404)
    })
})
