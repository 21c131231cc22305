import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, watch, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, beforeEach, describe, it } from 'node:test'
import { lockFile } from '../../src/base/file-lock.ts'
import { EXECUTABLE } from '../harness/executable.ts'

/** Runs a command with a pseudo-terminal as its three streams. */
const ON_TERMINAL = `
import os, pty, sys
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))
`
const hasPty = spawnSync('python3', ['-c', 'import pty, os; os.waitstatus_to_exitcode']).status === 0

const SECRET = "a/b+c'd"
const folders: string[] = []
let home = ''
let data = ''

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lugsail-home-'))
  folders.push(home)
  data = join(home, 'data')
  mkdirSync(data)
  writeFileSync(
    join(data, 'credentials'),
    `[default]\naws_access_key_id = AKIA\naws_secret_access_key = ${SECRET}\nregion = eu-west-1\nendpoint_url = http://127.0.0.1:1\n`,
  )
})
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

const lugsailWith = (variables: Readonly<Record<string, string>>, ...args: readonly string[]) =>
  spawnSync(EXECUTABLE, args, {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: home, SHELL: '/bin/bash', ...variables },
  })
const lugsail = (...args: readonly string[]) => lugsailWith({}, ...args)

describe('lugsail use', () => {
  it('writes a profile, private, and keeps what other profiles hold', () => {
    mkdirSync(join(home, '.aws'))
    writeFileSync(join(home, '.aws', 'config'), '# mine\n[default]\nregion = us-west-2\n')
    const { status, stdout } = lugsail('use', '--data', data, '--profile', 'sail')
    assert.equal(status, 0)
    assert.match(stdout, /export AWS_PROFILE=sail/)
    assert.equal(
      readFileSync(join(home, '.aws', 'config'), 'utf8'),
      '# mine\n[default]\nregion = us-west-2\n\n[profile sail]\nregion = eu-west-1\nendpoint_url = http://127.0.0.1:1\n' +
        's3 = \n  addressing_style = path\n  signature_version = s3v4\n',
    )
    const credentials = join(home, '.aws', 'credentials')
    assert.equal(
      readFileSync(credentials, 'utf8'),
      `[sail]\naws_access_key_id = AKIA\naws_secret_access_key = ${SECRET}\n`,
    )
    assert.equal(statSync(credentials).mode & 0o777, 0o600)
  })

  it('leaves what the profile says about S3 as its user wrote it', () => {
    const config = join(home, '.aws', 'config')
    mkdirSync(join(home, '.aws'))
    const own = 's3 =\n  max_concurrent_requests = 3\n'
    writeFileSync(config, `[profile sail]\nregion = us-west-2\n${own}`)
    assert.equal(lugsail('use', '--data', data, '--profile', 'sail').status, 0)
    assert.equal(
      readFileSync(config, 'utf8'),
      `[profile sail]\nregion = eu-west-1\n${own}endpoint_url = http://127.0.0.1:1\n`,
    )
  })

  it('writes the files that the AWS variables name, from the home folder too', () => {
    const files = { AWS_CONFIG_FILE: '~/own-config', AWS_SHARED_CREDENTIALS_FILE: '$HOME/own-credentials' }
    assert.equal(lugsailWith(files, 'use', '--data', data).status, 0)
    assert.match(readFileSync(join(home, 'own-config'), 'utf8'), /^\[profile lugsail\]/)
    assert.match(readFileSync(join(home, 'own-credentials'), 'utf8'), /^\[lugsail\]/)
  })

  it('keeps a copy of other keys, and takes away what would lead elsewhere', () => {
    const folder = join(home, '.aws')
    mkdirSync(folder)
    const before =
      '[lugsail]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = other\naws_session_token = token\n\n[mine]\naws_session_token = kept\n'
    writeFileSync(join(folder, 'credentials'), before)
    writeFileSync(
      join(folder, 'config'),
      '[profile lugsail]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = mine\nsso_session = s\noutput = text\n',
    )
    const { stdout, status } = lugsailWith({}, 'use', '--data', data)
    assert.equal(status, 0)
    assert.match(stdout, /The keys that it had before are in .*credentials\.before-use\./)
    assert.equal(readFileSync(join(folder, 'credentials.before-use'), 'utf8'), before)
    const credentials = readFileSync(join(folder, 'credentials'), 'utf8')
    assert.match(
      credentials,
      /^\[lugsail\]\naws_access_key_id = AKIA\naws_secret_access_key = .*\n\n\[mine\]\naws_session_token = kept\n$/,
    )
    const config = readFileSync(join(folder, 'config'), 'utf8')
    assert.match(config, /^\[profile lugsail\]\noutput = text\nregion = eu-west-1\n/)
    assert.doesNotMatch(lugsailWith({}, 'use', '--data', data).stdout, /before-use/)
  })

  const keysOf = (accessKeyId: string) =>
    `[lugsail]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = other\n`
  const plant = (text: string): string => {
    mkdirSync(join(home, '.aws'), { recursive: true })
    writeFileSync(join(home, '.aws', 'credentials'), text)
    return join(home, '.aws', 'credentials')
  }

  it('keeps what another command writes while it waits for its turn, and earlier copies', async () => {
    const credentials = plant(keysOf('AKIAFIRST'))
    writeFileSync(`${credentials}.before-use`, 'earlier')
    const lock = await lockFile(credentials)
    const folder = watch(join(home, '.aws'))
    const waits = once(folder, 'change')
    const child = spawn(EXECUTABLE, ['use', '--data', data], {
      env: { PATH: process.env['PATH'], HOME: home },
    })
    const output = text(child.stdout)
    await waits
    folder.close()
    plant(keysOf('AKIASECOND'))
    lock.release()
    assert.deepEqual(await once(child, 'close'), [0, null])
    assert.match(await output, /The keys that it had before are in .*credentials\.before-use-2\./)
    assert.equal(readFileSync(`${credentials}.before-use-2`, 'utf8'), keysOf('AKIASECOND'))
    assert.equal(readFileSync(`${credentials}.before-use`, 'utf8'), 'earlier')
    assert.match(readFileSync(credentials, 'utf8'), /= AKIA\n/)
  })

  it(
    'asks again where another command wrote the profile while it asked',
    { skip: hasPty ? false : 'python3 with its module pty is needed, for a terminal to ask on' },
    async () => {
      const credentials = plant(keysOf('AKIAFIRST'))
      const child = spawn('python3', ['-c', ON_TERMINAL, EXECUTABLE, 'use', '--data', data], {
        env: { PATH: process.env['PATH'], HOME: home, TERM: 'dumb' },
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      const answers = [
        [/AKIAFIRST.*\[y\/N\] /, 'y\n'],
        [/AKIASECOND.*\[y\/N\] /, 'n\n'],
      ] as const
      let shown = ''
      let answered = 0
      for await (const piece of child.stdout.setEncoding('utf8')) {
        shown += String(piece)
        const [question, answer] = answers[answered] ?? [/$^/, '']
        if (!question.test(shown)) continue
        answered++
        plant(keysOf('AKIASECOND'))
        child.stdin.write(answer)
      }
      assert.match(shown, /another key \(AKIAFIRST\)[^]+another key \(AKIASECOND\)/)
      assert.equal(readFileSync(credentials, 'utf8'), keysOf('AKIASECOND'))
    },
  )

  it('says what to do when there is no such data folder', () => {
    const { status, stderr } = lugsail('use', '--data', join(home, 'nowhere'))
    assert.equal(status, 255)
    assert.match(stderr, /ENOENT.*"lugsail serve" writes this file/)
  })
})

describe('lugsail env', () => {
  it('prints lines that a shell evaluates to the very values', () => {
    const { status, stdout } = lugsail('env', '--data', data)
    assert.equal(status, 0)
    const shown = spawnSync(
      'sh',
      ['-c', `${stdout}\nprintf %s "$AWS_SECRET_ACCESS_KEY $AWS_ENDPOINT_URL $AWS_REGION"`],
      {
        encoding: 'utf8',
      },
    )
    assert.equal(shown.stdout, `${SECRET} http://127.0.0.1:1 eu-west-1`)
  })

  it('knows fish and powershell, and refuses others', () => {
    assert.match(
      lugsail('env', '--data', data, '--shell', 'fish').stdout,
      /^set -gx AWS_ACCESS_KEY_ID 'AKIA'$/m,
    )
    assert.match(
      lugsail('env', '--data', data, '--shell', 'powershell').stdout,
      /^\$Env:AWS_REGION = 'eu-west-1'$/m,
    )
    for (const shell of ['cmd', 'constructor']) {
      const { status, stderr } = lugsail('env', '--data', data, '--shell', shell)
      assert.equal(status, 2)
      assert.match(stderr, new RegExp(`--shell: expected one of bash, zsh, fish, powershell, got "${shell}"`))
    }
  })

  it('takes away the variables that would lead elsewhere', () => {
    const contrary = ['AWS_DEFAULT_PROFILE', 'AWS_ENDPOINT_URL_S3', 'AWS_CREDENTIAL_EXPIRATION']
    const { stdout } = lugsailWith(
      Object.fromEntries(contrary.map((name) => [name, 'x'])),
      'env',
      '--data',
      data,
    )
    for (const name of contrary) assert.match(stdout, new RegExp(`^unset ${name}$`, 'm'))
  })
})

describe('the commands that follow from no operation', () => {
  for (const command of ['use', 'env', 'completion']) {
    it(`${command} shows its help on "help", as every command does`, () => {
      for (const word of ['help', '--help']) {
        const { status, stdout } = lugsail(command, word)
        assert.equal(status, 0)
        assert.match(stdout, new RegExp(`^usage: lugsail ${command} `, 'i'))
      }
    })

    it(`${command} ends with the exit code of misuse on an option that it does not have`, () => {
      const { status, stderr } = lugsail(command, '--nonsense')
      assert.equal(status, 2)
      assert.match(stderr, new RegExp(`^lugsail: error: ${command}: .*--nonsense`, 'm'))
    })
  }
})
