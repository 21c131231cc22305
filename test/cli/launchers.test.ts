import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { SERVER_COMMANDS } from '../../src/cli/commands/server-commands.ts'
import { EXECUTABLE } from '../harness/executable.ts'

/** The executable that npm links. */
const OF_NPM = join(dirname(EXECUTABLE), 'lugsail.cjs')

const run = (program: string, args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  return { status, stdout, stderr }
}

describe('the executable that npm links', () => {
  for (const args of [
    ['--version'],
    ['help'],
    ['serve', 'help'],
    ['help', 'store'],
    ['store', 'no-such-command'],
    ['create-bucket-access-key', '--generate-cli-skeleton'],
    ['create-bucket-access-key', '--bucket-name'],
    ['no-such-command'],
    [],
  ])
    it(`does what bin/lugsail does: lugsail ${args.join(' ')}`, () => {
      assert.deepEqual(run(OF_NPM, args), run(EXECUTABLE, args))
    })

  it('gives the server the commands that bin/lugsail gives it', () => {
    const commands = Object.keys(SERVER_COMMANDS)
    const [, ofNpm = ''] = /SERVER_COMMANDS = \[(.*)\]/.exec(readFileSync(OF_NPM, 'utf8')) ?? []
    assert.deepEqual(
      ofNpm.split(', ').map((text) => text.replaceAll("'", '')),
      commands,
    )
    const [, ofShell = ''] = /^ {2}(serve .*)\)$/m.exec(readFileSync(EXECUTABLE, 'utf8')) ?? []
    assert.deepEqual(ofShell.split(' | '), commands)
  })

  it('is the process that a signal ends', async () => {
    // Without what the server would take for a setting.
    const env = { PATH: process.env['PATH'] }
    const server = spawn(OF_NPM, ['serve', '--ephemeral'], { env, stdio: ['pipe', 'pipe', 'inherit'] })
    const said = JSON.parse(
      await new Promise<string>((resolve) => server.stdout.once('data', (line) => resolve(String(line)))),
    ) as { readonly pid: number }
    assert.equal(said.pid, server.pid)
    server.kill('SIGTERM')
    assert.equal(await new Promise((resolve) => server.once('close', resolve)), 0)
  })
})
