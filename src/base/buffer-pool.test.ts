import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { BufferPool } from './buffer-pool.ts'

const SIZES = { bufferBytes: 1000, spareMax: 2 }

describe('BufferPool', () => {
  it('gives the memory that came back, also through a part of it', () => {
    const pool = new BufferPool(SIZES)
    const first = pool.take()
    assert.equal(first.length, 1000)
    pool.giveBack(first.subarray(10, 20))
    const second = pool.take()
    assert.equal(second.length, 1000)
    assert.equal(second.buffer, first.buffer)
  })

  it('never lends memory to two at once, however often it comes back', () => {
    const pool = new BufferPool(SIZES)
    const buffer = pool.take()
    pool.giveBack(buffer)
    pool.giveBack(buffer)
    assert.notEqual(pool.take().buffer, pool.take().buffer)
  })

  it('passes over bytes that it did not lend', () => {
    const pool = new BufferPool(SIZES)
    const foreign = Buffer.alloc(1000)
    pool.giveBack(foreign)
    assert.notEqual(pool.take().buffer, foreign.buffer)
  })

  it('takes a shared buffer back from each of its holders', () => {
    const pool = new BufferPool(SIZES)
    const buffer = pool.take()
    assert.equal(pool.share(buffer), true)
    pool.giveBack(buffer)
    assert.notEqual(pool.take().buffer, buffer.buffer)
    pool.giveBack(buffer)
    assert.equal(pool.take().buffer, buffer.buffer)
    assert.equal(pool.share(Buffer.alloc(1000)), false)
  })

  it('keeps no more than it may', () => {
    const pool = new BufferPool(SIZES)
    const lent = [pool.take(), pool.take(), pool.take()]
    for (const buffer of lent) pool.giveBack(buffer)
    const again = [pool.take(), pool.take(), pool.take()].map(({ buffer }) => buffer)
    assert.equal(lent.filter(({ buffer }) => again.includes(buffer)).length, 2)
  })

  it('frees adopted bytes when the last of their holders gives them back, whole or in part', () => {
    const pool = new BufferPool(SIZES)
    const bytes = pool.adopt(Buffer.alloc(64 * 1024, 7))
    assert.equal(pool.share(bytes.subarray(0, 10)), true)
    pool.giveBack(bytes.subarray(0, 10))
    assert.equal(bytes[64 * 1024 - 1], 7)
    pool.giveBack(bytes)
    assert.equal(bytes.buffer.byteLength, 0)
    pool.giveBack(bytes)
    assert.equal(pool.share(bytes), false)
  })

  it('lends no adopted memory, and does not take it for its own', () => {
    const pool = new BufferPool(SIZES)
    const bytes = pool.adopt(Buffer.alloc(64 * 1024))
    assert.equal(pool.has(bytes), false)
    pool.giveBack(bytes)
    assert.equal(pool.take().length, 1000)
  })

  it('adopts neither bytes that share their memory with others nor few of them', () => {
    const pool = new BufferPool(SIZES)
    const whole = Buffer.alloc(64 * 1024)
    const few = Buffer.alloc(100)
    const pooled = Buffer.allocUnsafe(100)
    for (const bytes of [whole.subarray(0, -1), few, pooled]) {
      pool.giveBack(pool.adopt(bytes))
      assert.ok(bytes.length > 0)
      assert.equal(pool.share(bytes), false)
    }
  })
})
