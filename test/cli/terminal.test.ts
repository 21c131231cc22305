import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { ACCESS_KEY_ID, CommandLab, SECRET_ACCESS_KEY } from './run-lugsail.ts'
import { StubEndpoint } from './stub-endpoint.ts'
import type { StubResponse } from './stub-endpoint.ts'
import { EXECUTABLE } from '../harness/executable.ts'

/** Runs a command with a pseudo-terminal as its three streams; prints what the terminal was given, and ends with its exit code. */
const ON_TERMINAL = `
import os, pty, sys
status = pty.spawn(sys.argv[1:])
sys.exit(os.waitstatus_to_exitcode(status))
`
const hasPty = spawnSync('python3', ['-c', 'import pty, os; os.waitstatus_to_exitcode']).status === 0

/** A title, colours, a carriage return over the line, C1's own beginning of a sequence, and text turned round. */
const HOSTILE = '\x1b]0;title\x07\x1b[31mred\rover\x7f\x9b1m\u202eback'
const SHOWN = String.raw`\u001b]0;title\u0007\u001b[31mred\u000dover\u007f\u009b1m\u202eback`
/** What of it a terminal acts on. */
const ACTED_ON = /\x1b\]|\x1b\[31m|\rover|\x07|\x7f|\x9b|\u202e/

const buckets: StubResponse = {
  body: JSON.stringify({ buckets: [{ name: HOSTILE, bundleId: 'small_1_0' }] }),
}
const refusal: StubResponse = {
  status: 400,
  body: JSON.stringify({ __type: `Bad${HOSTILE}`, message: `No: ${HOSTILE}` }),
}

const stub = new StubEndpoint({ [ACCESS_KEY_ID]: SECRET_ACCESS_KEY })
const lab = new CommandLab()
let url = ''
let home = ''

before(async () => {
  home = mkdtempSync(join(tmpdir(), 'lugsail-terminal-'))
  url = await stub.start()
  await lab.start()
})
after(async () => {
  rmSync(home, { recursive: true })
  await stub.stop()
  await lab.stop()
})

interface Shown {
  readonly exitCode: number | null
  readonly text: string
}

function onTerminal(response: StubResponse, ...args: readonly string[]): Promise<Shown> {
  stub.expect([response])
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    LANG: 'C.UTF-8',
    AWS_ACCESS_KEY_ID: ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY: SECRET_ACCESS_KEY,
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  }
  return new Promise((resolvePromise, reject) => {
    const words = ['-c', ON_TERMINAL, EXECUTABLE, '--endpoint-url', url, ...args]
    const child = spawn('python3', words, { env, stdio: ['pipe', 'pipe', 'inherit'] })
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (piece: string) => (text += piece))
    child.on('error', reject)
    child.on('close', (exitCode) => resolvePromise({ exitCode, text }))
  })
}

const isSkipped = hasPty ? false : 'python3 with its module pty is needed, for a terminal to print on'

describe('what a server answers, on a terminal', { skip: isSkipped }, () => {
  for (const format of ['text', 'yaml', 'yaml-stream'])
    it(`is shown without being acted on as ${format}`, async () => {
      const { exitCode, text } = await onTerminal(buckets, 'get-buckets', '--output', format)
      assert.equal(exitCode, 0, text)
      assert.match(text, /red\\u000dover|red\\rover/)
      assert.doesNotMatch(text, ACTED_ON)
    })

  it('is JSON of the same value as JSON', async () => {
    const { text } = await onTerminal(buckets, 'get-buckets')
    assert.doesNotMatch(text, ACTED_ON)
    assert.deepEqual(JSON.parse(text), { buckets: [{ name: HOSTILE, bundleId: 'small_1_0' }] })
  })

  for (const color of ['on', 'off'])
    it(`keeps a table straight with colours ${color}, which are the only sequences in it`, async () => {
      const options = ['--output', 'table', '--color', color]
      const { text } = await onTerminal(buckets, 'get-buckets', ...options)
      assert.ok(text.includes(SHOWN), text)
      assert.doesNotMatch(text, ACTED_ON)
      assert.equal(text.includes('\x1b[34m'), color === 'on')
      const lines = text
        .replace(/\x1b\[\d+m/g, '')
        .trim()
        .split('\r\n')
      assert.equal(new Set(lines.map((line) => line.length)).size, 1, text)
    })

  it('is shown without being acted on where a query picks it', async () => {
    const query = ['--query', 'buckets[].name', '--output', 'text']
    const { text } = await onTerminal(buckets, 'get-buckets', ...query)
    assert.equal(text, `${SHOWN}\r\n`)
  })

  it('is shown without being acted on as far as the format gets', async () => {
    const query = ['--query', '[[buckets[0].name], [buckets[0], `1`]]', '--output', 'text']
    const { exitCode, text } = await onTerminal(buckets, 'get-buckets', ...query)
    assert.equal(exitCode, 255, text)
    assert.ok(text.startsWith(SHOWN), text)
    assert.doesNotMatch(text, ACTED_ON)
  })

  it('is shown without being acted on when it is an error, and with --debug', async () => {
    for (const more of [[], ['--debug']]) {
      const { exitCode, text } = await onTerminal(refusal, 'get-buckets', ...more)
      assert.equal(exitCode, 255, text)
      assert.ok(text.includes(`No: ${SHOWN}`), text)
      assert.doesNotMatch(text, ACTED_ON)
    }
  })
})

describe('what a server answers, on a pipe', () => {
  const options = ['--endpoint-url', '{ENDPOINT}', 'get-buckets']

  it('is given byte for byte, as the reference gives it', async () => {
    for (const format of ['text', 'table']) {
      const { stdout } = await lab.run({ args: [...options, '--output', format], responses: [buckets] })
      assert.ok(stdout.includes(HOSTILE), format)
    }
    const { stderr } = await lab.run({ args: options, responses: [refusal] })
    assert.ok(stderr.includes(`No: ${HOSTILE}`), stderr)
  })
})
