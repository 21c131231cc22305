import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DamagedBlob, type BlobStream } from '../../storage/blob-store.ts'
import { MemoryBlobStore } from '../../storage/memory/blob-store.ts'
import { StoreUnavailable } from '../../storage/metadata-store.ts'
import { bodyOf, listIds, readBlob } from '../../storage/testing/blob-fixtures.ts'
import { copyBlobs } from './copy-blobs.ts'

/** A store whose single blobs fail, when they are opened or after their first bytes. */
class FailingStore extends MemoryBlobStore {
  readonly onOpen = new Map<string, Error>()
  readonly onRead = new Map<string, Error>()
  readonly opened: BlobStream[] = []

  override async get(...given: Parameters<MemoryBlobStore['get']>): Promise<BlobStream> {
    const failure = this.onOpen.get(given[0])
    if (failure) throw failure
    const stream = await super.get(...given)
    this.opened.push(stream)
    const late = this.onRead.get(given[0])
    if (late) stream.destroy(late)
    return stream
  }
}

const damaged = (id: string): DamagedBlob =>
  new DamagedBlob(id, { offset: 0, place: 'the test', reason: 'a sum is wrong' })

const numbered = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `b${String(index).padStart(3, '0')}`)

async function newCopy(ids: readonly string[]) {
  const [from, to] = [new FailingStore(), new MemoryBlobStore()]
  for (const id of ids) await from.put(id, bodyOf(Buffer.from(`bytes of ${id}`)))
  const copied: string[] = []
  const passedOver: string[] = []
  const named = async function* (): AsyncGenerator<string> {
    yield* ids
  }
  const copy = (options: Partial<Parameters<typeof copyBlobs>[1]> = {}) =>
    copyBlobs(named(), {
      ...{ from, to },
      onCopied: (id, sizeBytes) => copied.push(`${id} ${sizeBytes}`),
      onDamage: ({ kind, name, reason }, id) => passedOver.push(`${kind} ${name} ${id}: ${reason}`),
      ...options,
    })
  return { from, to, copied, passedOver, copy }
}

describe('copyBlobs', () => {
  it('copies each blob whole, under the names that it has here and there, and tells of each', async () => {
    const { to, copied, copy } = await newCopy(['b1', 'b2'])
    await copy({ idThere: (id) => `${id}-there` })
    assert.equal((await readBlob(to, 'b1-there')).toString(), 'bytes of b1')
    assert.deepEqual(
      [copied.sort(), await listIds(to, '')],
      [
        ['b1 11', 'b2 11'],
        ['b1-there', 'b2-there'],
      ],
    )
    const back = await newCopy([])
    await copyBlobs(
      (async function* () {
        yield 'b1'
      })(),
      {
        ...{ from: to, to: back.from, idHere: (id) => `${id}-there` },
        ...{ onCopied: () => undefined, onDamage: () => assert.fail() },
      },
    )
    assert.deepEqual(await listIds(back.from, ''), ['b1'])
  })

  it('copies a few at once and no more', async () => {
    const { to, copied, copy } = await newCopy(numbered(40))
    let [now, most] = [0, 0]
    const put = to.put.bind(to)
    to.put = async (...given) => {
      most = Math.max(most, ++now)
      try {
        return await put(...given)
      } finally {
        now--
      }
    }
    await copy()
    assert.deepEqual([copied.length, most], [40, 8])
  })

  it('tells of blobs that cannot be read, at their beginning or on the way, and copies all others', async () => {
    const { from, to, copied, passedOver, copy } = await newCopy(numbered(5))
    from.onOpen.set('b001', damaged('b001'))
    from.onRead.set('b003', new Error('the disk failed'))
    await copy()
    assert.deepEqual(passedOver.sort(), [
      'blob b001 b001: blob b001 in the test is damaged: a sum is wrong',
      'blob b003 b003: the disk failed',
    ])
    assert.deepEqual([copied.length, await listIds(to, '')], [3, ['b000', 'b002', 'b004']])
    assert.ok(from.opened.every(({ destroyed }) => destroyed))
  })

  it('takes a store that gives none of many in a row for one that is away; what is damaged or gone is no sign of that', async () => {
    const ids = numbered(33)
    const away = await newCopy(ids)
    for (const id of ids) away.from.onOpen.set(id, new Error('no route'))
    await assert.rejects(away.copy(), StoreUnavailable)
    const nearly = await newCopy(ids)
    for (const id of ids.slice(0, 31)) nearly.from.onOpen.set(id, new Error('no route'))
    await nearly.copy()
    assert.deepEqual([nearly.passedOver.length, nearly.copied.length], [31, 2])
    const spoilt = await newCopy(numbered(60))
    for (const id of numbered(60)) spoilt.from.onOpen.set(id, damaged(id))
    await spoilt.copy()
    assert.equal(spoilt.passedOver.length, 60)
    const mixed = await newCopy(numbered(60))
    for (const [index, id] of numbered(60).entries())
      if (index % 4 > 0) mixed.from.onOpen.set(id, new Error('no route'))
    await mixed.copy()
    assert.deepEqual([mixed.passedOver.length, mixed.copied.length], [45, 15])
  })

  it('ends with what the place that they go to throws, after all that it began', async () => {
    const { to, copied, passedOver, copy } = await newCopy(numbered(40))
    let puts = 0
    const put = to.put.bind(to)
    to.put = async (...given) => {
      if (++puts === 3) throw new Error('no room')
      return await put(...given)
    }
    await assert.rejects(copy(), /no room/)
    assert.deepEqual(passedOver, [])
    assert.ok(puts < 40 && copied.length === puts - 1, `${puts} begun, ${copied.length} ended`)
  })

  it('ends when it is told to, and takes nothing for damaged then', async () => {
    const { from, passedOver, copied, copy } = await newCopy(numbered(20))
    const aborting = new AbortController()
    for (const id of numbered(20)) from.onOpen.set(id, new Error('closed'))
    aborting.abort(new Error('the server stops'))
    await assert.rejects(copy({ signal: aborting.signal }), /the server stops/)
    assert.deepEqual([passedOver, copied], [[], []])
    const late = new AbortController()
    const open = from.get.bind(from)
    from.get = async (...given) => {
      late.abort(new Error('the server stops'))
      return await open(...given)
    }
    await assert.rejects(copy({ signal: late.signal }), /closed|the server stops/)
    assert.deepEqual(passedOver, [])
  })
})
