import assert from 'node:assert/strict'
import { it } from 'node:test'
import { memoryContext } from '../../../test/memory-context.ts'
import { blobReferenceKey } from '../keyspace.ts'
import { readUsage } from '../usage/usage.ts'
import { StaleRead } from './attempt.ts'
import { BucketChange } from './bucket-change.ts'
import { commitInTurn } from './commit-in-turn.ts'

const KEY = Buffer.from('counter')

it('writers of one record come one after the other, in the order in which they came, and none has to try again', async () => {
  const context = memoryContext()
  let attempts = 0
  const order: number[] = []
  await Promise.all(
    Array.from({ length: 200 }, (_, at) =>
      commitInTurn(context, 'counter', async () => {
        attempts++
        const [entry] = await context.metadata.getMany([KEY])
        const value = Buffer.from(String(Number(entry?.value.toString() ?? '0') + 1))
        return {
          change: {
            checks: [{ key: KEY, version: entry?.version ?? null }],
            sets: [{ key: KEY, value }],
          },
          result: undefined,
        }
      }).then(() => order.push(at)),
    ),
  )
  const [entry] = await context.metadata.getMany([KEY])
  assert.equal(entry?.value.toString(), '200')
  assert.equal(attempts, 200)
  assert.deepEqual(
    order,
    order.toSorted((left, right) => left - right),
  )
})

it('a writer whose attempt throws lets the next one have its turn', async () => {
  const context = memoryContext()
  const failing = commitInTurn(context, 'counter', () => Promise.reject(new Error('refused')))
  const next = commitInTurn(context, 'counter', () => Promise.resolve({ change: {}, result: 'done' }))
  await assert.rejects(failing, /refused/)
  assert.equal(await next, 'done')
})

it('a change that another process makes in between is read and decided anew', async () => {
  const context = memoryContext()
  let attempts = 0
  const result = await commitInTurn(context, 'counter', async () => {
    const [entry] = await context.metadata.getMany([KEY])
    if (attempts++ < 5)
      await context.metadata.commit({ sets: [{ key: KEY, value: Buffer.from(String(attempts)) }] })
    return { change: { checks: [{ key: KEY, version: entry?.version ?? null }] }, result: attempts }
  })
  assert.equal(result, 6)
})

it('an attempt whose reads do not fit together is made again', async () => {
  const context = memoryContext()
  let attempts = 0
  const result = await commitInTurn(context, 'counter', async () => {
    if (attempts++ < 3) throw new StaleRead()
    return { change: { sets: [{ key: KEY, value: KEY }] }, result: attempts }
  })
  assert.equal(result, 4)
  assert.ok((await context.metadata.getMany([KEY]))[0])
})

it('an attempt that changes nothing commits nothing', async () => {
  const context = memoryContext()
  context.metadata.commit = () => assert.fail('committed')
  assert.equal(await commitInTurn(context, 'counter', async () => ({ change: null, result: 'same' })), 'same')
})

it('a range that is not empty is the answer where the attempt says so, and else a reason to decide anew', async () => {
  const context = memoryContext()
  await context.metadata.commit({ sets: [{ key: KEY, value: KEY }] })
  const emptyRanges = [{ start: KEY, end: Buffer.from('d') }]
  const refused = async () => ({
    change: { emptyRanges },
    result: 'done',
    whenNotEmpty: () => new Error('it holds something'),
  })
  await assert.rejects(commitInTurn(context, 'counter', refused), /it holds something/)
  let attempts = 0
  const emptied = async () => {
    if (++attempts === 2) await context.metadata.commit({ deletes: [KEY] })
    return { change: { emptyRanges }, result: 'done' }
  }
  assert.equal(await commitInTurn(context, 'counter', emptied), 'done')
  assert.equal(attempts, 2)
})

it('a change of a bucket is counted, and gets and loses the references to its blobs, in its commit alone', async () => {
  const context = memoryContext()
  const ledger = await context.blobLedger.open()
  const blobId = ledger.newBlobId()
  const reference = () => context.metadata.getMany([blobReferenceKey(blobId)])
  let conflicts = 1
  const store = (blobs: 'claimedBlobs' | 'releasedBlobs', bytes: number) =>
    commitInTurn(context, 'bucket', async () => {
      const change = new BucketChange('id')
      change[blobs].push(blobId)
      change.bytesDelta = bytes
      change.objectsDelta = Math.sign(bytes)
      if (conflicts-- > 0) change.checks.push({ key: KEY, version: 'never' })
      return { change, result: undefined }
    })
  await store('claimedBlobs', 7)
  assert.ok((await reference())[0])
  assert.deepEqual(await readUsage(context.metadata, 'id'), { sizeBytes: 7, objects: 1 })
  await store('releasedBlobs', -7)
  assert.deepEqual(await reference(), [null])
  assert.deepEqual(await readUsage(context.metadata, 'id'), { sizeBytes: 0, objects: 0 })
  assert.deepEqual([...ledger.releasedBlobIds], [blobId])
})
