/** The units in deploy/, and what they promise of the server. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { settings } from '../../src/server/configuration/schema.ts'
import { environmentName } from '../../src/server/configuration/setting.ts'

const units = readdirSync('deploy').filter((name) => name.endsWith('.service'))

describe('each systemd unit', () => {
  for (const name of units) {
    const text = readFileSync(`deploy/${name}`, 'utf8')
    const values = (key: string): string[] =>
      [...text.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value = '']) => value)

    it(`${name} lets an ordinary user listen on port 443, with no other capability`, () => {
      assert.notEqual(values('User')[0] ?? 'root', 'root')
      for (const key of ['AmbientCapabilities', 'CapabilityBoundingSet'])
        assert.deepEqual(values(key), ['CAP_NET_BIND_SERVICE'])
    })

    it(`${name} starts the server again, unless its settings are wrong`, () => {
      assert.match(values('Restart')[0] ?? '', /^(?:always|on-failure)$/)
      assert.deepEqual(values('RestartPreventExitStatus'), ['2'])
      assert.deepEqual(values('StartLimitIntervalSec'), ['0'])
    })

    it(`${name} names settings that there are`, () => {
      const names = [...text.matchAll(/\bLUGSAIL_[A-Z_]+/g)].map(([variable]) => variable)
      assert.notEqual(names.length, 0)
      const known = Object.values(settings).map(({ option }) => environmentName(option))
      for (const variable of names) assert.ok(known.includes(variable), variable)
    })
  }

  const analyze = spawnSync('systemd-analyze', ['--version']).status === 0
  it('is one for systemd', { skip: analyze ? false : 'systemd-analyze is not here' }, () => {
    for (const name of units) {
      const { status, stderr } = spawnSync('systemd-analyze', ['verify', `deploy/${name}`], {
        encoding: 'utf8',
      })
      assert.ok(status === 0 || /lugsail serve|not executable|No such file/.test(stderr), stderr)
    }
  })
})
