import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ConfigurationError } from '../configuration/errors.ts'
import { parseArguments } from './arguments.ts'

describe('parseArguments', () => {
  it('tells words, settings and the command’s own options apart', () => {
    const { words, settingOptions, options } = parseArguments(
      ['create', '--data', 'd', 'bob', '--output=json', '--data=e'],
      ['output'],
    )
    assert.deepEqual(words, ['create', 'bob'])
    assert.deepEqual([...settingOptions], [['data', 'e']])
    assert.deepEqual([...options], [['output', 'json']])
  })

  it('refuses an option that does not exist, without showing its value', () => {
    assert.throws(
      () => parseArguments(['--dat=secret']),
      (error) =>
        error instanceof ConfigurationError && error.message === 'unknown option --dat; did you mean --data?',
    )
  })

  it('refuses an option without a value', () => {
    assert.throws(() => parseArguments(['--data']), /option --data needs a value/)
  })
})
