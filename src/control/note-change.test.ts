import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { ExchangeFacts } from '../api/exchange.ts'
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
