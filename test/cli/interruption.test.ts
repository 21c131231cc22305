import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, test } from 'node:test'
import { EXECUTABLE } from '../harness/executable.ts'

const env = {
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'example',
  AWS_DEFAULT_REGION: 'us-east-1',
}

describe('a command that is cut short', () => {
  test('by Ctrl-C while it waits for a response ends with exit code 130 and a new line', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const command = spawn(EXECUTABLE, ['get-buckets', '--endpoint-url', `http://127.0.0.1:${port}`], { env })
    let output = ''
    for (const stream of [command.stdout, command.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    const ended = once(command, 'close').then(([code]) =>
      assert.fail(`it ended with ${String(code)} before it asked: ${output}`),
    )
    await Promise.race([once(server, 'request'), ended])
    command.kill('SIGINT')
    const [code] = (await once(command, 'close')) as [number | null]
    server.closeAllConnections()
    server.close()
    assert.equal(code, 130)
    assert.equal(output, '\n')
  })

  test('by a reader that has seen enough ends quietly', () => {
    const { status, stdout, stderr } = spawnSync(
      'bash',
      ['-c', `set -o pipefail; "$0" completion bash | head -n 1`, EXECUTABLE],
      { env, encoding: 'utf8' },
    )
    assert.equal(stderr, '')
    assert.equal(status, 0)
    assert.equal(stdout.split('\n').length, 2)
  })

  test('by a reader that is gone before it writes ends quietly', () => {
    const { status, stderr } = spawnSync(
      'bash',
      ['-c', `set -o pipefail; { sleep 0.2; "$0" help; } | true`, EXECUTABLE],
      { env, encoding: 'utf8' },
    )
    assert.equal(stderr, '')
    assert.equal(status, 0)
  })

  test('writes all of its output to a slow reader', () => {
    const { stdout } = spawnSync(
      'bash',
      ['-c', `"$0" completion zsh | { read -r line; sleep 0.2; echo "$line"; cat; } | wc -c`, EXECUTABLE],
      { env, encoding: 'utf8' },
    )
    const whole = spawnSync(EXECUTABLE, ['completion', 'zsh'], { env, encoding: 'utf8' }).stdout
    assert.equal(Number(stdout), Buffer.byteLength(whole))
  })
})
