import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ACCESS_RULES } from '../../src/model/lugsail/get-bucket-access.ts'
import { accessSentence, type AccessFact } from './access-sentence.ts'

const writing = { who: '`reports`', quote: (text: string) => `\`${text}\`` }

describe('the sentence of what a key may do in a bucket', () => {
  it('names what is allowed and denied, and the rule of each', () => {
    const facts: readonly AccessFact[] = [
      { doing: 'read', outcome: 'allowed', rule: 'key-rights' },
      { doing: 'write', outcome: 'denied', rule: 'no-grant' },
      { doing: 'list', outcome: 'allowed', rule: 'key-rights' },
      { doing: 'delete', outcome: 'denied', rule: 'bucket-policy', statement: 'Keep' },
      { doing: 'settings', outcome: 'denied', rule: 'no-grant' },
    ]
    assert.equal(
      accessSentence(facts, writing),
      '`reports` may read and list (its rights say so); may not write or change settings (nothing allows it), delete (`Keep` of the policy).',
    )
  })

  it('says what it depends on', () => {
    const said = (fact: Omit<AccessFact, 'doing' | 'outcome'>): string =>
      accessSentence([{ doing: 'read', outcome: 'depends', ...fact }], { ...writing, who: 'Anyone' })
    assert.equal(said({ rule: 'object' }), 'Anyone may perhaps read (the object’s own ACL decides).')
    const conditions = ['aws:SourceIp', 's3:ExistingObjectTag/a/b', 's3:x-amz-acl']
    assert.equal(
      said({ rule: 'bucket-policy', statement: 'Office', conditions }),
      'Anyone may perhaps read depending on the address it comes from, the object’s tag `a/b`, and `s3:x-amz-acl` (`Office` of the policy).',
    )
  })

  it('has words for every rule', () => {
    for (const rule of ACCESS_RULES)
      assert(
        !accessSentence([{ doing: 'read', outcome: 'denied', rule }], writing).includes(`(${rule})`),
        rule,
      )
  })
})
