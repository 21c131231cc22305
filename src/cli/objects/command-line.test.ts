import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { runInProcess } from '../../../test/cli/run-in-process.ts'
import { startServer, type TestServer } from '../../../test/harness/server-in-process.ts'
import { objectCommands, type ObjectCommandName } from './commands.ts'

const NAMES = Object.keys(objectCommands) as ObjectCommandName[]

describe('the help of a command on objects', () => {
  for (const name of NAMES)
    it(`${name}: has its words, options and examples, by any of the ways to ask for it`, async () => {
      const { words, options, summary, examples, omits = [] } = objectCommands[name]
      const texts: string[] = []
      for (const asked of ['help', '-h', '--help']) {
        const { stdout, stderr, exitCode } = await runInProcess([name, asked])
        assert.deepEqual([exitCode, stderr], [0, ''])
        texts.push(stdout)
      }
      assert.equal(new Set(texts).size, 1)
      const [text = ''] = texts
      const headings = text.match(/^\S.*$/gm)
      assert.deepEqual(
        headings,
        ['NAME', 'DESCRIPTION', 'SYNOPSIS', 'OPTIONS', 'GLOBAL OPTIONS', 'EXAMPLES', 'EXIT STATUS'].filter(
          (heading) => heading !== 'OPTIONS' || options.length > 0,
        ),
      )
      const oneLine = text.replaceAll(/\s+/g, ' ')
      assert.ok(oneLine.includes(`${name} - ${summary}`))
      assert.ok(oneLine.includes(`lugsail ${name} ${words.join(' ')} [OPTION...]`))
      for (const { name: option, placeholder, takes } of options) {
        // An option that a word follows shows what that is.
        assert.equal(placeholder === undefined, takes === 'flag', option)
        const shown = placeholder === undefined ? option : `${option} ${placeholder}`
        assert.ok(
          text.split('\n').some((line) => line === `    ${shown}` || line.startsWith(`    ${shown}  `)),
          shown,
        )
      }
      for (const [command] of examples) assert.ok(text.includes(`lugsail ${command}`), command)
      const globals = text.slice(text.indexOf('GLOBAL OPTIONS'), text.indexOf('EXAMPLES'))
      for (const option of [
        '--profile',
        '--region',
        '--endpoint-url',
        '--no-sign-request',
        '--ca-bundle',
        '--debug',
      ])
        assert.equal(globals.includes(`\n    ${option} `), !omits.includes(option), option)
      assert.match(text, /^ {4}0 +\S/m)
    })
})

describe('a command on objects', () => {
  let server: TestServer
  before(async () => {
    server = await startServer({ seed: { buckets: { photos: { objects: { 'a/b.txt': 'text' } } } } })
  })
  after(() => server.close())
  const run = (line: string) => runInProcess(line.split(' '), { ...server.environment, HOME: '/none' })

  it('says of what it was told, with and without s3://, that it does not exist', async () => {
    for (const [line, says] of [
      ['ls none', 'the bucket none does not exist'],
      ['ls s3://none/x', 'the bucket none does not exist'],
      ['cat photos/none', 's3://photos/none does not exist; "lugsail ls s3://photos/" shows what does'],
      ['cat s3://photos/none', 's3://photos/none does not exist'],
    ] as const) {
      const { exitCode, stdout, stderr } = await run(line)
      assert.deepEqual([exitCode, stdout], [1, ''], line)
      assert.ok(stderr.startsWith(`lugsail ${line.split(' ')[0]}: ${says}`), stderr)
      assert.equal(stderr.trim().split('\n').length, 1)
    }
  })

  it('says with --debug where it failed', async () => {
    const { exitCode, stderr } = await run('cat photos/none --debug')
    assert.equal(exitCode, 1)
    assert.match(stderr, /\n +at /)
  })

  it('writes JSON where --json or --output asks for it, and nothing else is an output', async () => {
    const [json, output] = [
      await run('ls photos --recursive --json'),
      await run('ls photos --recursive --output json'),
    ]
    assert.equal(json.exitCode, 0)
    assert.equal(json.stdout, output.stdout)
    const { objects } = JSON.parse(json.stdout) as { objects: { key: string }[] }
    assert.deepEqual(
      objects.map(({ key }) => key),
      ['a/b.txt'],
    )
    assert.match((await run('ls photos --recursive --output text')).stdout, / {10}4 a\/b\.txt\n$/)
    assert.deepEqual(await run('ls photos --output yaml'), {
      exitCode: 2,
      stdout: '',
      stderr: 'lugsail ls: --output: expected json or text, got yaml; see lugsail ls help\n',
    })
  })

  it('takes as many words as it has, and what stands behind -- for words', async () => {
    for (const [line, says] of [
      ['rm', 'expected s3://BUCKET/KEY'],
      ['cp', 'expected SOURCE and TARGET'],
      ['cp a', 'expected TARGET'],
      ['ls a b', 'one word too many: b'],
      ['rm s3://photos/x --quick', 'unknown option --quick'],
      ['rm -x', 'unknown option -x'],
      ['ls --query x', 'unknown option --query'],
      ['rm -- --a --b', 'one word too many: --b'],
      ['rm -- --a', 'expected s3://BUCKET/KEY, got --a'],
    ] as const) {
      const name = line.split(' ')[0] ?? ''
      assert.deepEqual(await run(line), {
        exitCode: 2,
        stdout: '',
        stderr: `lugsail ${name}: ${says}; see lugsail ${name} help\n`,
      })
    }
  })

  it('lists all buckets where none is named', async () => {
    assert.match((await run('ls')).stdout, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d photos\n$/)
    assert.equal((await run('cp s3://photos/a/b.txt s3://photos/c --quiet')).stdout, '')
    assert.match((await run('rm s3://photos/c')).stdout, /^delete: s3:\/\/photos\/c\n$/)
  })
})
