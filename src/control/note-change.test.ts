import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { ExchangeFacts } from '../api/exchange.ts'
import { lugsailOperations } from '../model/lugsail/index.ts'
import { noteChange, noteInput } from './note-change.ts'

it('notes of a change of an access key what is given and taken, and no text of it', () => {
  const facts: ExchangeFacts = {}
  noteInput(facts, {
    name: 'app',
    status: 'Inactive',
    rights: ['read', 'list'],
    prefixes: ['a-secret-place/'],
    expiresAt: 1,
    policy: undefined,
    removes: ['buckets', 'tags'],
    secretAccessKey: 'hidden',
  })
  assert.deepEqual(facts.change, {
    name: 'app',
    status: 'Inactive',
    gives: 'prefixes,expiresAt',
    rights: 'read,list',
    removes: 'buckets,tags',
  })
})

it('notes both ids of a key that is rotated', () => {
  const facts: ExchangeFacts = {}
  noteChange(facts, {
    accessKey: {
      name: 'app',
      status: 'Active',
      accessKeyId: 'AKIANEW',
      retiringKey: { accessKeyId: 'AKIAOLD', until: 1 },
    },
  })
  assert.deepEqual(facts.change, { name: 'app', accessKeyId: 'AKIANEW', retiringAccessKeyId: 'AKIAOLD' })
})

it('notes whatever is given to a key or a role, but tags and secrets', () => {
  for (const name of [
    'CreateAccessKey',
    'UpdateAccessKey',
    'ImportAccessKey',
    'CreateRole',
    'UpdateRole',
  ] as const) {
    const untold = Object.keys(lugsailOperations[name].input.members).filter((member) =>
      // In the form in which it is noted: a text, or words.
      ['x', ['x']].every((value) => {
        const facts: ExchangeFacts = {}
        noteInput(facts, { [member]: value })
        return Object.keys(facts).length === 0
      }),
    )
    assert.deepEqual(
      untold.filter((member) => member !== 'tags' && member !== 'secretAccessKey'),
      [],
      name,
    )
    assert.ok(
      !('secretAccessKey' in lugsailOperations[name].input.members) || untold.includes('secretAccessKey'),
    )
  }
})

it('notes what other changes are about, by the names of the API', () => {
  for (const name of [
    'accountName',
    'accountId',
    'resourceName',
    'accessKeyId',
    'bundleId',
    'access',
    'versioning',
  ]) {
    const facts: ExchangeFacts = {}
    noteChange(facts, { [name]: 'x', other: 'y', number: 7 })
    assert.deepEqual(facts.change, { [name]: 'x' })
  }
  for (const part of ['account', 'resource', 'accessKey', 'rootKey']) {
    const facts: ExchangeFacts = {}
    noteChange(facts, { name: 'before', [part]: { name: 'x', secretAccessKey: 's' } })
    assert.deepEqual(facts.change, { name: 'x' })
  }
  const facts: ExchangeFacts = {}
  noteChange(facts, {
    bucketName: 'photos',
    other: { name: 'x' },
    account: 'text',
    retiringKey: 'x',
    name: 7,
  })
  assert.deepEqual(facts, { bucketName: 'photos' })
})
