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

  it('says what depends on the object', () =>
    assert.equal(
      accessSentence([{ doing: 'read', outcome: 'depends', rule: 'object' }], { ...writing, who: 'Anyone' }),
      'Anyone may perhaps read (the object’s own tags, ACL or the rest of the request decide).',
    ))

  it('has words for every rule', () => {
    for (const rule of ACCESS_RULES)
      assert(
        !accessSentence([{ doing: 'read', outcome: 'denied', rule }], writing).includes(`(${rule})`),
        rule,
      )
  })
})
