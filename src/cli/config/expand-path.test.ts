import assert from 'node:assert/strict'
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { parseInteger } from '../arguments/numbers.ts'
import { expandPath } from './expand-path.ts'
import { readIniFile } from './ini-file.ts'

describe('a path as it was typed', () => {
  const env = { HOME: '/home/me', NAME: 'x', EMPTY: '' }
  for (const [typed, path] of [
    ['~', '/home/me'],
    ['~/a', '/home/me/a'],
    ['a/~/b', 'a/~/b'],
    ['~nobody-of-this-name/a', '~nobody-of-this-name/a'],
    ['$NAME/b', 'x/b'],
    ['a${NAME}b$NAME', 'axbx'],
    ['$NAMEb/${NONE}', '$NAMEb/${NONE}'],
    ['$EMPTY.', '.'],
    ['$', '$'],
    ['${}', '${}'],
    ['~/$NAME', '/home/me/x'],
  ] as const)
    it(`${typed} is ${path}`, () => assert.equal(expandPath(typed, env), path))

  it('knows the folder of its user by the name as well, and without HOME', () => {
    const { username } = userInfo()
    assert.equal(expandPath(`~${username}/a`, env), `${userInfo().homedir}/a`)
    assert.equal(expandPath('~/a', {}), `${homedir()}/a`)
  })
})

describe('a file of settings', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lugsail-ini-'))
  after(() => rmSync(folder, { recursive: true }))

  it('is none where there is nothing, or a folder', () => {
    mkdirSync(join(folder, 'dir'))
    writeFileSync(join(folder, 'file'), '[a]\nb = c\n')
    for (const name of ['none', 'dir', 'file/x']) assert.equal(readIniFile(join(folder, name)), undefined)
    assert.deepEqual([...(readIniFile(join(folder, 'file'))?.keys() ?? [])], ['a'])
    assert.throws(() => readIniFile('a\0b'), { message: 'Unable to parse config file: a\0b' })
  })
})

describe('an integer as it was typed', () => {
  for (const [typed, value] of [
    ['0', 0],
    [' 42\n', 42],
    ['+7', 7],
    ['-7', -7],
    ['1_000_000', 1_000_000],
    ['007', 7],
    ['٤٢', 42],
    ['４２', 42],
    ['𝟜𝟚', 42],
    ['𝟎𝟗', 9],
    ['9007199254740993', 9_007_199_254_740_993n],
  ] as const)
    it(`${typed} is ${value}`, () => assert.equal(parseInteger(typed), value))
  for (const typed of ['', ' ', '-', '1.0', '1e3', '_1', '1_', '1__0', '0x1', '1 0', '--1', 'one'])
    it(`${JSON.stringify(typed)} is none`, () => assert.equal(parseInteger(typed), undefined))
})
