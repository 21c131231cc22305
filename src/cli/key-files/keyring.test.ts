import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { openKeyring } from './keyring.ts'

/** As macOS's `security` does what is asked of it: a value is given by the command that standard input has. */
const SECURITY = `
case "$1" in
  -i) read -r line; printf '%s' "$line" > "$folder/item" ;;
  find-generic-password) [ -f "$folder/item" ] || exit 44; sed 's/.* -w //' "$folder/item" ;;
  delete-generic-password) rm "$folder/item" 2> "$folder/none" || exit 44 ;;
esac`

/** As libsecret's `secret-tool`, which says in words alone why it failed. */
const SECRET_TOOL = `
case "$1" in
  store) cat > "$folder/item" ;;
  lookup) [ -f "$folder/item" ] || exit 1; cat "$folder/item" ;;
  clear) rm -f "$folder/item" ;;
esac`

const KEY = JSON.stringify({ accessKeyId: 'AKIA', secretAccessKey: 'a/secret"with\\signs', caBundle: '/é' })

describe('the keyring of a system', () => {
  let folder = ''
  const path = process.env['PATH']
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lugsail-keyring-'))
    process.env['PATH'] = `${folder}:/usr/bin:/bin`
  })
  afterEach(() => {
    process.env['PATH'] = path
    rmSync(folder, { recursive: true })
  })
  const plant = (program: string, script: string): void =>
    writeFileSync(
      join(folder, program),
      `#!/bin/sh\nfolder=${folder}\nprintf '%s\\n' "$*" >> "$folder/arguments"\n${script}\n`,
      { mode: 0o700 },
    )

  for (const [platform, program, script] of [
    ['darwin', 'security', SECURITY],
    ['linux', 'secret-tool', SECRET_TOOL],
  ] as const)
    describe(`that ${program} asks`, () => {
      it('gives back what was kept, and nothing of it is in an argument', async () => {
        plant(program, script)
        const keyring = openKeyring(platform)
        assert.equal(await keyring.read('reports'), null)
        await keyring.write('reports', KEY)
        assert.equal(await keyring.read('reports'), KEY)
        await keyring.remove('reports')
        assert.equal(await keyring.read('reports'), null)
        await keyring.remove('reports')
        const typed = readFileSync(join(folder, 'arguments'), 'utf8')
        assert.match(typed, /reports/)
        for (const text of [KEY, 'a/secret', Buffer.from(KEY).toString('base64')])
          assert.ok(!typed.includes(text))
      })

      it('says in the program’s words why it does not open', async () => {
        plant(program, `echo '${program}: locked\x1b[31m' >&2; exit 1`)
        await assert.rejects(openKeyring(platform).read('reports'), {
          message: `${program}: locked\\u001b[31m`,
        })
      })

      it('is not taken at its word that it kept a key', async () => {
        plant(program, script.replace(/> "\$folder\/item"/, '> /dev/null'))
        await assert.rejects(openKeyring(platform).write('reports', KEY), /did not keep the key/)
      })

      it('is not there without the program', async () => {
        process.env['PATH'] = folder
        await assert.rejects(openKeyring(platform).read('reports'), new RegExp(`asked by ${program}, of `))
      })
    })

  it('is told to be none where no command gives a secret back', () => {
    assert.throws(() => openKeyring('win32'), /--key-file/)
  })
})
