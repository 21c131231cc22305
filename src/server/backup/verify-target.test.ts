import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newBackupWorld, newTargetInMemory } from '../../../test/backup/target-in-memory.ts'
import { bodyOf, listIds } from '../../storage/testing/blob-fixtures.ts'
import { runBlobIds } from './names.ts'
import { verifyTarget } from './verify-target.ts'

const LONG = 'bytes that make a blob of their own'

describe('what is wrong with a target', () => {
  it('is told by kind: runs with those who need them, blobs that changed or are missing, a head that is not there', async () => {
    const { world, target, raw, backUp } = await newBackupWorld()
    await world.put('one', LONG)
    await world.put('two', `${LONG}!`)
    await backUp()
    await world.put('three', `${LONG}?`)
    const { state } = await backUp()
    const told: string[] = []
    assert.deepEqual(
      (await verifyTarget(target, (phase, done) => told.push(`${phase} ${done}`))).problems,
      [],
    )
    assert.ok(told.includes('runs 1') && told.includes('blobs 3'))
    const [first, second] = (await listIds(raw, '')).filter((id) => /^[0-9a-f]/.test(id))
    await raw.put(first ?? '', bodyOf(Buffer.from('other bytes')))
    await raw.delete([second ?? ''])
    const { keys } = runBlobIds(state.runs[0]?.id ?? '')
    await raw.put(keys, bodyOf(Buffer.from('no run')))
    await raw.delete(['head.c'])
    const { problems, problemCount, states, runs } = await verifyTarget(target)
    assert.deepEqual([states, runs, problemCount], [2, state.runs.length, problems.length])
    for (const message of [
      /^head: the place holds something else/,
      new RegExp(`^run ${state.runs[0]?.id}, of 2 state\\(s\\) from 2030-01-01T00:00:00\\.000Z on: `),
      new RegExp(`^blob ${first}: `),
    ])
      assert.ok(
        problems.some((problem) => message.test(problem)),
        `${message}: ${problems.join('; ')}`,
      )
  })

  it('is no blob that the store could not give when the state was taken', async () => {
    const { world, engines, target, raw, backUp } = await newBackupWorld()
    await world.put('one', LONG)
    const [blob] = await engines.rawBlobs.list({ limit: 1 })
    await engines.rawBlobs.delete([blob?.id ?? ''])
    const { state } = await backUp()
    assert.deepEqual([state.damageCount, state.damage[0]?.kind], [1, 'blob'])
    assert.deepEqual((await verifyTarget(target)).problems, [])
    await world.put('two', `${LONG}!`)
    await backUp()
    const stored = (await listIds(raw, '')).filter((id) => /^[0-9a-f]/.test(id))
    await raw.delete(stored)
    assert.deepEqual((await verifyTarget(target)).problems, [`blob ${stored[0]} is missing`])
  })

  it('is that it is empty', async () => {
    const { target } = newTargetInMemory()
    assert.deepEqual(await verifyTarget(target), {
      ...{ states: 0, runs: 0, blobs: 0, bytes: 0, problemCount: 1 },
      problems: ['there is nothing that says which store this is of'],
    })
  })
})
