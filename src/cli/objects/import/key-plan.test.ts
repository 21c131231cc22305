import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ListedVersion } from './listing.ts'
import { planObject, planVersions } from './key-plan.ts'
import type { KeyPlan, PlanRules } from './key-plan.ts'

const RULES: PlanRules = { clockDifferenceMs: 0, isOverwriting: false }
const MINUTE = 60_000

/** A version of one letter's bytes; `-` is a delete marker. */
const version = (letter: string, modifiedAtMs = 0): ListedVersion => ({
  versionId: undefined,
  isDeleteMarker: letter === '-',
  etag: letter === '-' ? '' : letter,
  sizeBytes: letter === '-' ? 0 : 1,
  modifiedAtMs,
  storageClass: undefined,
})

const versions = (letters: string, modifiedAtMs = 0): ListedVersion[] =>
  letters.split('').map((letter) => version(letter, modifiedAtMs))

const letters = (list: readonly ListedVersion[]): string =>
  list.map(({ isDeleteMarker, etag }) => (isDeleteMarker ? '-' : etag)).join('')

const shown = ({ copies, removals, isConflict, isUncertain }: KeyPlan): string =>
  [
    `copy ${letters(copies)}`,
    `remove ${letters(removals)}`,
    ...(isConflict ? ['conflict'] : []),
    ...(isUncertain ? ['uncertain'] : []),
  ].join(', ')

describe('an object on both sides', () => {
  const plan = (
    source: ListedVersion | undefined,
    target: ListedVersion | undefined,
    rules = RULES,
  ): string => shown(planObject(source, target, rules))

  it('is copied where it is missing, and left where it is the same', () => {
    assert.equal(plan(version('a'), undefined), 'copy a, remove ')
    assert.equal(plan(version('a', 0), version('a', MINUTE)), 'copy , remove ')
    assert.equal(plan(undefined, version('a')), 'copy , remove a')
  })

  it('is looked at again where the source may have changed what is said of it since', () => {
    assert.equal(plan(version('a', MINUTE), version('a', 0)), 'copy , remove , uncertain')
    assert.equal(plan(version('a', MINUTE), version('a', MINUTE + 2_000)), 'copy , remove , uncertain')
  })

  it('is copied again where the source has another one that is not older, by clocks that differ too', () => {
    assert.equal(plan(version('b', MINUTE), version('a', 0)), 'copy b, remove ')
    assert.equal(plan(version('b', 0), version('a', MINUTE)), 'copy , remove , conflict')
    const slow = { ...RULES, clockDifferenceMs: -2 * MINUTE }
    assert.equal(plan(version('b', 0), version('a', MINUTE), slow), 'copy b, remove ')
  })

  it('gives way although it is newer when that is asked for', () => {
    assert.equal(
      plan(version('b', 0), version('a', MINUTE), { ...RULES, isOverwriting: true }),
      'copy b, remove ',
    )
  })
})

describe('the versions of a key on both sides', () => {
  /** The destination's are a minute newer than the source's unless `sourceMs` says otherwise. */
  const plan = (source: string, target: string, sourceMs = 0): string =>
    shown(planVersions(versions(source, sourceMs), versions(target, MINUTE), RULES))

  it('are copied from where they end at the destination', () => {
    assert.equal(plan('abc', ''), 'copy abc, remove ')
    assert.equal(plan('abc', 'a'), 'copy bc, remove ')
    assert.equal(plan('a-b-', 'a-'), 'copy b-, remove ')
    assert.equal(plan('abc', 'abc'), 'copy , remove ')
  })

  it('may have the same bytes several times', () => {
    assert.equal(plan('aab', 'a'), 'copy ab, remove ')
    assert.equal(plan('aab', 'aa'), 'copy b, remove ')
  })

  it('are found behind those that the source has let expire', () => {
    assert.equal(plan('cd', 'abc'), 'copy d, remove ab')
    assert.equal(plan('cd', 'abcd'), 'copy , remove ab')
    assert.equal(plan('', 'ab'), 'copy , remove ab')
  })

  it('are found where a lost response left one of them twice', () => {
    assert.equal(plan('abc', 'abb'), 'copy c, remove b')
    assert.equal(plan('ab', 'aa'), 'copy b, remove a')
  })

  it('are found where the source has deleted some from their midst since', () => {
    assert.equal(plan('ac', 'abc'), 'copy , remove b')
    assert.equal(plan('acd', 'abc'), 'copy d, remove b')
    assert.equal(plan('ad-f', 'abcd-'), 'copy f, remove bc')
    assert.equal(plan('ab', 'abab'), 'copy , remove ab')
    assert.equal(plan('abd', 'abcab'), 'copy d, remove abc')
  })

  it('are found in any number at once', () => {
    const many = versions('ab'.repeat(20_000))
    const { copies, removals } = planVersions(many, many.slice(0, -1), RULES)
    assert.deepEqual([copies.length, removals.length], [1, 0])
  })

  it('are left alone where the destination went on by itself', () => {
    assert.equal(plan('ab', 'abx'), 'copy , remove x')
    assert.equal(plan('abc', 'abx'), 'copy , remove , conflict')
    assert.equal(plan('ab', 'xy'), 'copy , remove , conflict')
  })

  it('come on top where the destination has older ones of its own', () => {
    assert.equal(plan('ab', 'xy', 2 * MINUTE), 'copy ab, remove xy')
  })

  it('tell whether the destination has others on top of all of them', () => {
    const isCovered = (source: string, target: string): boolean =>
      planVersions(versions(source, 0), versions(target, MINUTE), RULES).isCoveredThere
    for (const [source, target] of [
      ['a', 'a-'],
      ['ab', 'abx'],
    ] as const)
      assert.ok(isCovered(source, target), target)
    for (const [source, target] of [
      ['ab', 'ab'],
      ['cd', 'abcd'],
      ['', 'ab'],
      ['ab', 'a'],
    ] as const)
      assert.ok(!isCovered(source, target), target)
  })
})
