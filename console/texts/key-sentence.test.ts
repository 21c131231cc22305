import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { keySentence, type KeyFacts } from './key-sentence.ts'

const writing = {
  quote: (text: string) => `<${text}>`,
  time: (epochMs: number) => new Date(epochMs).toISOString(),
  now: Date.UTC(2026, 10, 30),
}

const CASES: readonly (readonly [facts: KeyFacts, sentence: string])[] = [
  [
    {
      name: 'backup-laptop',
      rights: ['read', 'list', 'write'],
      buckets: ['photos'],
      prefixes: ['laptop/'],
      sourceNetworks: ['10.0.0.0/8'],
      expiresAt: Date.UTC(2027, 2, 1),
    },
    '<backup-laptop> may read, list, and write the objects under <laptop/> in <photos>, from <10.0.0.0/8> alone, until 2027-03-01T00:00:00.000Z.',
  ],
  [
    { rights: ['read-write'], expiresInSeconds: 3_600 },
    'The key may read, list, write, and delete all objects in all buckets, later ones too, from anywhere, until 2026-11-30T01:00:00.000Z.',
  ],
  [
    { name: 'a', rights: ['list', 'read'], buckets: ['x', 'y'], prefixes: ['in/', 'out'] },
    '<a> may read and list the objects whose names begin with <in/> or <out> in <x> and <y>, from anywhere, until somebody deletes it.',
  ],
  [
    { name: 'a', rights: ['full'] },
    '<a> may do everything in all buckets, later ones too: make and delete buckets, make them public, and all with objects, from anywhere, until somebody deletes it.',
  ],
  [
    { name: 'a', rights: ['full'], buckets: ['x'] },
    '<a> may do everything with all objects in <x>, and change settings there, from anywhere, until somebody deletes it.',
  ],
  [
    { name: 'a', rights: ['full'], buckets: ['x'], prefixes: ['in/'] },
    '<a> may do everything with the objects under <in/> in <x>, from anywhere, until somebody deletes it.',
  ],
  [
    { name: 'a', policy: '{}', buckets: ['1', '2', '3', '4', '5'] },
    '<a> may do what its policy says in 5 buckets, from anywhere, until somebody deletes it.',
  ],
]

describe('the sentence that says what a key may do', () => {
  for (const [facts, sentence] of CASES)
    it(sentence, () => assert.equal(keySentence(facts, writing), sentence))
})
