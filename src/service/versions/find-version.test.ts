import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ObjectWorld } from '../../../test/objects/object-world.ts'
import type { DomainError } from '../errors/domain-error.ts'
import { deleteObject } from '../objects/delete-object.ts'
import type { ObjectRecord } from '../records/object.ts'
import { findNamedVersion, findPermitted, findVersion } from './find-version.ts'

type Step = 'put' | 'delete' | 'enable' | 'suspend'

/** A bucket in which these things happened to the object `key`, one after the other; the ids that came of it. */
async function after(steps: readonly Step[]) {
  const world = await ObjectWorld.make()
  const ids: string[] = []
  for (const step of steps) {
    world.clock.advance(1_000)
    if (step === 'enable') await world.changeBucket({ versioning: 'Enabled' })
    else if (step === 'suspend') await world.changeBucket({ versioning: 'Suspended' })
    else if (step === 'put') ids.push((await world.put('key', `text ${ids.length}`)).record.versionId)
    else ids.push((await deleteObject(world.context, world.admission, { objectKey: 'key' })).versionId ?? '')
  }
  return { world, ids }
}

/** What is found, or refused with. */
async function outcome(run: () => ReturnType<typeof findVersion>) {
  try {
    const { stored, isCurrent, current } = await run()
    return { id: stored.record.versionId, isCurrent, top: current?.record.versionId ?? null }
  } catch (error) {
    const { kind, fields } = error as DomainError
    return kind === 'VersionIsDeleteMarker' ? { kind, ...fields } : { kind }
  }
}

describe('a version', () => {
  const CASES: readonly (readonly Step[])[] = [
    ['put'],
    ['enable', 'put'],
    ['enable', 'put', 'put', 'put'],
    ['put', 'enable', 'put'],
    ['put', 'enable', 'put', 'suspend', 'put'],
    ['enable', 'put', 'suspend', 'put', 'enable', 'put'],
    ['enable', 'put', 'delete'],
    ['enable', 'put', 'delete', 'put', 'delete', 'delete'],
    ['put', 'enable', 'delete'],
    ['put', 'suspend', 'delete'],
    ['enable', 'put', 'suspend', 'delete'],
    ['enable', 'delete'],
  ]
  for (const steps of CASES)
    it(`is found by its id, and as the newest where it is, after ${steps.join(', ')}`, async () => {
      const { world, ids } = await after(steps)
      const { context, admission } = world
      const bucket = admission.bucket.record
      const isMarker = steps
        .filter((step) => step === 'put' || step === 'delete')
        .map((step) => step === 'delete')
      // The null version is there once: the last one of its kind.
      const left = ids
        .map((id, at) => ({ id, at }))
        .filter(({ id, at }) => id !== 'null' || ids.lastIndexOf(id) === at)
      const last = ids.length - 1
      const top = isMarker[last] === true ? null : ids[last]
      for (const { id, at } of left) {
        const named = await findNamedVersion(context, bucket, 'key', id)
        assert.deepEqual(
          [named?.stored.record.versionId, named?.isCurrent, named?.current?.record.versionId ?? null],
          [id, at === last, top],
        )
        const found = await outcome(() => findVersion(context, bucket, { objectKey: 'key', versionId: id }))
        const lastModified = named?.stored.record.lastModified
        assert.deepEqual(
          found,
          isMarker[at] === true
            ? { kind: 'VersionIsDeleteMarker', objectKey: 'key', versionId: id, lastModified, isNamed: true }
            : { id, isCurrent: at === last, top },
        )
      }
      for (const meansMarker of [undefined, true] as const) {
        const address = { objectKey: 'key', ...(meansMarker && { meansMarker }) }
        const lastModified = world.clock.now()
        assert.deepEqual(
          await outcome(() => findVersion(context, bucket, address)),
          top === null
            ? {
                ...{ kind: 'VersionIsDeleteMarker', objectKey: 'key', versionId: ids[last] },
                ...{ lastModified, isNamed: meansMarker === true },
              }
            : { id: top, isCurrent: true, top },
        )
      }
    })

  it('is not found by another id, in another object, or where there is none', async () => {
    const { world, ids } = await after(['enable', 'put', 'put'])
    const { context, admission } = world
    const { versionId: foreign = '' } = await world.put('other', 'text')
    const [first = ''] = ids
    const find = (objectKey: string, versionId?: string) =>
      outcome(() =>
        findVersion(context, admission.bucket.record, {
          ...{ objectKey },
          ...(versionId !== undefined && { versionId }),
        }),
      )
    // Of the same order, and not this server's own.
    const forged = first.slice(0, -1) + (first.endsWith('0') ? '1' : '0')
    assert.deepEqual(await find('key', foreign), { kind: 'NoSuchVersion' })
    assert.deepEqual(await find('key', 'null'), { kind: 'NoSuchVersion' })
    assert.deepEqual(await find('none', first), { kind: 'NoSuchVersion' })
    assert.deepEqual(await find('none'), { kind: 'NoSuchKey' })
    for (const id of ['x', '', forged])
      assert.match(String((await find('key', id)).kind), /^(?:InvalidVersionId|NoSuchVersion)$/, id)
    assert.deepEqual(await find('key', 'x'), { kind: 'InvalidVersionId' })
  })

  it('is told of once it was permitted, and its absence as well', async () => {
    const { world, ids } = await after(['enable', 'put', 'delete'])
    const { context, admission } = world
    const [first = '', marker = ''] = ids
    const refusal = new Error('refused')
    const asked: (string | null)[] = []
    const find = (objectKey: string, versionId: string | undefined, isPermitted: boolean) =>
      findPermitted(context, admission.bucket.record, {
        objectKey,
        ...(versionId !== undefined && { versionId }),
        permit: (record: ObjectRecord | null) => {
          asked.push(record?.versionId ?? null)
          if (!isPermitted) throw refusal
        },
      })
    assert.equal((await find('key', first, true)).stored.record.versionId, first)
    await assert.rejects(find('key', marker, true), { kind: 'VersionIsDeleteMarker' })
    await assert.rejects(find('key', undefined, true), { kind: 'VersionIsDeleteMarker' })
    await assert.rejects(find('none', undefined, true), { kind: 'NoSuchKey' })
    await assert.rejects(find('key', 'null', true), { kind: 'NoSuchVersion' })
    assert.deepEqual(asked.splice(0), [first, null, null, null, null])
    for (const [objectKey, id] of [
      ['key', first],
      ['key', marker],
      ['none', undefined],
      ['key', 'null'],
    ] as const)
      await assert.rejects(find(objectKey, id, false), refusal)
    assert.deepEqual(asked.splice(0), [first, null, null, null])
    await assert.rejects(find('key', 'x', false), { kind: 'InvalidVersionId' })
    assert.deepEqual(asked, [])
  })
})
