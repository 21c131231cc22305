import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newVersionId, nextOrder, orderOfVersionId } from './version-id.ts'

const order = nextOrder(Date.UTC(2030, 0, 1), undefined)

describe('a version id', () => {
  it('tells the order that it was made with', () => {
    assert.equal(orderOfVersionId(newVersionId(order)), order)
  })

  it('of another length, or with a character that none has at any place, is none', () => {
    const made = newVersionId(order)
    assert.equal(orderOfVersionId(made.slice(1)), undefined)
    assert.equal(orderOfVersionId(`${made}0`), undefined)
    for (let at = 0; at < made.length; at++)
      for (const wrong of ['/', ':', '`', 'g', 'A'])
        assert.equal(
          orderOfVersionId(made.slice(0, at) + wrong + made.slice(at + 1)),
          undefined,
          `${at} ${wrong}`,
        )
  })

  it('is of a greater order than the newest, also when the clock went back', () => {
    const next = nextOrder(0, order)
    assert.ok(next > order)
    assert.equal(next.length, order.length)
  })
})
