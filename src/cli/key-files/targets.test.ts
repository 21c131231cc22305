import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { UsageError } from '../usage-error.ts'
import { keyPlaces } from './targets.ts'

describe('the places that a key is written to', () => {
  let home = ''
  beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'lugsail-targets-'))))
  afterEach(() => rmSync(home, { recursive: true }))

  const placesOf = (options: Readonly<Record<string, string>>, env: NodeJS.ProcessEnv = {}) => {
    const values = new Map(Object.entries(options).map(([word, value]) => [`write-${word}`, value]))
    const { files, keyringName } = keyPlaces(values, { HOME: home, ...env })
    return { files: files.map(({ option, path }) => [option, path]), keyringName }
  }

  it('are none where none is named', () => {
    assert.deepEqual(placesOf({}), { files: [], keyringName: undefined })
  })

  it('are both files of a profile, wherever the environment has them', () => {
    assert.deepEqual(placesOf({ profile: 'mine' }).files, [
      ['--write-profile', join(home, '.aws/credentials')],
      ['--write-profile', join(home, '.aws/config')],
    ])
    const env = { AWS_CONFIG_FILE: '/c', AWS_SHARED_CREDENTIALS_FILE: '/k' }
    assert.deepEqual(placesOf({ profile: 'mine' }, env).files, [
      ['--write-profile', '/k'],
      ['--write-profile', '/c'],
    ])
  })

  it('are files by their paths from here, and an entry of the keyring by its name', () => {
    assert.deepEqual(
      placesOf({ env: 'e', s3cfg: '/s', 'k8s-secret': 'k.yaml', json: '/j.json', keyring: 'mine' }),
      {
        files: [
          ['--write-env', resolve('e')],
          ['--write-s3cfg', '/s'],
          ['--write-k8s-secret', resolve('k.yaml')],
          ['--write-json', '/j.json'],
        ],
        keyringName: 'mine',
      },
    )
  })

  it('have rclone’s file where rclone looks for it', () => {
    const path = (env: NodeJS.ProcessEnv = {}): string | undefined =>
      placesOf({ rclone: 'r' }, env).files[0]?.[1]
    const [usual, old] = [join(home, '.config/rclone/rclone.conf'), join(home, '.rclone.conf')]
    assert.equal(path(), usual)
    assert.equal(path({ XDG_CONFIG_HOME: '/x' }), '/x/rclone/rclone.conf')
    assert.equal(path({ XDG_CONFIG_HOME: '' }), usual)
    writeFileSync(old, '')
    assert.equal(path(), old)
    assert.equal(path({ RCLONE_CONFIG: 'own.conf' }), resolve('own.conf'))
    assert.equal(path({ RCLONE_CONFIG: '' }), old)
    mkdirSync(join(home, '.config/rclone'), { recursive: true })
    writeFileSync(usual, '')
    assert.equal(path(), usual)
  })

  it('are refused where a name is none that all programs read the same, and where a path is empty', () => {
    for (const option of ['profile', 'rclone', 'keyring'])
      for (const value of ['', 'a b', '-a', 'a]', 'é', '.a'])
        assert.throws(
          () => placesOf({ [option]: value }),
          new UsageError(
            `--write-${option}: expected a name of letters, digits and _.@+-, got ${JSON.stringify(value)}`,
          ),
        )
    for (const option of ['env', 's3cfg', 'k8s-secret', 'json'])
      assert.throws(
        () => placesOf({ [option]: '' }),
        new UsageError(`--write-${option}: expected a path, got ""`),
      )
    assert.ok(placesOf({ profile: 'a.b@c+d_e-7', env: '-' }))
  })

  it('are no file twice, whatever it is called', () => {
    const path = join(home, 'file')
    writeFileSync(path, '')
    symlinkSync('file', join(home, 'link'))
    for (const other of [path, join(home, 'x/../file'), join(home, 'link')])
      assert.throws(
        () => placesOf({ env: path, json: other }),
        (error) =>
          error instanceof UsageError &&
          /^--write-json: \/.* is to be written by another option as well$/.test(error.message),
      )
    assert.equal(placesOf({ env: path, json: join(home, 'other') }).files.length, 2)
  })
})
