import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ownCommands, SERVE_OPTIONS } from '../../src/cli/completion/own-commands.ts'
import { memberOptions } from '../../src/cli/grammar/operation-options.ts'
import { KEY_VERBS, ROLE_VERBS } from '../../src/cli/key-words.ts'
import { lugsailOperations } from '../../src/model/lugsail/index.ts'
import { toKebabCase } from '../../src/model/operation.ts'
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

describe('what can be completed behind lugsail key and role', () => {
  for (const [noun, verbs] of Object.entries({ key: KEY_VERBS, role: ROLE_VERBS }))
    for (const [word, { command }] of Object.entries(verbs)) {
      const operation = Object.values(lugsailOperations).find(({ name }) => toKebabCase(name) === command)
      const times = (operation ? memberOptions(operation) : [])
        .map(({ name }) => name)
        .filter((name) => name.endsWith('-seconds'))
        .map((name) => name.replace(/-seconds$/, ''))
      if (times.length > 0)
        it(`${noun} ${word} has ${times.join(' and ')}, the times of the operation without their unit`, () => {
          const offered = Object.keys(ownCommands[noun]?.words[word] ?? {})
          assert.deepEqual(
            times.filter((name) => !offered.includes(name)),
            [],
          )
        })
    }
})
