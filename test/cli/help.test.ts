import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { describe, test } from 'node:test'
import { objectCommands } from '../../src/cli/objects/commands.ts'
import { operationTexts } from '../../src/model/lightsail/documentation/index.ts'
import { lightsailOperations } from '../../src/model/lightsail/index.ts'
import { toKebabCase } from '../../src/model/operation.ts'
import type { Operation } from '../../src/model/operation.ts'
import type { Shape } from '../../src/model/shape.ts'
import { EXECUTABLE } from '../harness/executable.ts'
import { WRITE_OPTIONS } from '../../src/cli/key-files/write-options.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const ENVIRONMENT = {
  PATH: `${resolve(ROOT, 'bin')}:${process.env['PATH'] ?? ''}`,
  HOME: '/nonexistent',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'example',
  AWS_DEFAULT_REGION: 'us-east-1',
}

function helpOf(...words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(EXECUTABLE, words, { encoding: 'utf8', env: ENVIRONMENT })
  assert.deepEqual([status, stderr], [0, ''], words.join(' '))
  return stdout
}

/** The lines of a section, without its title. */
function section(help: string, title: string): string {
  const sections = help.split(/^(?=[A-Z][A-Z ]+$)/m)
  return sections.find((each) => each.startsWith(`${title}\n`)) ?? ''
}

function memberNames(shape: Shape): string[] {
  if (shape.type === 'list') return memberNames(shape.member)
  if (shape.type !== 'structure') return []
  return Object.entries(shape.members).flatMap(([name, member]) => [name, ...memberNames(member.shape)])
}

const operations: readonly Operation[] = Object.values(lightsailOperations)
const TITLES = [
  'NAME',
  'DESCRIPTION',
  'SYNOPSIS',
  'OPTIONS',
  'GLOBAL OPTIONS',
  'EXAMPLES',
  'OUTPUT',
  'ERRORS',
  'EXIT STATUS',
  'SEE ALSO',
]

describe('the help of an operation, as built', () => {
  for (const operation of operations) {
    const command = toKebabCase(operation.name)

    test(`${command}: every option and every member of the output comes with its text`, () => {
      const help = helpOf(command, 'help')
      assert.deepEqual(help.match(/^[A-Z][A-Z ]+$/gm), TITLES)
      const described = [...section(help, 'OPTIONS').matchAll(/^ {4}(--\S+).*\n {8}\S+ \S+/gm)].map(
        ([, name]) => name,
      )
      const ours = described.filter((name) => name?.startsWith('--write-'))
      assert.equal(ours.length, operation.takenBackBy === undefined ? 0 : WRITE_OPTIONS.length)
      assert.deepEqual(
        described
          .slice(0, -3 - ours.length)
          .filter((name) => name !== '--starting-token' && name !== '--max-items'),
        Object.keys(operation.input.members).map((name) => `--${toKebabCase(name)}`),
      )
      const output = section(help, 'OUTPUT')
      const told = [...output.matchAll(/^( +)(\w+) -> \(\w+\)\n\1 {4}\S+ \S+/gm)].map(([, , name]) => name)
      assert.deepEqual(told, memberNames(operation.output))
    })

    test(`${command}: the help fits 80 columns and is the same however it is asked for`, () => {
      const help = helpOf(command, 'help')
      assert.deepEqual(
        help.split('\n').filter((line) => line.length > 80),
        [],
      )
      assert.equal(helpOf('help', command), help)
      assert.equal(helpOf(command, '--help'), help)
    })

    test(`${command}: each example is a command that is understood`, () => {
      for (const { command: lines, title } of operationTexts[operation.name as keyof typeof operationTexts]
        .examples) {
        const typed = `lugsail ${lines.join('\n')} --generate-cli-skeleton output >/dev/null`
        const { status, stderr } = spawnSync('/bin/sh', ['-c', typed], {
          encoding: 'utf8',
          env: ENVIRONMENT,
        })
        assert.deepEqual([status, stderr], [0, ''], title)
        assert.ok(section(helpOf(command, 'help'), 'EXAMPLES').includes(lines[0] ?? ''))
      }
    })
  }

  test('tells what must be known of access keys', () => {
    const help = helpOf('create-bucket-access-key', 'help').replaceAll(/\s+/g, ' ')
    for (const text of [
      'A bucket has at most two keys',
      'The secret is returned once',
      '--bucket-name (string) [required]',
      'min: 3',
      'max: 54',
      'Possible values: - Active - Inactive',
      'N/A while it has never been used',
      'Possible values: - NotStarted - Started - Failed - Completed - Succeeded',
      'NotFoundException (HTTP 400)',
    ])
      assert.ok(help.includes(text), text)
    const related = section(helpOf('create-bucket-access-key', 'help'), 'SEE ALSO')
    assert.match(related, /^ {4}get-bucket-access-keys /m)
    assert.match(related, /^ {4}delete-bucket-access-key /m)
  })
})

describe('the help of the other commands', () => {
  for (const command of [
    'serve',
    'account',
    'resource',
    'store',
    'completion',
    'use',
    'env',
    'lightsail',
    ...Object.keys(objectCommands),
  ])
    test(`${command}: fits 80 columns and is the same however it is asked for`, () => {
      const help = helpOf(command, 'help')
      assert.ok(help.split('\n').length > 5)
      assert.deepEqual(
        help.split('\n').filter((line) => line.length > 80),
        [],
      )
      assert.equal(helpOf('help', command), help)
    })
})
