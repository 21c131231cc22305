import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, it } from 'node:test'
import { serverCommand, serverEnvironment } from '../harness/server-command.ts'

const PIPE_BYTES = 65_536
const folders: string[] = []
const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

interface Outputs {
  readonly workers?: number
  readonly format?: 'json' | 'text'
  readonly stderr: 'pipe' | number
}

/** A server on the memory engines whose log goes where the test says; its standard output is read until the address is known. */
async function serve({ workers = 1, format = 'json', stderr }: Outputs) {
  const folder = mkdtempSync(join(tmpdir(), 'lugsail-log-'))
  folders.push(folder)
  const engines =
    workers === 1 ? ['--metadata', 'memory:', '--blobs', 'memory:', '--data', folder] : ['--data', folder]
  const [program, ...before] = serverCommand()
  const options = ['--listen', '127.0.0.1:0', '--workers', String(workers), '--log-format', format]
  const child = spawn(program, [...before, 'serve', ...engines, ...options], {
    env: serverEnvironment(),
    stdio: ['ignore', 'pipe', stderr],
  })
  children.push(child)
  const ended = once(child, 'exit')
  let output = ''
  for await (const piece of child.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    output += String(piece)
    const endpoint = /on (http:\S+)/.exec(output)?.[1]
    if (endpoint !== undefined) return { child, endpoint, ended }
  }
  throw new Error(`the server did not start: ${output}`)
}

/** Requests whose log lines are 4 KiB long, so that a few fill a pipe. Each is refused, and answered. */
async function fillLog(endpoint: string, requests: number): Promise<void> {
  for (let request = 0; request < requests; request++) {
    const response = await fetch(`${endpoint}/bucket/${'k'.repeat(4_000)}`)
    assert.equal(response.status, 400)
    await response.arrayBuffer()
  }
}

async function droppedLines(endpoint: string): Promise<number> {
  const metrics = await (await fetch(`${endpoint}/-/metrics`)).text()
  return Number(/^lugsail_log_lines_dropped_total (\d+)$/m.exec(metrics)?.[1])
}

describe('a log that nobody reads', () => {
  for (const [format, workers] of [
    ['text', 1],
    ['json', 2],
  ] as const) {
    it(`does not hold up a server with ${workers} worker(s), in the form ${format}, nor its end`, async () => {
      const { child, endpoint, ended } = await serve({ format, workers, stderr: 'pipe' })
      child.stderr?.pause()
      await fillLog(endpoint, (4 * PIPE_BYTES) / 4_000)
      child.kill('SIGTERM')
      assert.deepEqual(await ended, [0, null])
    })
  }

  it('loses lines beyond 8 MiB, tells how many in the metrics, and again in the log when it is read', async () => {
    const { child, endpoint } = await serve({ stderr: 'pipe' })
    child.stderr?.pause()
    await fillLog(endpoint, 2_200)
    const dropped = await droppedLines(endpoint)
    assert.ok(dropped > 0, `${dropped} lines were dropped`)
    let log = ''
    child.stderr?.setEncoding('utf8')
    for await (const piece of child.stderr ?? []) {
      log += String(piece)
      if (log.includes('lines of this log were dropped')) break
    }
    const told = /"droppedLines":(\d+)/.exec(log)?.[1]
    assert.equal(Number(told), dropped)
  })
})

describe('outputs that are gone', () => {
  it('do not end the server: a log and a standard output whose reader left', async () => {
    const { child, endpoint } = await serve({ stderr: 'pipe' })
    child.stderr?.destroy()
    child.stdout?.destroy()
    await fillLog(endpoint, 8)
    assert.ok((await droppedLines(endpoint)) > 0)
  })

  it('do not end the server: a log on a full disk', async () => {
    const { endpoint } = await serve({ stderr: openSync('/dev/full', 'w') })
    await fillLog(endpoint, 8)
    assert.ok((await droppedLines(endpoint)) > 0)
  })

  it('do not end the server when the log is a file, which has every line in the end', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lugsail-log-'))
    folders.push(folder)
    const path = join(folder, 'log')
    const { child, endpoint, ended } = await serve({ stderr: openSync(path, 'a') })
    await fillLog(endpoint, 50)
    child.kill('SIGTERM')
    await ended
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
    assert.equal(lines.filter((line) => line.includes('"msg":"request"')).length, 50)
    for (const line of lines) JSON.parse(line)
  })
})
