import assert from 'node:assert/strict'
import { it } from 'node:test'
import { SeededRandom } from '../seeded-random.ts'
import { fuzz } from './fuzz.ts'

it('neither do a hundred thousand of them', async () => {
  const { failures } = await fuzz({ seed: new SeededRandom().seed, requests: 100_000 })
  assert.deepEqual(failures, [])
})
