import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { refusalOfNode } from './oldest-node.ts'

describe('a Node', () => {
  it('that is old is refused, with what is needed, what it is and where it lies', () => {
    for (const version of ['0.12.18', '8.17.0', '18.20.8', '19.99.0', '20.0.0', '20.9.0', '20.18.3', 'x'])
      assert.equal(
        refusalOfNode(version, '/usr/bin/node'),
        `lugsail: Node.js 20.19 or later is needed, and this is ${version} (/usr/bin/node)\n`,
      )
  })

  it('of the oldest version that the package takes, or of a later one, is not', () => {
    const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { node: string } }
    const [, oldest = ''] = /^>=([\d.]+)/.exec(engines.node) ?? []
    assert.notEqual(oldest, '')
    for (const version of [oldest, '20.19.0', '20.20.2', '21.0.0', '22.0.0', '100.1.0', '24.0.0-nightly'])
      assert.equal(refusalOfNode(version, 'node'), null, version)
  })
})
