/** A program that is wrong: planted into the command, since none is known. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { CommandLab } from './run-lugsail.ts'

/** Loaded before the command: makes a function that it calls throw. */
const PLANTED = {
  'planted.cjs': "URL.canParse = () => { throw new TypeError('planted') }",
  'sending.cjs': "require('node:http').request = () => { throw new TypeError('planted') }",
  'later.cjs': "setImmediate(() => { throw new TypeError('planted') })",
}
const REPORT =
  /^\nlugsail: internal fault: TypeError: planted\nThis is a fault of lugsail, .*Please report it/

describe('a fault inside the command', () => {
  const lab = new CommandLab()
  before(() => lab.start())
  after(() => lab.stop())

  const run = (file: string, ...args: readonly string[]) =>
    lab.run({
      args: [...args, '--endpoint-url', '{ENDPOINT}'],
      files: PLANTED,
      env: { NODE_OPTIONS: `--require {DIR}/${file}` },
    })

  for (const [command, file] of [
    ['get-buckets', 'planted.cjs'],
    ['get-buckets', 'later.cjs'],
    ['ls', 'sending.cjs'],
    ['ls', 'later.cjs'],
  ] as const)
    it(`of ${command} is not the user's: 255, and where to report it (${file})`, async () => {
      const { exitCode, stdout, stderr } = await run(file, command)
      assert.match(stderr, REPORT)
      assert.doesNotMatch(stderr, /usage:|^ {4}at /m)
      assert.deepEqual([exitCode, stdout], [255, ''])
    })

  it('has its trace with --debug', async () => {
    const { exitCode, stderr } = await run('planted.cjs', 'get-buckets', '--debug')
    assert.match(stderr, /internal fault: TypeError: planted\n[\s\S]*\n {4}at /)
    assert.equal(exitCode, 255)
  })
})
