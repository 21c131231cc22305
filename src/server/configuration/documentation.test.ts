import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'
import { configurationHelp, configurationPage } from './documentation.ts'
import { settings } from './schema.ts'

it('docs/configuration.md is what the schema says (npm run docs writes it)', () => {
  assert.equal(readFileSync('docs/configuration.md', 'utf8'), configurationPage())
})

it('the help names every option', () => {
  const help = configurationHelp()
  for (const { option } of Object.values(settings)) assert.ok(help.includes(`  --${option} `), option)
})
