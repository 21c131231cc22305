import assert from 'node:assert/strict'
import { it } from 'node:test'
import { memoryContext } from '../../test/memory-context.ts'
import { commitRetrying } from './commit.ts'

const KEY = Buffer.from('counter')

it('writers of one record come one after the other, in the order in which they came, and none has to try again', async () => {
  const context = memoryContext()
  let attempts = 0
  const order: number[] = []
  await Promise.all(
    Array.from({ length: 200 }, (_, at) =>
      commitRetrying(context, 'counter', async () => {
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
  const failing = commitRetrying(context, 'counter', () => Promise.reject(new Error('refused')))
  const next = commitRetrying(context, 'counter', () => Promise.resolve({ change: {}, result: 'done' }))
  await assert.rejects(failing, /refused/)
  assert.equal(await next, 'done')
})

it('a change that another process makes in between is read and decided anew', async () => {
  const context = memoryContext()
  let attempts = 0
  const result = await commitRetrying(context, 'counter', async () => {
    const [entry] = await context.metadata.getMany([KEY])
    if (attempts++ < 5)
      await context.metadata.commit({ sets: [{ key: KEY, value: Buffer.from(String(attempts)) }] })
    return { change: { checks: [{ key: KEY, version: entry?.version ?? null }] }, result: attempts }
  })
  assert.equal(result, 6)
})
