import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { BUCKET, GIVEN, makeObject, rightsWorld, setPolicy } from './rights-world.ts'

const given = Object.fromEntries(Object.entries(GIVEN).filter(([name]) => name !== 'x-amz-acl'))
/** The right that each of these headers needs besides that of reading, of the current version and of a named one. */
const FACTS = {
  'x-amz-tagging-count': ['s3:GetObjectTagging', 's3:GetObjectVersionTagging'],
  'x-amz-object-lock-mode': ['s3:GetObjectRetention', 's3:GetObjectRetention'],
  'x-amz-object-lock-retain-until-date': ['s3:GetObjectRetention', 's3:GetObjectRetention'],
  'x-amz-object-lock-legal-hold': ['s3:GetObjectLegalHold', 's3:GetObjectLegalHold'],
} as const
const names = Object.keys(FACTS) as (keyof typeof FACTS)[]
const reading = ['s3:GetObject', 's3:GetObjectVersion']

for (const method of ['GET', 'HEAD'] as const)
  describe(`${method} of an object with tags and locks`, () => {
    let versionId = ''
    before(async () => {
      versionId = await makeObject(given)
    })
    const told = async (namesVersion: boolean, client = rightsWorld().other) => {
      const path = `/${BUCKET}/key${namesVersion ? `?versionId=${versionId}` : ''}`
      const { status, headers } = await client.s3({ method, path })
      assert.equal(status, 200)
      return names.filter((name) => name in headers)
    }

    for (const namesVersion of [false, true]) {
      const which = namesVersion ? 'a named version' : 'the current version'
      it(`tells nothing of them in ${which} to one who may read its bytes alone`, async () => {
        await setPolicy({ Effect: 'Allow', Action: reading })
        assert.deepEqual(await told(namesVersion), [])
        assert.deepEqual(await told(namesVersion, rightsWorld().owner), names)
      })

      it(`tells of ${which} what each right is for`, async () => {
        for (const name of names) {
          const action = FACTS[name][namesVersion ? 1 : 0]
          const others = names.filter((other) => FACTS[other][namesVersion ? 1 : 0] !== action)
          await setPolicy({ Effect: 'Allow', Action: [...reading, action] })
          assert.deepEqual(
            await told(namesVersion),
            names.filter((other) => !others.includes(other)),
            name,
          )
          await setPolicy({ Effect: 'Allow', Action: ['s3:*'] }, { Effect: 'Deny', Action: [action] })
          assert.deepEqual(await told(namesVersion), others, name)
        }
      })
    }

    it('tells a stranger nothing of them', async () => {
      await setPolicy({ Effect: 'Allow', Principal: '*', Action: reading })
      const response = await fetch(`${rightsWorld().server.url}/${BUCKET}/key`, { method })
      assert.equal(response.status, 200)
      await response.arrayBuffer()
      assert.deepEqual(
        names.filter((name) => response.headers.has(name)),
        [],
      )
    })
  })
