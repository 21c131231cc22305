import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { dayOf, endOfDay, faultsOf, inputOf, type KeyDraft } from './key-draft.ts'

const draft: KeyDraft = {
  name: 'anna',
  access: 'read',
  mayDelete: true,
  buckets: ['photos'],
  prefixes: '',
  networks: '',
  end: 'never',
  day: '',
}

describe('a key as it is typed', () => {
  it('is sent without what does not bind it', () => {
    assert.deepEqual(inputOf({ ...draft, buckets: null }), { name: 'anna', rights: ['read', 'list'] })
  })

  it('has a bound for each line, each once, with the spaces of prefixes', () => {
    const { prefixes, sourceNetworks } = inputOf({
      ...draft,
      prefixes: 'a b/\n\n  \na b/\n c/',
      networks: ' 10.0.0.0/8 \n',
    })
    assert.deepEqual(prefixes, ['a b/', ' c/'])
    assert.deepEqual(sourceNetworks, ['10.0.0.0/8'])
  })

  it('deletes with "read and write" unless that is taken away', () => {
    assert.deepEqual(inputOf({ ...draft, access: 'read-write' }).rights, ['read-write'])
    assert.deepEqual(inputOf({ ...draft, access: 'read-write', mayDelete: false }).rights, [
      'read',
      'list',
      'write',
    ])
    assert.deepEqual(inputOf({ ...draft, access: 'full', mayDelete: false }).rights, ['full'])
  })

  it('ends after a time, or with the last second of a day in the zone of who types', () => {
    assert.equal(inputOf({ ...draft, end: '3600' }).expiresInSeconds, 3_600)
    const { expiresAt = 0, expiresInSeconds } = inputOf({ ...draft, end: 'day', day: '2026-12-04' })
    assert.equal(expiresInSeconds, undefined)
    assert.equal(dayOf(expiresAt), '2026-12-04')
    assert.equal(dayOf(expiresAt + 1_000), '2026-12-05')
  })

  it('is not sent with a bad name, no bucket of "only these", or a day that is over', () => {
    const now = endOfDay('2026-12-04') ?? 0
    assert.deepEqual(faultsOf(draft, now), {})
    assert.deepEqual(
      faultsOf({ ...draft, name: 'anna b', buckets: [], end: 'day', day: '2026-12-04' }, now),
      {
        name: true,
        buckets: true,
        day: true,
      },
    )
    assert.deepEqual(faultsOf({ ...draft, end: 'day', day: '' }, now), { day: true })
    assert.deepEqual(faultsOf({ ...draft, end: 'day', day: '2026-12-05' }, now), {})
  })
})
