import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { EXECUTABLE } from '../harness/executable.ts'

const folder = mkdtempSync(join(tmpdir(), 'lugsail-completion-'))
after(() => rmSync(folder, { recursive: true }))

/** What a shell offers for a command line whose last word is being typed. */
type Complete = (...words: readonly string[]) => readonly string[]

function run(program: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, HOME: folder },
  })
  assert.equal(stderr, '')
  assert.equal(status, 0)
  return stdout
}
const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '')
const quote = (word: string): string => `'${word}'`

/** Runs the script with the words in bash's variables. */
const inBash: Complete = (...words) =>
  lines(
    run('bash', [
      '-c',
      `source ${folder}/bash; COMP_WORDS=(${words.map(quote).join(' ')}); COMP_CWORD=${words.length - 1}; _lugsail; printf '%s\\n' "\${COMPREPLY[@]}"`,
    ]),
  )

/** Runs the function with stand-ins for what only a terminal has: they print the matches that they are given. */
const inZsh: Complete = (...words) =>
  lines(
    run('zsh', [
      '-fc',
      `compdef() { : }
compadd() { shift; print -l -- $@ }
_describe() { print -l -- \${\${(P)2}%%:*} }
_alternative() { print help }
source ${folder}/zsh
words=(${words.map(quote).join(' ')}); CURRENT=${words.length}; _lugsail`,
    ]),
  ).filter((word) => word.startsWith(words.at(-1) ?? ''))

const inFish: Complete = (...words) =>
  lines(
    run('fish', ['--no-config', '-c', `source ${folder}/fish; complete -C ${quote(words.join(' '))}`]),
  ).map((line) => line.split('\t')[0] ?? '')

for (const [shell, complete] of [
  ['bash', inBash],
  ['zsh', inZsh],
  ['fish', inFish],
] as const) {
  const isHere = spawnSync(shell, ['--version']).status === 0
  describe(`completion in ${shell}`, { skip: isHere ? false : `${shell} is not on this machine` }, () => {
    before(() => writeFileSync(join(folder, shell), run(EXECUTABLE, ['completion', shell])))

    test('the script has no syntax error', () => {
      run(shell, ['-n', join(folder, shell)])
    })

    test('commands, those that are typed after lightsail too', () => {
      assert.deepEqual([...complete('lugsail', 'create-')].sort(), [
        'create-access-key',
        'create-account',
        'create-bucket',
        'create-bucket-access-key',
        'create-resource',
        'create-role',
      ])
      assert.deepEqual([...complete('lugsail', 'lightsail', 'create-')].sort(), [
        'create-bucket',
        'create-bucket-access-key',
      ])
      assert.deepEqual(complete('lugsail', 'lightsail', 'get-buckets'), ['get-buckets'])
      assert.ok(complete('lugsail', 'se').includes('serve'))
    })

    test('options of the command, and the global ones', () => {
      assert.deepEqual(complete('lugsail', 'delete-bucket', '--bucket'), ['--bucket-name'])
      assert.deepEqual(complete('lugsail', 'get-buckets', '--endpoint'), ['--endpoint-url'])
      assert.deepEqual(complete('lugsail', 'get-buckets', '--force'), [])
    })

    test('the values of options that have few', () => {
      assert.deepEqual([...complete('lugsail', 'get-buckets', '--output', '')].sort(), [
        'json',
        'table',
        'text',
      ])
      assert.deepEqual([...complete('lugsail', 'set-resource-access-for-bucket', '--access', '')].sort(), [
        'allow',
        'deny',
      ])
    })

    test('the shells that completion knows', () => {
      assert.deepEqual([...complete('lugsail', 'completion', '')].sort(), ['bash', 'fish', 'help', 'zsh'])
    })

    test("the server's commands, with what they take and nothing else", () => {
      assert.deepEqual([...complete('lugsail', 'account', 'r')], ['rotate', 'retire-key'])
      assert.deepEqual([...complete('lugsail', 'account', 'create', '--s')], ['--save'])
      assert.deepEqual([...complete('lugsail', 'store', 'show', '--output', '')].sort(), ['json', 'text'])
      assert.deepEqual([...complete('lugsail', 'serve', '--endpoint')], [])
      assert.ok(complete('lugsail', 'serve', '--l').includes('--listen'))
      assert.deepEqual([...complete('lugsail', 'serve', '--metrics', '')].sort(), [
        'everyone',
        'loopback',
        'off',
      ])
    })

    test('behind a word of a command, the options of that word alone', () => {
      assert.deepEqual([...complete('lugsail', 'store', 'verify', '--bo')], ['--bodies'])
      assert.deepEqual([...complete('lugsail', 'store', 'show', '--bo')], [])
      assert.deepEqual([...complete('lugsail', 'store', 'copy', '--da')], [])
      assert.deepEqual([...complete('lugsail', 'account', 'list', '--s')], [])
      assert.deepEqual([...complete('lugsail', 'store', 'sweep', '--servers', '')].sort(), [
        'running',
        'stopped',
      ])
    })

    test('the options of the commands on objects, and files rather than help', () => {
      assert.deepEqual(complete('lugsail', 'cp', '--rec'), ['--recursive'])
      assert.ok(complete('lugsail', 'ls', '--endpoint').includes('--endpoint-url'))
      assert.deepEqual(complete('lugsail', 'rm', '--content'), [])
      assert.ok(!complete('lugsail', 'cp', 'he').includes('help'))
    })

    test('commands behind help, and none behind those', () => {
      assert.deepEqual([...complete('lugsail', 'help', 'create-bucket-')], ['create-bucket-access-key'])
      assert.deepEqual([...complete('lugsail', 'help', 'stor')], ['store'])
      assert.deepEqual([...complete('lugsail', 'help', 'store', 'sh')], [])
    })
  })
}
