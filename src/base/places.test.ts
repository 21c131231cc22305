import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Places } from './places.ts'

describe('Places', () => {
  it('are no more than there are', () => {
    const places = new Places(2)
    assert.deepEqual([places.take(), places.take(), places.take()], [true, true, false])
    places.giveBack()
    assert.equal(places.taken, 1)
    assert.equal(places.take(), true)
  })

  it('go to who waits, in order, before anyone else', () => {
    const places = new Places(1)
    const taken: string[] = []
    places.wait(() => taken.push('first'))
    places.wait(() => taken.push('second'))
    places.wait(() => taken.push('third'))
    assert.deepEqual(taken, ['first'])
    assert.equal(places.isWaitedFor, true)
    places.giveBack()
    assert.deepEqual(taken, ['first', 'second'])
    assert.equal(places.take(), false)
    places.giveBack()
    places.giveBack()
    assert.deepEqual(taken, ['first', 'second', 'third'])
    assert.equal(places.taken, 0)
    assert.equal(places.isWaitedFor, false)
  })

  it('pass over who stopped waiting', () => {
    const places = new Places(1)
    const taken: string[] = []
    const stopFirst = places.wait(() => taken.push('first'))
    const stopSecond = places.wait(() => taken.push('second'))
    places.wait(() => taken.push('third'))
    stopSecond()
    // It has its place already, and gives it back itself.
    stopFirst()
    assert.equal(places.taken, 1)
    places.giveBack()
    assert.deepEqual(taken, ['first', 'third'])
  })
})
