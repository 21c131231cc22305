import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runInProcess } from '../../../test/cli/run-in-process.ts'
import { handWrittenCommands } from '../commands/index.ts'
import { GLOBAL_OPTIONS } from '../grammar/global-options.ts'
import { bashScript } from './bash.ts'
import { fishScript } from './fish.ts'
import { ownCommands, ownPlaces } from './own-commands.ts'
import type { OwnCommands } from './own-commands.ts'
import { completionWords } from './words.ts'
import type { CompletionWords } from './words.ts'
import { zshScript } from './zsh.ts'

/** The options that a command's help names, but those of all commands, and of examples with other programs. */
async function optionsInHelp(...words: readonly string[]): Promise<readonly string[]> {
  const { stdout, exitCode } = await runInProcess([...words, 'help'])
  assert.equal(exitCode, 0)
  const text = stdout.replace(/^.*(?:--write-\w+|--gen-\w+).*$/gm, '')
  return [...new Set(text.match(/(?<![\w-])--[a-z][a-z0-9-]*/g) ?? [])].sort()
}

describe('what can be completed behind the name of a command', () => {
  for (const command of ['use', 'env', 'doctor', 'cosi', 'ls', 'cp', 'mv', 'rm', 'cat', 'presign', 'revoke'])
    it(`${command}: the options that its help names, and no others`, async () => {
      assert.deepEqual(Object.keys(ownCommands[command]?.options ?? {}).sort(), await optionsInHelp(command))
    })

  it('credentials: the options that its help names, and no others', async () => {
    const { stdout } = await runInProcess(['credentials', 'help'])
    const named = [...stdout.matchAll(/^ {2}(--[a-z-]+) /gm)].map(([, option]) => option).sort()
    assert.deepEqual(Object.keys(ownCommands['credentials']?.options ?? {}).sort(), named)
  })

  it('import s3: the options that its help names, and no others', async () => {
    const { stdout } = await runInProcess(['import', 'help'])
    const named = [...stdout.matchAll(/^ {4}(--[a-z0-9-]+)/gm)].map(([, option]) => option)
    assert.deepEqual(Object.keys(ownCommands['import']?.words['s3'] ?? {}).sort(), [...new Set(named)].sort())
  })

  it('key and role: their words, with the options of the operations that these stand for', async () => {
    for (const [command, word, operation, ...spans] of [
      ['key', 'create', 'create-access-key', '--expires-in'],
      ['key', 'update', 'update-access-key', '--expires-in'],
      ['key', 'import', 'import-access-key', '--expires-in'],
      ['key', 'rotate', 'rotate-access-key', '--retire-in', '--retire-when-idle'],
      ['key', 'list', 'get-access-keys'],
      ['key', 'delete', 'delete-access-key'],
      ['role', 'create', 'create-role', '--expires-in'],
      ['role', 'update', 'update-role', '--expires-in'],
      ['role', 'list', 'get-roles'],
      ['role', 'delete', 'delete-role'],
    ] as const) {
      const { stdout } = await runInProcess([operation, 'help'])
      const offered = Object.keys(ownCommands[command]?.words[word] ?? {})
      for (const option of spans) assert.ok(offered.includes(option), `${command} ${word} ${option}`)
      for (const option of ['--expires-in', '--retire-in', '--retire-when-idle'])
        assert.equal(offered.includes(option), spans.includes(option as never), `${word} ${option}`)
      const own = offered.filter(
        (option) => !spans.includes(option as never) && !GLOBAL_OPTIONS.some(({ name }) => name === option),
      )
      if (word === 'create' || word === 'update') assert.notEqual(own.length, 0)
      for (const option of own) assert.ok(stdout.includes(option), `${operation} ${option}`)
      assert.ok(offered.includes('--output'))
      // What is typed as a word is not offered as an option.
      const takesName = stdout.includes('--name <value>') && word !== 'list' && word !== 'import'
      if (takesName) assert.equal(offered.includes('--name'), false, `${command} ${word}`)
    }
  })

  it('the shells, for which a script can be had, and for whose lines env is asked', async () => {
    for (const shell of Object.keys(ownCommands['completion']?.words ?? {}))
      assert.equal((await runInProcess(['completion', shell])).exitCode, 0)
    const refused = await runInProcess(['completion', 'tcsh'])
    assert.deepEqual(
      [refused.exitCode, /expected one of (.*), got tcsh/.exec(refused.stderr)?.[1]],
      [2, Object.keys(ownCommands['completion']?.words ?? {}).join(', ')],
    )
    for (const words of [[], ['bash', 'zsh']])
      assert.equal((await runInProcess(['completion', ...words])).exitCode, 2)
    const env = await runInProcess(['env', '--shell', 'tcsh'])
    assert.match(env.stderr, new RegExp(`one of ${ownCommands['env']?.options['--shell']?.join(', ')}, got`))
  })

  it('every command that follows from no operation has its place, and no other', () => {
    const places = Object.keys(ownCommands)
    assert.deepEqual(
      Object.keys(handWrittenCommands).filter((name) => !places.includes(name)),
      [],
    )
    assert.deepEqual(
      places.filter((name) => !Object.hasOwn(handWrittenCommands, name)),
      ['serve', 'account', 'resource', 'store'],
    )
    for (const [index, { command, word }] of ownPlaces(ownCommands).entries())
      if (word !== undefined)
        assert.ok(
          ownPlaces(ownCommands).findIndex((each) => each.command === command && each.word === undefined) >
            index,
        )
  })
})

describe('the words of completion', () => {
  const words = completionWords(handWrittenCommands)
  const operation = (name: string) => words.operations.find((each) => each.name === name)
  const values = (name: string, option: string) =>
    operation(name)?.options.find((each) => each.name === option)?.values

  it('are the operations by their names, each with its options and their values', () => {
    const names = words.operations.map(({ name }) => name)
    assert.deepEqual(names, names.toSorted())
    assert.deepEqual(
      [operation('create-bucket')?.isLightsail, operation('create-access-key')?.isLightsail],
      [true, false],
    )
    assert.deepEqual(values('set-resource-access-for-bucket', '--access'), ['allow', 'deny'])
    assert.deepEqual(values('get-bucket-metric-data', '--statistics')?.includes('Average'), true)
    assert.deepEqual(values('create-bucket', '--bucket-name'), [])
    assert.deepEqual(values('get-buckets', '--generate-cli-skeleton')?.includes('output'), true)
    assert.deepEqual(values('get-buckets', '--cli-input-json'), [])
    assert.deepEqual(
      [values('get-operations', '--max-items'), values('get-operations', '--starting-token')],
      [[], []],
    )
    assert.equal(values('create-bucket', '--max-items'), undefined)
    assert.ok(operation('create-access-key')?.options.some(({ name }) => name.startsWith('--write-')))
    assert.match(operation('delete-bucket')?.summary ?? '', /^[^.]+$/)
  })

  it('are the other commands with their summaries, and the options of all', () => {
    const others = new Map(words.otherCommands.map(({ name, summary }) => [name, summary]))
    for (const name of ['serve', 'cp', 'lightsail', 'help']) assert.notEqual(others.get(name) ?? '', '')
    const global = (name: string) => words.globalOptions.find((each) => each.name === name)?.values
    assert.ok(global('--region')?.includes('us-east-1'))
    assert.ok(global('--output')?.includes('json'))
    assert.deepEqual(global('--profile'), [])
  })
})

describe('a script', () => {
  const words: CompletionWords = {
    operations: [
      {
        name: 'get-thing',
        summary: "Shows a thing's parts",
        isLightsail: true,
        options: [
          { name: '--depth', values: ['one', 'all'] },
          { name: '--thing-name', values: [] },
        ],
      },
      { name: 'make-thing', summary: 'Makes a\\b', isLightsail: false, options: [] },
    ],
    otherCommands: [
      { name: 'lightsail', summary: 'All of them', options: [] },
      { name: 'fetch', summary: 'Fetches', options: [] },
    ],
    globalOptions: [
      { name: '--colour', values: ['on', 'off'] },
      { name: '--debug', values: [] },
    ],
  }
  /** Made up, so that no option of a real command is pinned here. */
  const own: OwnCommands = {
    show: { words: {}, options: { '--as': ['tree', 'list'], '--where': [] } },
    shelf: { words: { sort: { '--order': ['up', 'down'], '--where': [] }, fold: {} }, options: {} },
    sound: { words: { loud: {}, soft: {} }, options: {} },
    fetch: { words: {}, options: { '--deep': [] }, takesFiles: true },
    carry: { words: {}, options: {}, takesFiles: true },
  }
  const has = (script: string, ...lines: readonly string[]): void => {
    const all = script.split('\n').map((line) => line.trim())
    for (const line of lines) assert.ok(all.includes(line), `${line}\n\n${script}`)
  }

  it('for bash offers words by what stands before them', () => {
    const script = bashScript(words, own)
    has(
      script,
      'get-thing | make-thing)',
      'show | shelf | sound | fetch | carry)',
      '((COMP_CWORD == 2)) && COMPREPLY=($(compgen -W "get-thing make-thing lightsail fetch" -- "$current"))',
      '--colour) words="on off" ;;',
      '--depth) words="one all" ;;',
      'words="--colour --debug"',
      'get-thing) words="$words --depth --thing-name" ;;',
      'make-thing) words="$words " ;;',
      'words="get-thing help"',
      '((COMP_CWORD == 1)) && words="get-thing make-thing lightsail fetch" || words="get-thing make-thing fetch carry lightsail"',
      'show:*:--as) words="tree list" ;;',
      'shelf:sort:--order) words="up down" ;;',
      'show:*:-*) words="--as --where" ;;',
      'shelf:sort:-*) words="--order --where" ;;',
      'fetch:*:-*) words="--deep" ;;',
      'sound::*) words="loud soft help" ;;',
      'shelf::*) words="sort fold help" ;;',
      'complete -o default -F _lugsail lugsail',
    )
    assert.doesNotMatch(script, /--thing-name\) words|--debug\) words|^ *fetch::\*/m)
  })

  it('for zsh offers words with what they mean', () => {
    const script = zshScript(words, own)
    has(
      script,
      `'get-thing:Shows a thing'\\''s parts'`,
      "'make-thing:Makes a\\b'",
      "'fetch:Fetches'",
      'get-thing|make-thing) command=$word; break ;;',
      "--colour) compadd -- 'on' 'off'; return ;;",
      "--depth) compadd -- 'one' 'all'; return ;;",
      'options=(--colour --debug)',
      'get-thing) options+=(--depth --thing-name) ;;',
      'show:*:--as) compadd -- tree list; return ;;',
      'show:*:-*) compadd -- --as --where; return ;;',
      'sound:loud:-*) return ;;',
      'sound::*) compadd -- loud soft help; return ;;',
      'sound:*) _files; return ;;',
      'fetch:*) _files; return ;;',
    )
    assert.doesNotMatch(script, /^ *fetch::\*|--debug\) compadd|--thing-name\) compadd/m)
    // Of Lightsail's API first, and the others behind them.
    const [lightsail = '', operations = ''] = script.split(' operations=(')
    assert.ok(lightsail.includes("'get-thing:") && !lightsail.includes("'make-thing:"))
    assert.ok(operations.includes("'make-thing:") && !operations.includes("'get-thing:"))
  })

  it('for fish offers words with what they mean, on conditions', () => {
    const script = fishScript(words, own)
    has(
      script,
      'set -l operations get-thing make-thing',
      'set -l others fetch',
      `complete -c lugsail -n "__fish_seen_subcommand_from help; and test (count (commandline -opc)) -eq 2" -f -a 'get-thing make-thing fetch lightsail'`,
      `complete -c lugsail -n "not __fish_seen_subcommand_from $operations $others" -f -a get-thing -d 'Shows a thing\\'s parts'`,
      `complete -c lugsail -n "not __fish_seen_subcommand_from lightsail $operations $others" -f -a make-thing -d 'Makes a\\\\b'`,
      `complete -c lugsail -n "not __fish_seen_subcommand_from lightsail $operations $others" -f -a fetch -d 'Fetches'`,
      `complete -c lugsail -n "__fish_seen_subcommand_from sound; and test (count (commandline -opc)) -eq 2" -f -a 'loud soft help'`,
      `complete -c lugsail -n "__fish_seen_subcommand_from show" -l as -x -a 'tree list'`,
      'complete -c lugsail -n "__fish_seen_subcommand_from show" -l where',
      `complete -c lugsail -n "__fish_seen_subcommand_from shelf; and __fish_seen_subcommand_from sort" -l order -x -a 'up down'`,
      `complete -c lugsail -n "not __fish_seen_subcommand_from $others" -l colour -x -a 'on off'`,
      'complete -c lugsail -n "not __fish_seen_subcommand_from $others" -l debug',
      `complete -c lugsail -n "__fish_seen_subcommand_from get-thing" -l depth -x -a 'one all'`,
      'complete -c lugsail -n "__fish_seen_subcommand_from get-thing" -l thing-name',
    )
    assert.doesNotMatch(script, /from fetch; and test/)
  })
})
