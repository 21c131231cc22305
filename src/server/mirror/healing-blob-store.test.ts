import assert from 'node:assert/strict'
import { buffer } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import { DamagedBlob, type ByteRange } from '../../storage/blob-store.ts'
import { MemoryBlobStore } from '../../storage/memory/blob-store.ts'
import { bodyOf } from '../../storage/testing/blob-fixtures.ts'
import { CheckedBlobStore } from '../../storage/wrap/checked-blob-store.ts'
import { HealingBlobStore } from './healing-blob-store.ts'

const ID = 'blob.c'
const BYTES = Buffer.from(Array.from({ length: 500_000 }, (_, at) => (at * 7) & 0xff))
const RANGE = { start: 100_000, end: 450_000 }

/** A store with one blob, of which the byte at each of these places was changed. */
async function storeWith(...damagedAt: readonly number[]) {
  const raw = new MemoryBlobStore()
  await new CheckedBlobStore(raw).put(ID, bodyOf(BYTES))
  if (damagedAt.length > 0) {
    const bytes = await buffer(await raw.get(ID))
    for (const at of damagedAt) bytes[at] = (bytes[at] ?? 0) ^ 1
    await raw.delete([ID])
    await raw.put(ID, bodyOf(bytes))
  }
  const store = new CheckedBlobStore(raw)
  let gets = 0
  const get = store.get.bind(store)
  store.get = (...args) => {
    if (++gets > 20) assert.fail('it is asked for without end')
    return get(...args)
  }
  return { store, gets: () => gets }
}

async function healing(
  own: readonly number[],
  mirrored: readonly number[] | null,
  { asksAgain }: { readonly asksAgain: boolean },
) {
  const [first, copy] = [await storeWith(...own), mirrored && (await storeWith(...mirrored))]
  const healed: string[] = []
  const store = new HealingBlobStore(first.store, {
    asksAgain,
    openInMirror: async (id, range) => (await copy?.store.get(id, range)) ?? null,
    isReferred: async () => false,
    onHealed: ({ id }) => healed.push(id),
  })
  const read = async (range?: ByteRange): Promise<Buffer> => await buffer(await store.get(ID, range))
  return { read, gets: () => first.gets() + (copy?.gets() ?? 0) }
}

describe('a damaged blob', () => {
  for (const asksAgain of [false, true])
    for (const [where, mirrored] of [
      ['that has no second copy', null],
      ['whose second copy is damaged at the same place', [200_000]],
      ['whose second copy is damaged behind', [400_000]],
    ] as const)
      it(`${where} is told of, and not asked for without end${asksAgain ? ', from a cluster' : ''}`, async () => {
        const { read, gets } = await healing([200_000], mirrored, { asksAgain })
        for (const range of [undefined, RANGE])
          await assert.rejects(read(range), (error) => error instanceof DamagedBlob && error.id === ID)
        assert.ok(gets() <= (asksAgain ? 4 : 2) + 2, `${gets()} requests`)
      })

  it('is given whole from its second copy, though it is damaged at several places', async () => {
    const { read } = await healing([150_000, 200_000, 400_000], [], { asksAgain: true })
    assert.ok((await read()).equals(BYTES))
    assert.ok((await read(RANGE)).equals(BYTES.subarray(RANGE.start, RANGE.end + 1)))
  })
})
