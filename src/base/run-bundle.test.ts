import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, describe, it } from 'node:test'
import { Script } from 'node:vm'
import { runBundle } from './run-bundle.ts'

const folder = mkdtempSync(join(tmpdir(), 'lugsail-bundle-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const bytecodeOfThisNode = `${process.version}-${process.platform}-${process.arch}`
const require = createRequire(import.meta.url)

/** A bundle as the build makes it, which tells what it was given. */
function makeBundle(name: string): { readonly filename: string; readonly source: string } {
  const filename = join(folder, `${name}.cjs`)
  const source = `(function(require){require('told').push('${name} runs');})`
  writeFileSync(filename, source)
  return { filename, source }
}

/** Runs it, and tells what it loaded. */
function run(name: string) {
  const told: string[] = []
  const load = (id: string): unknown => {
    if (id === 'told') return told
    told.push(id)
    return {}
  }
  const usesBytecode = runBundle(folder, name, Object.assign(load, require))
  return { told, usesBytecode }
}

describe('a bundle', () => {
  const hasMaps = process.sourceMapsEnabled
  beforeEach(() => process.setSourceMapsEnabled(false))
  after(() => process.setSourceMapsEnabled(hasMaps))

  it('runs as it is, with what it loads by', () => {
    makeBundle('plain')
    assert.deepEqual(run('plain'), { told: ['plain runs'], usesBytecode: false })
  })

  it('runs from the bytecode that was made of it by this Node, and of no other', () => {
    const { filename, source } = makeBundle('compiled')
    const bytecode = new Script(source, { filename }).createCachedData()
    const there = { told: ['compiled runs'], usesBytecode: false }
    for (const other of ['', `-v1.2.3-${process.platform}-${process.arch}`]) {
      writeFileSync(join(folder, `compiled${other}.bytecode`), bytecode)
      assert.deepEqual(run('compiled'), there)
    }
    writeFileSync(join(folder, `compiled-${bytecodeOfThisNode}.bytecode`), bytecode)
    assert.deepEqual(run('compiled'), { ...there, usesBytecode: true })
    makeBundle('damaged')
    writeFileSync(join(folder, `damaged-${bytecodeOfThisNode}.bytecode`), 'none of it')
    assert.deepEqual(run('damaged'), { told: ['damaged runs'], usesBytecode: false })
  })

  it('is looked at as a module first where its source map is wanted', () => {
    const { filename } = makeBundle('mapped')
    process.setSourceMapsEnabled(true)
    assert.deepEqual(run('mapped').told, [filename, 'mapped runs'])
  })

  it('is told of as the file that is not there', () => {
    assert.throws(() => run('missing'), { code: 'ENOENT', path: join(folder, 'missing.cjs') })
  })
})
