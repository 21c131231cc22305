import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pastHiddenPage } from '../../../test/hidden-page.ts'
import { MemoryMetadataStore } from '../../storage/memory/metadata-store.ts'
import type { DamagedRecord } from '../../storage/metadata-store.ts'
import { entriesPastDamage } from './store-content.ts'

const keyOf = (at: number): Buffer => Buffer.from(`key ${String(at).padStart(2, '0')}`)

/** Keys 10 to 29 are there, of which those of `hidden` cannot be read. */
async function readPast(
  hidden: readonly [number, number],
  range: readonly [number, number],
): Promise<{ read: string[]; damage: DamagedRecord[] }> {
  const store = new MemoryMetadataStore()
  const sets = Array.from({ length: 20 }, (_, at) => ({ key: keyOf(10 + at), value: Buffer.from('value') }))
  await store.commit({ sets })
  const [start, end] = [keyOf(hidden[0]), keyOf(hidden[1])]
  const scan = pastHiddenPage((wanted) => store.scan(wanted), { start, end })
  const damage: DamagedRecord[] = []
  const read: string[] = []
  const wanted = { start: keyOf(range[0]), end: keyOf(range[1]) }
  for await (const { key } of entriesPastDamage({ scan }, wanted, (error) => void damage.push(error)))
    read.push(key.toString())
  return { read, damage }
}

const keys = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, at) => keyOf(from + at).toString())

describe('what an unreadable page hides of a range', () => {
  it('is one damage from the last key before it to the first behind it', async () => {
    const { read, damage } = await readPast([15, 20], [0, 99])
    assert.deepEqual(read, [...keys(10, 15), ...keys(20, 30)])
    assert.deepEqual(
      damage.map(({ behind }) => Buffer.from(behind)),
      [keyOf(20)],
    )
  })

  it('begins with the very first key of the range where the page does, and not behind it', async () => {
    const { read, damage } = await readPast([15, 20], [15, 99])
    assert.deepEqual(read, keys(20, 30))
    assert.deepEqual(
      damage.map(({ key, behind }) => [key, Buffer.from(behind)]),
      [[keyOf(15), keyOf(20)]],
    )
  })

  it('is told of once, and the reading ends, where nothing in the range can be read', async () => {
    for (const range of [
      [15, 20],
      [16, 17],
    ] as const) {
      const { read, damage } = await readPast([15, 20], range)
      assert.deepEqual(read, [])
      assert.equal(damage.length, 1)
      assert.deepEqual(damage[0]?.key, keyOf(range[0]))
    }
  })
})
