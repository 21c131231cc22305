import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { S3_ACTIONS, type S3Action } from '../../model/s3/action.ts'
import { actionsOfRights } from './key-rights.ts'

/** The actions that each right alone allows; all of them besides may be done by `full` alone. */
const ALLOWED_BY: readonly (readonly [rights: string, ...actions: readonly S3Action[]])[] = [
  [
    'read',
    's3:GetObject',
    's3:GetObjectAcl',
    's3:GetObjectAttributes',
    's3:GetObjectLegalHold',
    's3:GetObjectRetention',
    's3:GetObjectTagging',
    's3:GetObjectVersion',
    's3:GetObjectVersionAcl',
    's3:GetObjectVersionAttributes',
    's3:GetObjectVersionTagging',
  ],
  [
    'write',
    's3:AbortMultipartUpload',
    's3:DeleteObjectTagging',
    's3:DeleteObjectVersionTagging',
    's3:ListBucketMultipartUploads',
    's3:ListMultipartUploadParts',
    's3:PutObject',
    's3:PutObjectAcl',
    's3:PutObjectLegalHold',
    's3:PutObjectRetention',
    's3:PutObjectTagging',
    's3:PutObjectVersionAcl',
    's3:PutObjectVersionTagging',
    's3:RestoreObject',
  ],
  ['list', 's3:ListBucket', 's3:ListBucketVersions'],
  ['delete', 's3:DeleteObject', 's3:DeleteObjectVersion'],
  ['read write list delete', 's3:GetBucketObjectLockConfiguration', 's3:GetBucketVersioning'],
]
const NAMED: ReadonlySet<S3Action> = new Set(ALLOWED_BY.flatMap(([, ...actions]) => actions))
const ROWS = [...ALLOWED_BY, ['', ...S3_ACTIONS.filter((action) => !NAMED.has(action))]] as const
const SINGLE = ['read', 'write', 'list', 'delete'] as const

describe("a key's rights", () => {
  for (const [rights, ...actions] of ROWS)
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
