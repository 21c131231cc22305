import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getOperations } from '../model/lightsail/get-operations.ts'
import { PageWalk } from './pages.ts'
import type { WireRecord } from './values.ts'

/** More than a call of a function takes as arguments. */
const COUNT = 150_000

test('pages of very many items are put together', async () => {
  const first: WireRecord = new Map([['operations', [0]]])
  first.set('nextPageToken', 'second')
  const pages: WireRecord[] = [
    first,
    new Map([['operations', Array.from({ length: COUNT }, (_, index) => index)]]),
  ]
  const client = { call: () => Promise.resolve(pages.shift() ?? new Map()) }
  const { pagination } = getOperations
  assert.ok(pagination !== undefined)
  const operation = { ...getOperations, pagination }
  const output = await new PageWalk(client, operation, new Map(), {}).collect()
  const items = output.get('operations')
  assert.ok(Array.isArray(items))
  assert.equal(items.length, COUNT + 1)
})
