import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { executeInProcess } from '../../../test/cli/run-in-process.ts'

const folders: string[] = []
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

const PAIR = "aws_access_key_id = AKIA\naws_secret_access_key = a/b+c'd\\e\n"
const PLACE = 'region = eu-west-1\nendpoint_url = http://127.0.0.1:1\n'

/** A home folder with the data folder of a server, whose credentials file has this text. */
function homeWith(
  credentials = `[default]\n${PAIR}${PLACE}[other]\n${PAIR.replace('AKIA', 'AKIB')}${PLACE}ca_bundle = /c.pem\n`,
) {
  const home = mkdtempSync(join(tmpdir(), 'lugsail-use-'))
  folders.push(home)
  mkdirSync(join(home, 'lugsail-data'))
  writeFileSync(join(home, 'lugsail-data', 'credentials'), credentials)
  const plant = (name: string, text: string): void => {
    mkdirSync(join(home, '.aws'), { recursive: true })
    writeFileSync(join(home, '.aws', name), text)
  }
  return {
    home,
    plant,
    run: (words: string, env: NodeJS.ProcessEnv = {}) =>
      executeInProcess(words.split(' '), { cwd: home, env: { HOME: home, ...env }, stdin: '' }),
    read: (name: string) => readFileSync(join(home, '.aws', name), 'utf8'),
    names: () => readdirSync(join(home, '.aws')).sort(),
  }
}

describe('lugsail use', () => {
  it('writes the profile lugsail, private, and says how to use it', async () => {
    const { run, read, home } = homeWith()
    const { exitCode, stdout, stderr } = await run('use')
    assert.deepEqual([exitCode, stderr], [0, ''])
    assert.equal(
      stdout,
      `The profile "lugsail" now leads to http://127.0.0.1:1 (in ${home}/.aws/config and ${home}/.aws/credentials).\n\n  export AWS_PROFILE=lugsail\n  lugsail get-buckets\n  aws s3 ls --profile lugsail\n`,
    )
    assert.equal(
      read('config'),
      `[profile lugsail]\n${PLACE}s3 = \n  addressing_style = path\n  signature_version = s3v4\n`,
    )
    assert.equal(read('credentials'), `[lugsail]\n${PAIR}`)
    assert.equal(statSync(join(home, '.aws', 'credentials')).mode & 0o777, 0o600)
    assert.equal(statSync(join(home, '.aws')).mode & 0o777, 0o700)
  })

  it('writes the profile default for clients that name none', async () => {
    const { run, read } = homeWith()
    const { stdout } = await run('use --profile default')
    assert.match(stdout, /\n\n {2}lugsail get-buckets\n {2}aws s3 ls\n$/)
    assert.match(read('config'), /^\[default\]\n/)
  })

  it('takes the key pair of another account, with its certificate, and the data folder that is named', async () => {
    const { run, read, home } = homeWith()
    assert.equal((await run('use --account other --profile a')).exitCode, 0)
    assert.match(read('credentials'), /^\[a\]\naws_access_key_id = AKIB\n/)
    assert.match(read('config'), /^ca_bundle = \/c\.pem$/m)
    const away = { LUGSAIL_DATA: join(home, 'lugsail-data'), HOME: home }
    for (const [words, env] of [
      ['use --profile b', away],
      [`use --profile c --data ${home}/lugsail-data`, { LUGSAIL_DATA: '/nowhere' }],
    ] as const)
      assert.equal((await run(words, env)).exitCode, 0, words)
  })

  it('leaves its files alone where they say it already', async () => {
    const { run, home, names } = homeWith()
    await run('use')
    const before = ['config', 'credentials'].map((name) => statSync(join(home, '.aws', name)).ino)
    const { stdout } = await run('use')
    assert.doesNotMatch(stdout, /before/)
    assert.deepEqual(
      ['config', 'credentials'].map((name) => statSync(join(home, '.aws', name)).ino),
      before,
    )
    assert.deepEqual(names(), ['config', 'credentials'])
  })

  it('keeps a copy of the file with other keys of the profile, and of no others', async () => {
    const { run, read, plant, names, home } = homeWith()
    const others =
      '[mine]\naws_access_key_id = AKIAMINE\n\n[lugsail]\naws_access_key_id = AKIAOLD\naws_secret_access_key = s\naws_session_token = t\n'
    plant('credentials', others)
    const { stdout } = await run('use')
    assert.match(
      stdout,
      new RegExp(`^The keys that it had before are in ${home}/.aws/credentials.before-use.$`, 'm'),
    )
    assert.equal(read('credentials.before-use'), others)
    assert.equal(read('credentials'), `[mine]\naws_access_key_id = AKIAMINE\n\n[lugsail]\n${PAIR}`)
    plant('credentials', others)
    await run('use')
    assert.equal(read('credentials.before-use-2'), others)
    await run('use --profile new')
    assert.deepEqual(names(), ['config', 'credentials', 'credentials.before-use', 'credentials.before-use-2'])
  })

  it('refuses names that no profile has, and says what is missing', async () => {
    const { run, home } = homeWith()
    for (const name of ['a[b]', 'a"b', '', 'é'])
      assert.match(
        (await run(`use --profile ${name}`)).stderr,
        /use: --profile: expected letters, digits and _\.@\/\+-, got "/,
      )
    assert.equal((await run('use --profile A-z0_9.@/+')).exitCode, 0)
    const none = await run(`use --data ${home}/none`)
    assert.deepEqual(
      [
        none.exitCode,
        /none\/credentials cannot be read \(ENOENT\): "lugsail serve" writes/.test(none.stderr),
      ],
      [255, true],
    )
    assert.match(
      (await run('use --account none')).stderr,
      /no key pair for the account none; "lugsail account create none --save"/,
    )
    for (const lost of ['aws_access_key_id', 'aws_secret_access_key', 'region', 'endpoint_url']) {
      const partial = homeWith(`[default]\n${PAIR}${PLACE}`.replace(new RegExp(`${lost} = .*\n`), ''))
      const { stderr, exitCode } = await partial.run('use')
      assert.match(stderr, /holds no key pair with region and endpoint_url; "lugsail account rotate default"/)
      assert.equal(exitCode, 255)
    }
  })
})

describe('lugsail env', () => {
  const linesOf = async (words: string, env: NodeJS.ProcessEnv = {}): Promise<readonly string[]> => {
    const { exitCode, stdout, stderr } = await homeWith().run(words, env)
    assert.deepEqual([exitCode, stderr, stdout.endsWith('\n')], [0, '', true])
    return stdout.trimEnd().split('\n')
  }

  it('quotes values as the shell reads them', async () => {
    for (const [shell, region, secret] of [
      ['bash', "export AWS_REGION='eu-west-1'", "export AWS_SECRET_ACCESS_KEY='a/b+c'\\''d\\e'"],
      ['zsh', "export AWS_REGION='eu-west-1'", "export AWS_SECRET_ACCESS_KEY='a/b+c'\\''d\\e'"],
      ['fish', "set -gx AWS_REGION 'eu-west-1'", "set -gx AWS_SECRET_ACCESS_KEY 'a/b+c\\'d\\\\e'"],
      ['powershell', "$Env:AWS_REGION = 'eu-west-1'", "$Env:AWS_SECRET_ACCESS_KEY = 'a/b+c''d\\e'"],
    ] as const) {
      const lines = await linesOf(`env --shell ${shell}`)
      assert.ok(lines.includes(region) && lines.includes(secret), lines.join('\n'))
      // The shell of the user is meant where none is named.
      assert.deepEqual(await linesOf('env', { SHELL: `/usr/bin/${shell}` }), lines)
    }
    for (const SHELL of [undefined, '', '/bin/dash'])
      assert.deepEqual(
        await linesOf('env', SHELL === undefined ? {} : { SHELL }),
        await linesOf('env --shell bash'),
      )
  })

  it('gives all that a client needs, and takes away what would lead elsewhere', async () => {
    const names = (lines: readonly string[]) => lines.map((line) => /AWS_\w+/.exec(line)?.[0]).sort()
    const given = names(await linesOf('env --account other'))
    for (const name of [
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_REGION',
      'AWS_DEFAULT_REGION',
      'AWS_ENDPOINT_URL',
      'AWS_CA_BUNDLE',
    ])
      assert.ok(given.includes(name), name)
    assert.equal(names(await linesOf('env')).includes('AWS_CA_BUNDLE'), false)
    const contrary = { AWS_PROFILE: 'x', AWS_SESSION_TOKEN: '' }
    for (const [shell, unset] of [
      ['bash', (name: string) => `unset ${name}`],
      ['fish', (name: string) => `set -e ${name}`],
      ['powershell', (name: string) => `Remove-Item Env:${name} -ErrorAction SilentlyContinue`],
    ] as const) {
      const lines = await linesOf(`env --shell ${shell}`, contrary)
      for (const name of Object.keys(contrary)) assert.ok(lines.includes(unset(name)), `${shell} ${name}`)
      assert.equal(
        lines.some((line) => line.includes('AWS_ENDPOINT_URL_S3')),
        false,
      )
    }
  })

  it('knows no other shells', async () => {
    for (const shell of ['cmd', 'constructor', '']) {
      const { exitCode, stderr } = await homeWith().run(`env --shell=${shell}`)
      assert.equal(exitCode, 2)
      assert.ok(
        stderr.includes(
          `env: --shell: expected one of bash, zsh, fish, powershell, got ${JSON.stringify(shell)}`,
        ),
        stderr,
      )
    }
  })
})

describe('a command that follows from no operation', () => {
  for (const command of ['use', 'env', 'doctor', 'cosi', 'credentials'])
    it(`${command} shows its help when asked, and refuses options that it has not`, async () => {
      const { run } = homeWith()
      for (const word of ['help', '--help', '-h']) {
        const { exitCode, stdout } = await run(`${command} ${word}`)
        assert.equal(exitCode, 0)
        assert.match(stdout, new RegExp(`^usage: lugsail ${command} `, 'i'))
      }
      for (const words of ['--nonsense', 'word', '--profile']) {
        const { exitCode, stderr } = await run(`${command} ${words}`)
        assert.equal(exitCode, 2, words)
        assert.match(stderr, new RegExp(`^lugsail: error: ${command}: `, 'm'))
      }
    })
})
