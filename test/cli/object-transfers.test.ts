import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { HeadObjectCommand, ListMultipartUploadsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { ended, ObjectLab } from './object-lab.ts'
import { EXECUTABLE } from '../harness/executable.ts'
import { until } from '../harness/until.ts'

const MIB = 1024 * 1024
const BUCKET = 'large'
/** Runs a command with a pseudo-terminal as its three streams; prints what the terminal was given, and ends with its exit code. */
const ON_TERMINAL = `
import os, pty, sys
status = pty.spawn(sys.argv[1:])
sys.exit(os.waitstatus_to_exitcode(status))
`
const hasPty = spawnSync('python3', ['-c', 'import pty, os; os.waitstatus_to_exitcode']).status === 0

const lab = new ObjectLab()
const body = randomBytes(64 * MIB)
const digest = createHash('sha256').update(body).digest('hex')

before(async () => {
  await lab.start()
  await lab.bucket(BUCKET)
  lab.file('body', body)
})
after(() => lab.stop())

const digestOf = (name: string): string =>
  createHash('sha256')
    .update(readFileSync(join(lab.cwd, name)))
    .digest('hex')

const uploads = async () =>
  (await lab.client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }))).Uploads ?? []

/** The server behind a connection that is cut once so many bytes have come back. */
async function startCut(bytes: number): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((client) => {
    const upstream = connect(Number(new URL(lab.server.endpoint).port), '127.0.0.1')
    let left = bytes
    const cut = (): Socket[] => [client, upstream].map((socket) => socket.destroy())
    client.on('data', (piece) => upstream.write(piece)).on('error', cut)
    upstream.on('error', cut).on('data', (piece: Buffer) => {
      client.write(piece.subarray(0, left), () => {
        if (left <= 0) cut()
      })
      left -= piece.length
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

describe('large bodies', () => {
  it('travel in parts and come back as they were', async () => {
    assert.equal((await lab.run('cp', 'body', `s3://${BUCKET}/body`)).exitCode, 0)
    const { ETag = '' } = await lab.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'body' }))
    assert.match(ETag, /-8"$/)
    assert.equal((await lab.run('cp', `s3://${BUCKET}/body`, 'again')).exitCode, 0)
    assert.equal(digestOf('again'), digest)
  })

  it('travel in parts through pipes too', async () => {
    const { exitCode, stderr } = await lab.shell(
      `cat body | lugsail cp - s3://${BUCKET}/piped && lugsail cp s3://${BUCKET}/piped - | cat > piped`,
    )
    assert.deepEqual([exitCode, stderr], [0, ''])
    assert.equal(digestOf('piped'), digest)
  })

  it('travel in parts from what has no size, and from what a symbolic link leads to', async () => {
    const { exitCode, stderr } = await lab.shell(
      `mkfifo fifo && { cat body > fifo & } && lugsail cp fifo s3://${BUCKET}/fifo && ln -s body link && lugsail cp link s3://${BUCKET}/link && lugsail cp s3://${BUCKET}/fifo - | cmp - body && lugsail cat ${BUCKET}/link | { sleep 1; cmp - body; }; status=$?; rm fifo link; exit $status`,
    )
    assert.deepEqual([exitCode, stderr], [0, ''])
  })

  it('of which nothing comes any more are given up after the time that is allowed', async () => {
    const { exitCode, stderr } = await lab.run(
      ...['cp', `s3://${BUCKET}/body`, 'silent', '--cli-read-timeout', '1'],
      ...['--endpoint-url', (await stalled).url],
    )
    assert.equal(exitCode, 1)
    assert.match(stderr, /fell silent; try again, .*--cli-read-timeout.*\n$/)
  })

  it('of which only a piece arrives leave no file, and the file that is there as it is', async () => {
    lab.file('kept', 'old')
    const cut = await startCut(5 * MIB)
    try {
      for (const target of ['kept', 'none']) {
        const { exitCode, stderr } = await lab.run(
          'cp',
          `s3://${BUCKET}/body`,
          target,
          '--endpoint-url',
          cut.url,
        )
        assert.equal(exitCode, 1)
        assert.match(stderr, /^lugsail cp: download failed: .*(?:was cut|bytes came); try again\n$/)
      }
    } finally {
      cut.server.close()
    }
    assert.equal(readFileSync(join(lab.cwd, 'kept'), 'utf8'), 'old')
    assert.deepEqual(readdirSync(lab.cwd).sort(), ['again', 'body', 'kept', 'piped'])
  })
})

describe('Ctrl-C', () => {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    it(`takes an upload in parts back before the command ends (${signal})`, async () => {
      const child = lab.spawn(['cp', '-', `s3://${BUCKET}/interrupted`])
      const end = ended(child)
      // Two parts and a half: then the command waits for more.
      child.stdin.on('error', () => undefined)
      child.stdin.write(body.subarray(0, 20 * MIB))
      await until(async () => (await uploads()).length === 1)
      child.kill(signal)
      const { exitCode, stdout, stderr } = await end
      assert.deepEqual([exitCode, stdout, stderr], [code, '', 'lugsail cp: interrupted\n'])
      assert.deepEqual(await uploads(), [])
      const listed = await lab.client.send(
        new ListObjectsV2Command({ Bucket: BUCKET, Prefix: 'interrupted' }),
      )
      assert.equal(listed.KeyCount, 0)
    })

  it('leaves nothing of a download', async () => {
    const child = lab.spawn(['cp', `s3://${BUCKET}/body`, 'stopped', '--endpoint-url', (await stalled).url])
    const end = ended(child)
    await until(async () => readdirSync(lab.cwd).some((name) => name.endsWith('.part')))
    child.kill('SIGINT')
    assert.equal((await end).exitCode, 130)
    assert.deepEqual(
      readdirSync(lab.cwd).filter((name) => name.endsWith('.part') || name === 'stopped'),
      [],
    )
  })
  after(async () => {
    const { server, sockets } = await stalled
    for (const socket of sockets) socket.destroy()
    server.close()
  })
})

/** The server behind a connection on which nothing comes any more after the first mebibyte. */
const stalled = (async () => {
  const sockets: Socket[] = []
  const server = createServer((client) => {
    const upstream = connect(Number(new URL(lab.server.endpoint).port), '127.0.0.1')
    sockets.push(client, upstream)
    let seen = 0
    client.on('data', (piece) => upstream.write(piece)).on('error', () => upstream.destroy())
    upstream
      .on('error', () => client.destroy())
      .on('data', (piece: Buffer) => {
        seen += piece.length
        client.write(piece)
        if (seen > MIB) upstream.pause()
      })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, sockets }
})()

describe('on a terminal', { skip: hasPty ? false : 'python3 has no pseudo-terminals here' }, () => {
  const onTerminal = (...args: readonly string[]) =>
    ended(spawn('python3', ['-c', ON_TERMINAL, EXECUTABLE, ...args], { cwd: lab.cwd, env: lab.env }))

  it('control characters of keys are shown rather than acted on', async () => {
    await lab.put(BUCKET, 'odd/\x1b[31mred\rover\nline', 'x')
    const { stdout } = await onTerminal('ls', `${BUCKET}/odd/`)
    assert.match(stdout, /\\u001b\[31mred\\u000dover\\u000aline\r\n$/)
    const piped = await lab.run('ls', `${BUCKET}/odd/`)
    assert.match(piped.stdout, /\x1b\[31mred\rover\nline\n$/)
  })

  it('a bar shows how far a transfer is, and nothing of it stays', async () => {
    const { stdout, exitCode } = await onTerminal('cp', 'body', `s3://${BUCKET}/shown`)
    assert.equal(exitCode, 0)
    assert.match(stdout, /\[#*\.+\] \d+% of 64\.0 MiB \(/)
    assert.match(stdout, /\r\x1b\[Kupload: body to s3:\/\/large\/shown\r\n$/)
    const quiet = await onTerminal('cp', 'body', `s3://${BUCKET}/shown`, '--no-progress')
    assert.equal(quiet.stdout, 'upload: body to s3://large/shown\r\n')
  })
})
