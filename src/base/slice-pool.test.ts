import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SlicePool } from './slice-pool.ts'

describe('SlicePool', () => {
  it('never lends memory to two at once', () => {
    const pool = new SlicePool({ sliceBytes: 10, slicesPerSlab: 3 })
    const slices = Array.from({ length: 10 }, () => pool.take())
    for (const [index, slice] of slices.entries()) slice.fill(index)
    for (const [index, slice] of slices.entries()) assert.deepEqual(slice, Buffer.alloc(10, index))
    assert.equal(pool.taken, 10)
  })

  it('lends what came back, once, however often it comes back', () => {
    const pool = new SlicePool({ sliceBytes: 10, slicesPerSlab: 1 })
    const slice = pool.take()
    pool.giveBack(slice)
    pool.giveBack(slice)
    pool.giveBack(Buffer.alloc(10))
    assert.equal(pool.taken, 0)
    assert.equal(pool.take(), slice)
    assert.notEqual(pool.take().buffer, slice.buffer)
  })

  it('lets a slab go when all of it came back, but for one', () => {
    const pool = new SlicePool({ sliceBytes: 10, slicesPerSlab: 2 })
    const slices = Array.from({ length: 6 }, () => pool.take())
    const slabs = new Set(slices.map(({ buffer }) => buffer))
    assert.equal(slabs.size, 3)
    for (const slice of slices) pool.giveBack(slice)
    const again = Array.from({ length: 6 }, () => pool.take().buffer)
    assert.equal(new Set(again.filter((memory) => slabs.has(memory))).size, 1)
  })
})
