import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseNewPolicy, parsePolicy } from './parse.ts'

const good = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::mine/*' }
const text = (...statements: unknown[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements })

describe('parsePolicy', () => {
  it('takes every form of the subset', () => {
    const statements = [
      good,
      { ...good, Principal: { AWS: ['111111111111', 'arn:aws:iam::222222222222:root'] }, Sid: 'two' },
      { ...good, Principal: { AWS: '111111111111', CanonicalUser: 'ab'.repeat(32) } },
      {
        Effect: 'Deny',
        NotPrincipal: { AWS: '111111111111' },
        NotAction: 's3:Get*',
        NotResource: 'arn:aws:s3:::mine/x',
      },
      { ...good, Action: '*', Resource: ['arn:aws:s3:::mine', 'arn:aws:s3:::mine/*'] },
    ]
    assert.equal(parsePolicy(text(...statements), 'mine').statements.length, 5)
  })

  it('names an action that it does not know', () => {
    const actions = { ...good, Action: ['s3:GetObject', 's3:Nothing'] }
    assert.throws(() => parsePolicy(text(actions), 'mine'), {
      kind: 'MalformedPolicy',
      fields: { problem: 'Policy has invalid action: s3:Nothing' },
    })
  })

  const refused: readonly [string, string][] = [
    ['no JSON', '{'],
    ['a list', '[]'],
    ['another version', JSON.stringify({ Version: '2020-01-01', Statement: [good] })],
    ['an unknown field', JSON.stringify({ Statement: [good], Extra: 1 })],
    ['no statement', text()],
    ['an unknown member of a statement', text({ ...good, Extra: 1 })],
    ['an effect that is none', text({ ...good, Effect: 'Maybe' })],
    ['no principal', text({ ...good, Principal: undefined })],
    ['a user as principal', text({ ...good, Principal: { AWS: 'arn:aws:iam::111111111111:user/x' } })],
    ['a service as principal', text({ ...good, Principal: { Service: 'x.amazonaws.com' } })],
    ['a principal of no type', text({ ...good, Principal: {} })],
    ['a pattern of accounts as principal', text({ ...good, Principal: { AWS: 'arn:aws:iam::*:root' } })],
    [
      'both Principal and NotPrincipal',
      text({ ...good, Effect: 'Deny', NotPrincipal: { AWS: '111111111111' } }),
    ],
    ['an Allow of NotPrincipal', text({ ...good, Principal: undefined, NotPrincipal: '*' })],
    ['an unknown action', text({ ...good, Action: 's3:Nothing' })],
    ['another bucket', text({ ...good, Resource: 'arn:aws:s3:::other/*' })],
    ['an action of buckets on objects only', text({ ...good, Action: 's3:ListBucket' })],
    [
      'an unknown condition operator',
      text({ ...good, Condition: { BinaryEquals: { 'aws:SourceIp': 'x' } } }),
    ],
    ['an unknown condition key', text({ ...good, Condition: { StringEquals: { 'aws:Weather': 'x' } } })],
    [
      'an address that is none',
      text({ ...good, Condition: { IpAddress: { 'aws:SourceIp': '1.2.3.4/99' } } }),
    ],
    ['a policy variable', text({ ...good, Resource: 'arn:aws:s3:::mine/${aws:username}' })],
    [
      'two statements with one Sid',
      `{"Statement": [${JSON.stringify({ ...good, Sid: 's' })}, ${JSON.stringify({ ...good, Sid: 's' })}]}`,
    ],
    ['a member twice', text(good).replace('"Effect"', '"Effect": "Deny", "Effect"')],
    ['a document that is too large', text({ ...good, Sid: 'x'.repeat(21_000) })],
  ]
  for (const [what, document] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(() => parsePolicy(document, 'mine'), { kind: 'MalformedPolicy' })
    })
  }
})

describe('a policy that an older release stored', () => {
  it('goes on holding with conditions that would be refused now', () => {
    const Condition = { StringNotEquals: { 's3:prefix': 'secret/' } }
    const document = { Statement: { ...good, Principal: '*', Condition } }
    assert.equal(parsePolicy(JSON.stringify(document), 'mine').statements.length, 1)
    assert.throws(() => parseNewPolicy(JSON.stringify(document), 'mine'), { kind: 'MalformedPolicy' })
  })
})
