import assert from 'node:assert/strict'
import { it } from 'node:test'
import { ConfigurationError } from '../configuration/errors.ts'
import { readSettings } from '../configuration/read.ts'
import { clockOf } from './serve-ephemeral.ts'

const settingsWith = (options: Readonly<Record<string, string>>) =>
  readSettings({ options: new Map(Object.entries({ ephemeral: 'yes', ...options })), environment: {} })

it('the clock of a server in memory begins where the settings say, or now, and refuses days that there are not', () => {
  const stopped = clockOf(settingsWith({ clock: '2030-01-31T12:00Z', 'clock-stopped': 'yes' }))
  assert.equal(stopped.now(), Date.UTC(2030, 0, 31, 12))
  const before = Date.now()
  const running = clockOf(settingsWith({})).now()
  assert.ok(running >= before && running <= Date.now())
  assert.throws(
    () => clockOf(settingsWith({ clock: '2030-13-01' })),
    (error) =>
      error instanceof ConfigurationError && /^clock: there is no such date: 2030-13-01$/.test(error.message),
  )
})
