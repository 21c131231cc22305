import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { hasTransitions, withoutTransitions } from './lifecycle-rules.ts'

describe('a lifecycle rule of another store', () => {
  it('stays as it is where it moves nothing', () => {
    const rule = { ID: 'a', Status: 'Enabled', Filter: { Prefix: 'x/' }, Expiration: { Days: 1 } } as const
    assert.equal(hasTransitions(rule), false)
    assert.equal(withoutTransitions(rule), rule)
  })

  it('loses what moves objects to other storage classes, and is left out where it does nothing else', () => {
    const moving = {
      ID: 'a',
      Status: 'Enabled',
      Transitions: [{ Days: 30, StorageClass: 'GLACIER' }],
    } as const
    const both = { ...moving, Transitions: [...moving.Transitions], Expiration: { Days: 60 } }
    assert.equal(hasTransitions(both), true)
    assert.deepEqual(JSON.parse(JSON.stringify(withoutTransitions(both))), {
      ID: 'a',
      Status: 'Enabled',
      Expiration: { Days: 60 },
    })
    assert.equal(withoutTransitions({ ...moving, Transitions: [...moving.Transitions] }), undefined)
  })
})
