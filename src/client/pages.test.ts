import assert from 'node:assert/strict'
import { describe, it, test } from 'node:test'
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

describe('a starting token', () => {
  const { pagination } = getOperations
  assert.ok(pagination !== undefined)
  const operation = { ...getOperations, pagination }
  const tokenOf = (members: object): string => Buffer.from(JSON.stringify(members)).toString('base64')

  /** What the first page is asked for with, and the items that are given of it. */
  async function begun(startingToken: string) {
    let asked: object = {}
    const client = {
      call: (_: unknown, parameters: WireRecord): Promise<WireRecord> => {
        asked = Object.fromEntries(parameters)
        return Promise.resolve(new Map([['operations', [0, 1, 2]]]))
      },
    }
    const output = await new PageWalk(client, operation, new Map(), { startingToken }).collect()
    return [asked, output.get('operations')]
  }

  it('is one of ours, of the oldest form, or the service’s own', async () => {
    assert.deepEqual(await begun(tokenOf({ pageToken: 'x' })), [{ pageToken: 'x' }, [0, 1, 2]])
    assert.deepEqual(await begun(tokenOf({ pageToken: 'x', boto_truncate_amount: 2 })), [
      { pageToken: 'x' },
      [2],
    ])
    assert.deepEqual(await begun('x___1'), [{ pageToken: 'x' }, [1, 2]])
    assert.deepEqual(await begun('None___1'), [{}, [1, 2]])
    assert.deepEqual(await begun('the service’s'), [{ pageToken: 'the service’s' }, [0, 1, 2]])
  })

  it('of another operation is refused', async () => {
    await assert.rejects(begun(tokenOf({ pageToken: 'x', marker: 'y' })), {
      message: /Unknown parameter in input: "marker", must be one of: pageToken$/,
    })
    await assert.rejects(begun('a___b___c'), { message: 'Bad starting token: a___b___c' })
  })
})
