import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { it } from 'node:test'
import { SeededRandom } from '../seeded-random.ts'
import { fuzz } from './fuzz.ts'

// What is looked at of the server is under /proc, and what is tested is what is built.
const skip = existsSync('/proc/self/fd') ? false : 'there is no /proc'

it(
  'no mutated request makes the server fail, hang, break a response or hold on to anything',
  { skip },
  async () => {
    if (!existsSync('dist/server/main.cjs')) spawnSync('npm', ['run', 'build'])
    const { failures } = await fuzz({ seed: new SeededRandom().seed, requests: 1_500 })
    assert.deepEqual(failures, [])
  },
)
