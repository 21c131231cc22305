import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'
import { permissionsPage } from './permissions-page.ts'

it('docs/permissions.md is what the operations and the condition keys of policies declare (npm run docs writes it)', () => {
  assert.equal(readFileSync('docs/permissions.md', 'utf8'), permissionsPage())
})
