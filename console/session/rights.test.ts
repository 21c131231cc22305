import assert from 'node:assert/strict'
import { it } from 'node:test'
import { may, type Doing } from './rights.ts'
import type { Caller } from './session.ts'

const ALL: readonly Doing[] = [
  'manage-account',
  'manage-server',
  'open-bucket',
  'set-up-bucket',
  'list',
  'read',
  'write',
  'delete',
]

const given = (changed: Partial<Caller>): readonly Doing[] =>
  ALL.filter((doing) =>
    may(
      { accountId: '1', arn: 'a', callerType: 'application-key', isFirstAccount: false, ...changed },
      doing,
    ),
  )

it('each kind of key is offered what it may do, and no more', () => {
  const objects: readonly Doing[] = ['list', 'read', 'write', 'delete']
  assert.deepEqual(given({ callerType: 'account', isFirstAccount: true }), ALL)
  assert.deepEqual(
    given({ callerType: 'account' }),
    ALL.filter((doing) => doing !== 'manage-server'),
  )
  assert.deepEqual(given({ callerType: 'bucket-key', buckets: ['b'], rights: ['full'] }), [
    'set-up-bucket',
    ...objects,
  ])
  assert.deepEqual(given({ rights: ['full'] }), ['open-bucket', 'set-up-bucket', ...objects])
  assert.deepEqual(given({ rights: ['full'], prefixes: ['a/'] }), objects)
  assert.deepEqual(given({ rights: ['read', 'list'] }), ['list', 'read'])
  assert.deepEqual(given({ rights: ['read-write'] }), objects)
  assert.deepEqual(given({ policy: '{}' }), objects)
})
