import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ObjectWorld } from '../../../test/objects/object-world.ts'
import { isDomainError } from '../errors/domain-error.ts'
import type { Retention } from '../records/object.ts'
import {
  getObjectLegalHold,
  getObjectRetention,
  putObjectLegalHold,
  putObjectRetention,
} from './object-lock.ts'

const DAY_MS = 86_400_000
const LOCKED = { versioning: 'Enabled', objectLock: { enabled: true } } as const

/** The retention that a test names by its mode and days: `G1`; null: none. */
const retentionOf = (name: string | null, nowMs: number): Retention | null =>
  name === null
    ? null
    : {
        mode: name.startsWith('G') ? 'GOVERNANCE' : 'COMPLIANCE',
        retainUntil: nowMs + Number(name.slice(1)) * DAY_MS,
      }

describe('the retention of a version', () => {
  // Rows: what it is. Columns: what is asked for. +: taken, b: only with the bypass of governance, -: never.
  const WANTED = [null, 'G1', 'G2', 'G3', 'C1', 'C2', 'C3']
  const TABLE: readonly (readonly [from: string | null, outcomes: string])[] = [
    [null, '+++++++'],
    ['G2', 'bb++bbb'],
    ['C2', '-----++'],
  ]
  for (const [from, outcomes] of TABLE)
    WANTED.forEach((to, at) => {
      const outcome = outcomes[at]
      it(`may go from ${from ?? 'none'} to ${to ?? 'none'}: ${outcome === '+' ? 'yes' : outcome === 'b' ? 'with the bypass' : 'no'}`, async () => {
        for (const bypassGovernance of [undefined, false, true]) {
          const world = await ObjectWorld.make(LOCKED)
          const { context, admission } = world
          const { versionId = '' } = await world.put('key', 'text')
          const nowMs = world.clock.now()
          const [before, wanted] = [retentionOf(from, nowMs), retentionOf(to, nowMs)]
          const put = (retention: Retention | null, bypass?: boolean) =>
            putObjectRetention(context, admission, {
              ...{ objectKey: 'key', retention },
              ...(bypass !== undefined && { bypassGovernance: bypass }),
            })
          if (before) assert.deepEqual(await put(before), { versionId })
          const isTaken = outcome === '+' || (outcome === 'b' && bypassGovernance === true)
          if (isTaken) assert.deepEqual(await put(wanted, bypassGovernance), { versionId })
          else
            await assert.rejects(put(wanted, bypassGovernance), {
              kind: 'VersionLocked',
              fields: { lock: before?.mode },
            })
          const shown = getObjectRetention(context, admission, { objectKey: 'key' })
          const expected = isTaken ? wanted : before
          if (expected) assert.deepEqual(await shown, expected)
          else await assert.rejects(shown, { kind: 'NoSuchLock' })
        }
      })
    })

  it('binds until its moment, and not a millisecond longer', async () => {
    const world = await ObjectWorld.make(LOCKED)
    const { context, admission, clock } = world
    await world.put('key', 'text')
    const retention: Retention = { mode: 'COMPLIANCE', retainUntil: clock.now() + 1_000 }
    await putObjectRetention(context, admission, { objectKey: 'key', retention })
    const remove = () => putObjectRetention(context, admission, { objectKey: 'key', retention: null })
    clock.advance(999)
    await assert.rejects(remove(), { kind: 'VersionLocked' })
    clock.advance(1)
    await remove()
  })

  it('lies ahead', async () => {
    const world = await ObjectWorld.make(LOCKED)
    const { context, admission, clock } = world
    await world.put('key', 'text')
    for (const aheadMs of [-1, 0, NaN]) {
      const retention: Retention = { mode: 'GOVERNANCE', retainUntil: clock.now() + aheadMs }
      await assert.rejects(putObjectRetention(context, admission, { objectKey: 'key', retention }), {
        kind: 'RetainUntilPast',
      })
    }
    const retention: Retention = { mode: 'GOVERNANCE', retainUntil: clock.now() + 1 }
    await putObjectRetention(context, admission, { objectKey: 'key', retention })
  })

  it('and a hold are those of the version that is named', async () => {
    const world = await ObjectWorld.make(LOCKED)
    const { context, admission, clock } = world
    const { versionId: first = '' } = await world.put('key', 'text')
    const { versionId: second = '' } = await world.put('key', 'text')
    const retention: Retention = { mode: 'GOVERNANCE', retainUntil: clock.now() + DAY_MS }
    const at = (versionId: string) => ({ objectKey: 'key', versionId })
    assert.deepEqual(await putObjectRetention(context, admission, { ...at(first), retention }), {
      versionId: first,
    })
    assert.deepEqual(await putObjectLegalHold(context, admission, { ...at(second), legalHold: true }), {
      versionId: second,
    })
    assert.deepEqual(await getObjectRetention(context, admission, at(first)), retention)
    assert.equal(await getObjectLegalHold(context, admission, at(second)), true)
    await assert.rejects(getObjectRetention(context, admission, at(second)), { kind: 'NoSuchLock' })
    await assert.rejects(getObjectLegalHold(context, admission, at(first)), { kind: 'NoSuchLock' })
    await putObjectLegalHold(context, admission, { objectKey: 'key', legalHold: false })
    assert.equal(await getObjectLegalHold(context, admission, { objectKey: 'key' }), false)
  })

  it('and a hold are of a bucket with object lock alone', async () => {
    const world = await ObjectWorld.make({ versioning: 'Enabled' })
    const { context, admission, clock } = world
    await world.put('key', 'text')
    const address = { objectKey: 'key' }
    const retention: Retention = { mode: 'GOVERNANCE', retainUntil: clock.now() + DAY_MS }
    for (const run of [
      () => getObjectRetention(context, admission, address),
      () => getObjectLegalHold(context, admission, address),
      () => putObjectRetention(context, admission, { ...address, retention }),
      () => putObjectRetention(context, admission, { ...address, retention: null }),
      () => putObjectLegalHold(context, admission, { ...address, legalHold: true }),
    ])
      await assert.rejects(run(), (error) => isDomainError(error, 'BucketWithoutObjectLock'))
  })
})
