import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'
import { clientsPage } from './clients-page.ts'
import { FURTHER_CLIENTS } from './further-clients.ts'

it('docs/clients.md is what the tests of clients say (npm run docs writes it)', () => {
  assert.equal(readFileSync('docs/clients.md', 'utf8'), clientsPage())
})

it('every client that is tested as it is used has tests with titles', () => {
  for (const { name, test } of FURTHER_CLIENTS) assert.match(readFileSync(test, 'utf8'), /^ {2,4}it\(/m, name)
})
