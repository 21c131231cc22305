import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { startServer, type RunningServer } from '../harness/server.ts'
import { EXECUTABLE } from '../harness/executable.ts'

describe('a secret that is shown once', () => {
  let server: RunningServer
  before(async () => {
    server = await startServer()
  })
  after(() => server.stop())

  /** Runs a line of the shell in which `lugsail` is the program. */
  const sh = (line: string, environment: Readonly<Record<string, string>> = {}) =>
    spawnSync('/bin/sh', ['-c', line.replaceAll(/\blugsail (?=[a-z])/g, `${EXECUTABLE} `)], {
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: server.dataFolder,
        AWS_ACCESS_KEY_ID: server.credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: server.credentials.secretAccessKey,
        AWS_DEFAULT_REGION: server.region,
        AWS_ENDPOINT_URL: server.endpoint,
        ...environment,
      },
    })
  const keysOf = (bucketName: string): number =>
    Number(
      sh(`lugsail get-bucket-access-keys --bucket-name ${bucketName} --query 'length(accessKeys)'`).stdout,
    )
  const makeBucket = (name: string): string => {
    assert.equal(sh(`lugsail create-bucket --bucket-name ${name} --bundle-id small_1_0`).status, 0)
    return `lugsail create-bucket-access-key --bucket-name ${name}`
  }

  it('is not made where the response could not be shown by these settings', () => {
    const create = makeBucket('settings')
    for (const [options, environment, message] of [
      ['', { AWS_DEFAULT_OUTPUT: 'xml' }, /Unknown output type: xml/],
      ['', { AWS_DEFAULT_OUTPUT: 'off' }, /"off" would show nothing/],
      ["--query 'join(`1`, accessKey)'", {}, /invalid type/],
      ["--output text --query '[accessKey, operations]'", {}, /object has no attribute 'items'/],
    ] as const) {
      const { status, stderr, stdout } = sh(`${create} ${options}`, environment)
      assert.deepEqual([status, stdout], [255, ''], stderr)
      assert.match(stderr, message)
    }
    assert.equal(keysOf('settings'), 0)
  })

  it('is shown in the forms of version 2', () => {
    const create = makeBucket('forms')
    const { stdout } = sh(create, { AWS_DEFAULT_OUTPUT: 'yaml' })
    assert.match(stdout, /^accessKey:\n {2}accessKeyId: AKIA\w+\n[^]* {2}secretAccessKey: /)
  })

  it('is taken back when it cannot be written: a full disk, a reader that is gone, a closed output', () => {
    const create = makeBucket('writing')
    for (const [line, reason] of [
      [`${create} > /dev/full`, /ENOSPC/],
      [`${create} >&-`, /EBADF/],
      // The reader has ended before the command is started.
      [`{ sleep 0.3; ${create}; } | true`, /EPIPE/],
    ] as const) {
      const { stderr } = sh(line)
      assert.match(stderr, reason)
      assert.match(stderr, /could not be written: .*\. What was made has been deleted again\./)
    }
    assert.equal(keysOf('writing'), 0)
  })

  it('of an account or a resource is not made when the form of the output is unknown', () => {
    const data = `--data ${server.dataFolder}`
    const credentials = (): string => readFileSync(join(server.dataFolder, 'credentials'), 'utf8')
    const before = credentials()
    for (const line of [
      'account create other',
      'account rotate default',
      'resource add web-1',
      'store show',
    ]) {
      const { status, stderr } = sh(`lugsail ${line} --output yaml ${data}`)
      assert.deepEqual(
        [status, stderr.includes('--output: expected text or json, got "yaml"')],
        [2, true],
        line,
      )
    }
    assert.equal(credentials(), before)
    assert.doesNotMatch(sh(`lugsail account list ${data}`).stdout, /other/)
    assert.equal(keysOf('settings'), 0, 'the root key still works')
  })

  it('of an account or a resource is undone when it cannot be written', () => {
    const data = `--data ${server.dataFolder}`
    for (const [line, consequence] of [
      ['account create other', 'so the account other has been deleted again'],
      ['account rotate default', 'so the old key pair stays'],
      ['resource add web-1 --output json', 'so the resource web-1 has been forgotten again'],
    ] as const) {
      const { status, stderr } = sh(`lugsail ${line} ${data} > /dev/full`)
      assert.equal(status, 1, stderr)
      assert.match(stderr, /the secret could not be written \(ENOSPC/)
      assert.ok(stderr.includes(consequence), stderr)
    }
    assert.doesNotMatch(sh(`lugsail account list ${data}`).stdout, /other/)
    assert.doesNotMatch(sh(`lugsail resource list ${data}`).stdout, /web-1/)
    assert.equal(keysOf('settings'), 0, 'the root key still works')
  })
})
