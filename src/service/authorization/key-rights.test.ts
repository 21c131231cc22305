import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { S3_ACTIONS, type S3Action } from '../../model/s3/action.ts'
import { actionsOfRights } from './key-rights.ts'

/** Which single rights allow an action, besides `full`. */
const ALLOWED_BY: readonly (readonly [rights: string, ...actions: readonly S3Action[]])[] = [
  ['read', 's3:GetObject', 's3:GetObjectVersion', 's3:GetObjectTagging', 's3:GetObjectAttributes'],
  [
    'write',
    's3:PutObject',
    's3:AbortMultipartUpload',
    's3:ListMultipartUploadParts',
    's3:ListBucketMultipartUploads',
    's3:PutObjectTagging',
    's3:DeleteObjectTagging',
  ],
  ['list', 's3:ListBucket', 's3:ListBucketVersions'],
  ['delete', 's3:DeleteObject', 's3:DeleteObjectVersion'],
  ['read write list delete', 's3:GetBucketObjectLockConfiguration', 's3:GetBucketVersioning'],
  ['', 's3:BypassGovernanceRetention', 's3:PutBucketPolicy', 's3:DeleteBucket', 's3:CreateBucket'],
]
const SINGLE = ['read', 'write', 'list', 'delete'] as const

describe("a key's rights", () => {
  for (const [rights, ...actions] of ALLOWED_BY)
    for (const action of actions)
      it(`that allow ${action} are ${rights === '' ? 'none alone' : rights}`, () => {
        const allowing = SINGLE.filter((right) => actionsOfRights([right]).has(action))
        assert.equal(allowing.join(' '), rights)
        assert.equal(actionsOfRights(['read-write']).has(action), rights !== '')
        assert.equal(actionsOfRights(['full']).has(action), true)
      })

  it('together allow what each allows, in whatever order they stand', () => {
    const both = actionsOfRights(['list', 'read'])
    assert.deepEqual(both, new Set([...actionsOfRights(['read']), ...actionsOfRights(['list'])]))
    assert.equal(actionsOfRights(['read', 'list']), both)
    assert.equal(actionsOfRights(['full']).size, S3_ACTIONS.length)
  })
})
