/** The image of deploy/Dockerfile, run by a container engine: who it is there, what it may write, and how it ends. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { after, describe, it } from 'node:test'
import { ENGINE, IMAGE, WITHOUT } from './container-engine.ts'

const [program = '', ...before] = ENGINE
const name = `lugsail-test-${randomBytes(4).toString('hex')}`

function engine(...args: readonly string[]): { readonly status: number | null; readonly text: string } {
  const { status, stdout, stderr } = spawnSync(program, [...before, ...args], { encoding: 'utf8' })
  return { status, text: stdout + stderr }
}

/** Nothing but the volume and /tmp may be written, by somebody who is not root and has no privilege. */
const CLOSED = [
  ...['--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
  // Whose limits an engine may not raise keeps them.
  ...(process.env['LUGSAIL_TEST_ENGINE_OPTIONS']?.split(' ') ?? []),
]

after(() => {
  if (IMAGE === undefined) return
  engine('rm', '--force', name)
  engine('volume', 'rm', name)
})

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((settle) => setTimeout(settle, 200))
}

describe('the image', { skip: IMAGE === undefined && WITHOUT }, () => {
  it('serves with a read-only root, as nobody of rank, and ends with SIGTERM', async () => {
    const port = String(20_000 + Math.floor(Math.random() * 10_000))
    const started = engine(
      ...['run', '--detach', '--name', name, '--network', 'host', '--volume', `${name}:/var/lib/lugsail`],
      ...CLOSED,
      ...['--env', `LUGSAIL_LISTEN=127.0.0.1:${port}`, IMAGE ?? ''],
    )
    assert.equal(started.status, 0, started.text)
    await until(() => engine('logs', name).text.includes('Lugsail serves'))
    assert.match(engine('exec', name, 'id').text, /^uid=1000/)
    assert.notEqual(engine('exec', name, 'touch', '/opt/lugsail/x').status, 0)
    assert.match(engine('exec', name, 'ls', '/var/lib/lugsail/lugsail-data').text, /^store$/m)
    assert.equal((await fetch(`http://127.0.0.1:${port}/-/ready`)).status, 200)
    assert.equal(engine('stop', '--time', '20', name).status, 0)
    assert.match(engine('inspect', name, '--format', '{{.State.ExitCode}}').text, /^0$/m)
  })

  it('tells the engine how to see whether it is well', () => {
    assert.match(engine('image', 'inspect', IMAGE ?? '').text, /"Healthcheck": \{[^}]*\/-\/ready/i)
  })

  it('serves tests from memory', async () => {
    engine('rm', '--force', name)
    const started = engine(
      ...['run', '--detach', '--name', name, '--network', 'host', ...CLOSED],
      ...[IMAGE ?? '', 'serve', '--ephemeral', '--listen', '127.0.0.1:0'],
    )
    assert.equal(started.status, 0, started.text)
    await until(() => engine('logs', name).text.includes('{"endpoint":"http://127.0.0.1:'))
  })

  it('has no maps of its sources, and nothing that only builds', () => {
    const list = (...command: readonly string[]): string => {
      const [first = '', ...args] = command
      const { status, text } = engine('run', '--rm', ...CLOSED, '--entrypoint', first, IMAGE ?? '', ...args)
      assert.equal(status, 0, text)
      return text
    }
    // Of the packages some have theirs.
    assert.doesNotMatch(list('find', '/opt/lugsail/dist', '-type', 'f'), /\.map$/m)
    const packages = list('ls', '/opt/lugsail/node_modules').split(/\s+/)
    assert.ok(packages.includes('lmdb') && !packages.includes('esbuild'), packages.join(' '))
  })
})
