import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { OWNER, account, request } from '../../../test/authorization-world.ts'
import { bucketRecord } from '../../../test/bucket-record.ts'
import { DecisionMemory } from './policy/decision-memory.ts'
import { shownBuckets } from './shown-buckets.ts'
import { roleScope, scopeOf } from './within-scope.ts'

type Bounds = Omit<Parameters<typeof scopeOf>[0], 'accessKeyId'>
interface Statement {
  readonly Effect: 'Allow' | 'Deny'
  readonly Action: string
  readonly Resource: string
  readonly Condition?: object
}

const BUCKETS = ['logs', 'photos', 'site'].map((name) =>
  bucketRecord({ bucketId: `id-${name}`, name, accountId: OWNER }),
)
const question = () => ({ principal: account(OWNER), request, memory: new DecisionMemory() })
const namesOf = (buckets: readonly { readonly name: string }[]): string =>
  buckets.map(({ name }) => name).join(' ')

let keys = 0
const shownTo = (bounds: Bounds): string =>
  namesOf(shownBuckets(scopeOf({ accessKeyId: `AKIA${++keys}`, ...bounds }), question(), BUCKETS))
const policyOf = (Statement: readonly Statement[]) => ({
  policy: JSON.stringify({ Version: '2012-10-17', Statement }),
})
const allow = (Action: string, Resource: string, Condition?: object): Statement => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
})
const deny = (Action: string, Resource: string): Statement => ({ Effect: 'Deny', Action, Resource })

describe('the buckets that a key is shown', () => {
  it('are all of the account without bounds, and else those that it is bound to', () => {
    assert.equal(shownTo({ rights: ['write'] }), 'logs photos site')
    assert.equal(
      shownTo({ rights: ['write'], buckets: [{ name: 'photos', bucketId: 'id-photos' }] }),
      'photos',
    )
  })

  const TABLE: readonly (readonly [shown: string, ...statements: readonly Statement[]])[] = [
    ['photos', allow('s3:GetObject', 'arn:aws:s3:::photos/a/*')],
    ['photos', allow('s3:ListBucket', 'arn:aws:s3:::photos')],
    ['photos', allow('s3:GetObject', 'arn:aws:s3:::photos/*', { StringEquals: { 's3:prefix': 'never' } })],
    [
      'logs photos',
      allow('s3:GetObject', 'arn:aws:s3:::photos/*'),
      allow('s3:PutObject', 'arn:aws:s3:::logs/*'),
    ],
    ['logs photos site', allow('s3:ListAllMyBuckets', '*')],
    ['', allow('s3:CreateBucket', '*')],
    ['', allow('s3:ListAllMyBuckets', 'arn:aws:s3:::photos')],
    ['', deny('s3:GetObject', '*')],
    ['logs site', allow('s3:*', '*'), deny('s3:ListBucket', 'arn:aws:s3:::photos')],
    ['logs photos site', allow('s3:*', '*'), deny('s3:GetObject', 'arn:aws:s3:::photos/*')],
    ['logs', allow('s3:GetObject', 'arn:aws:s3:::logs/*'), deny('s3:ListAllMyBuckets', '*')],
  ]
  for (const [shown, ...statements] of TABLE)
    it(`are ${shown === '' ? 'none' : shown} with ${JSON.stringify(statements)}`, () =>
      assert.equal(shownTo(policyOf(statements)), shown))

  it('are those of a session that its role is shown as well', () => {
    const { policy: text } = policyOf([allow('s3:GetObject', 'arn:aws:s3:::photos/*')])
    const session = { roleId: 'AROA', session: { id: 'session', text } }
    const scope = (buckets: readonly string[]) =>
      roleScope(
        { rights: ['full'], buckets: buckets.map((name) => ({ name, bucketId: `id-${name}` })) },
        session,
      )
    assert.equal(namesOf(shownBuckets(scope(['logs', 'photos']), question(), BUCKETS)), 'photos')
    assert.equal(namesOf(shownBuckets(scope(['logs']), question(), BUCKETS)), '')
  })
})
