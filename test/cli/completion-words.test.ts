import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SERVE_OPTIONS } from '../../src/cli/completion/own-commands.ts'
import { CONFIG_OPTION } from '../../src/server/configuration/read.ts'
import { settings } from '../../src/server/configuration/schema.ts'

describe('what can be completed behind lugsail serve', () => {
  it('is its settings, with their choices', () => {
    const choices = Object.values(settings).map(({ option, placeholder }) => [
      `--${option}`,
      placeholder.includes('|') ? placeholder.split('|') : [],
    ])
    assert.deepEqual(SERVE_OPTIONS, Object.fromEntries([[`--${CONFIG_OPTION}`, []], ...choices]))
  })
})
