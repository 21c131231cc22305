/** Keys that cannot be written after all, once the server has made them: against a real server, through a proxy that makes the writing fail. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, it } from 'node:test'
import { EXECUTABLE } from '../harness/executable.ts'
import { startServer, type RunningServer } from '../harness/server.ts'

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

describe('a key that cannot be written once it is made', () => {
  let server: RunningServer
  let proxy: Server
  let endpoint = ''
  let home = ''
  /** Programs that stand for others of their names. */
  const programs = mkdtempSync(join(tmpdir(), 'lugsail-programs-'))
  /** What the proxy does before it hands on the response to this operation. */
  let sabotage: { readonly operation: string; readonly act: () => void } | null = null
  /** Whether the proxy breaks connections once it has acted. */
  let goesAway = false
  let isAway = false

  before(async () => {
    server = await startServer({ isBuilt: true })
    const { hostname, port } = new URL(server.endpoint)
    proxy = createServer((incoming, outgoing) => {
      if (isAway) return void incoming.socket.destroy()
      const { method, url: path, headers } = incoming
      const forwarded = request({ hostname, port, method, path, headers }, (response) => {
        const target = String(headers['x-amz-target'])
        if (sabotage && target.endsWith(`.${sabotage.operation}`)) {
          sabotage.act()
          sabotage = null
          isAway = goesAway
        }
        outgoing.writeHead(response.statusCode ?? 0, response.headers)
        response.pipe(outgoing)
      })
      incoming.pipe(forwarded)
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    const address = proxy.address()
    endpoint = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
    const made = await run('create-bucket', '--bucket-name', 'photos', '--bundle-id', 'small_1_0')
    assert.equal(made.code, 0, made.stderr)
  })
  after(async () => {
    proxy.closeAllConnections()
    await new Promise((resolve) => proxy.close(resolve))
    await server.stop()
    for (const folder of [home, programs]) rmSync(folder, { recursive: true, force: true })
  })
  beforeEach(() => {
    rmSync(home, { recursive: true, force: true })
    home = mkdtempSync(join(tmpdir(), 'lugsail-key-failures-'))
    ;[sabotage, goesAway, isAway] = [null, false, false]
  })

  function run(...args: readonly string[]): Promise<Ended> {
    const env = {
      PATH: `${programs}:${process.env['PATH'] ?? ''}`,
      HOME: home,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_MAX_ATTEMPTS: '1',
      AWS_ACCESS_KEY_ID: server.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: server.credentials.secretAccessKey,
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: endpoint,
    }
    return new Promise((resolve) =>
      execFile(EXECUTABLE, args, { cwd: home || undefined, env }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
      ),
    )
  }
  const text = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(...args, '--output', 'text')
    assert.equal(code, 0, stderr)
    return stdout.trim()
  }
  /** The last of the files is in a folder that a file takes the place of. */
  const failAt = (operation: string): readonly string[] => {
    mkdirSync(join(home, 'gone'))
    sabotage = {
      operation,
      act: () => {
        rmSync(join(home, 'gone'), { recursive: true })
        writeFileSync(join(home, 'gone'), '')
      },
    }
    return ['--write-profile', 'app', '--write-env', 'app.env', '--write-json', 'gone/key.json']
  }
  const PROFILES = '[other]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = other\n'
  const plantProfiles = () => {
    mkdirSync(join(home, '.aws'))
    writeFileSync(join(home, '.aws/credentials'), PROFILES)
  }
  const assertFilesAreAsBefore = () => {
    assert.equal(readFileSync(join(home, '.aws/credentials'), 'utf8'), PROFILES)
    assert.deepEqual(readdirSync(join(home, '.aws')), ['credentials'])
    assert.deepEqual(readdirSync(home).sort(), ['.aws', 'gone'])
  }
  const NAMES = ['key', 'list', '--query', 'accessKeys[].name'] as const

  it('is deleted again, and all files are as they were', async () => {
    plantProfiles()
    const made = await run('key', 'create', 'app', '--rights', 'read', ...failAt('CreateAccessKey'))
    assert.notEqual(made.code, 0)
    assert.match(
      made.stderr,
      /--write-json: \S+gone\/key\.json cannot be written: \w+\. What was made has been deleted again\./,
    )
    assertFilesAreAsBefore()
    assert.equal(await text(...NAMES), '')
  })

  it('is taken out of the keyring again', async () => {
    // Entries are files, named after the last argument.
    writeFileSync(
      join(programs, 'secret-tool'),
      `#!/bin/sh
for name; do :; done
entry="${programs}/$name.entry"
case "$1" in
  store) cat > "$entry" ;;
  lookup) [ -f "$entry" ] || exit 1; cat "$entry" ;;
  clear) rm -f "$entry" ;;
esac
`,
      { mode: 0o700 },
    )
    writeFileSync(join(programs, 'app.entry'), 'before')
    plantProfiles()
    const options = [...failAt('CreateAccessKey'), '--write-keyring', 'app']
    const made = await run('key', 'create', 'app', '--rights', 'read', ...options)
    assert.match(made.stderr, /What was made has been deleted again\./)
    assertFilesAreAsBefore()
    assert.deepEqual(readdirSync(programs).sort(), ['app.entry', 'secret-tool'])
    assert.equal(readFileSync(join(programs, 'app.entry'), 'utf8'), 'before')
  })

  it('of a bucket is deleted again', async () => {
    plantProfiles()
    const options = failAt('CreateBucketAccessKey')
    const made = await run('create-bucket-access-key', '--bucket-name', 'photos', ...options)
    assert.match(made.stderr, /What was made has been deleted again\./)
    assertFilesAreAsBefore()
    const ids = ['--bucket-name', 'photos', '--query', 'accessKeys[].accessKeyId']
    assert.equal(await text('get-bucket-access-keys', ...ids), '')
  })

  it('that was brought along is deleted again, and can be brought along once more', async () => {
    plantProfiles()
    writeFileSync(join(home, 'secret'), 'a-secret-of-another-store\n', { mode: 0o600 })
    const bring = (...options: readonly string[]) => {
      const pair = ['--access-key-id', 'minio-app', '--secret-access-key', 'file://secret']
      return run('key', 'import', 'moved', ...pair, '--rights', 'read', ...options)
    }
    const made = await bring(...failAt('ImportAccessKey'))
    assert.match(made.stderr, /The key of ImportAccessKey could not be written: .* has been deleted again\./)
    assert.ok(!made.stderr.includes('a-secret'))
    rmSync(join(home, 'secret'))
    assertFilesAreAsBefore()
    assert.equal(await text(...NAMES), '')
    writeFileSync(join(home, 'secret'), 'a-secret-of-another-store\n', { mode: 0o600 })
    assert.equal((await bring()).code, 0)
    assert.equal((await run('key', 'delete', 'moved')).code, 0)
  })

  it('takes its rotation back', async () => {
    plantProfiles()
    assert.equal((await run('key', 'create', 'turned', '--rights', 'read')).code, 0)
    const state = ['key', 'show', 'turned', '--query', 'accessKeys[].[accessKeyId,status,retiringKey]']
    const known = await text(...state)
    const rotated = await run('key', 'rotate', 'turned', ...failAt('RotateAccessKey'))
    assert.match(rotated.stderr, /What was made has been deleted again\./)
    assertFilesAreAsBefore()
    assert.equal(await text(...state), known)
    assert.equal((await run('key', 'delete', 'turned')).code, 0)
  })

  it('stays where the server cannot be reached any more, and the command is told that deletes it', async () => {
    plantProfiles()
    goesAway = true
    const made = await run('key', 'create', 'left', '--rights', 'read', ...failAt('CreateAccessKey'))
    assert.match(made.stderr, /What was made is still there, and in none of the files \(/)
    const command = /Delete it with: lugsail (.+)$/m.exec(made.stderr)?.[1] ?? ''
    assertFilesAreAsBefore()
    isAway = false
    assert.equal(await text(...NAMES), 'left')
    assert.equal((await run(...command.trim().split(' '))).code, 0, command)
    assert.equal(await text(...NAMES), '')
  })
})
