/** `lugsail cosi` as a process: its socket, its end, its credentials and its seeds. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { Client, credentials, status } from '@grpc/grpc-js'
import { EXECUTABLE } from '../harness/executable.ts'
import { SignedClient } from '../harness/signed-client.ts'
import { CosiLab, type RunningCosi } from './cosi-lab.ts'
import type { Answered } from './cosi-world.ts'

const lab = new CosiLab()
before(() => lab.start())
after(() => lab.stop())

const path = (name: string): string => join(lab.folder, name)
const info = (driver: RunningCosi): Promise<Answered> =>
  driver.call('v1alpha1')('Identity', 'DriverGetInfo', {})
const create = (driver: RunningCosi, name: string): Promise<Answered> =>
  driver.call('v1alpha1')('Provisioner', 'DriverCreateBucket', { name })
const grant = (driver: RunningCosi, name: string, bucket_id: string): Promise<Answered> =>
  driver.call('v1alpha1')('Provisioner', 'DriverGrantBucketAccess', {
    name,
    bucket_id,
    authentication_type: 'Key',
  })

/** A driver that does not come to serve: its exit code, and what it says. */
async function refused(
  args: readonly string[],
  options: Parameters<CosiLab['drive']>[1] = {},
): Promise<string> {
  const driver = await lab.drive(args, options)
  const code = await driver.ended
  return `${code} ${driver.log().trim()}`
}

function run(...args: readonly string[]) {
  return spawnSync(EXECUTABLE, args, { encoding: 'utf8', env: { ...lab.environment } })
}

describe('the socket of lugsail cosi', () => {
  it('is taken over from a driver that was killed, and not from one that answers', async () => {
    const socket = path('taken.sock')
    const first = await lab.drive([], { socket })
    assert.match(await refused([], { socket }), /^255 Another process listens on .*taken\.sock/)
    first.process.kill('SIGKILL')
    await first.ended
    assert.ok(existsSync(socket))
    assert.deepEqual(await info(await lab.drive([], { socket })), { name: 'lugsail.objectstorage.k8s.io' })
  })

  it('takes the place of nothing but a socket', async () => {
    writeFileSync(path('file'), 'kept')
    assert.match(await refused([], { socket: path('file') }), /^255 .*file is there, and is no socket/)
    assert.match(await refused([], { socket: path('none/x.sock') }), /^255 /)
    assert.match(
      await refused([], { socket: path('x'.repeat(120)) }),
      /^255 Bad value for --endpoint: a socket's path/,
    )
  })

  it('may be named by COSI_ENDPOINT, and by nothing but a path', async () => {
    for (const endpoint of ['tcp://127.0.0.1:1', 'unix://host/path', 'unix://', '']) {
      const { status: code, stderr } = run('cosi', '--endpoint', endpoint)
      assert.equal(code, 255, endpoint)
      assert.match(stderr, /expected unix:\/\/\/PATH/)
    }
    assert.match(run('cosi').stderr, /expected --endpoint unix:\/\/\/PATH/)
    const child = spawn(EXECUTABLE, ['cosi'], {
      env: { ...lab.environment, COSI_ENDPOINT: `unix://${path('env.sock')}` },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const ended = new Promise((resolve) => child.once('close', resolve))
    let log = ''
    await new Promise<void>((resolve) =>
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        log += text
        if (log.includes('serves COSI')) resolve()
      }),
    )
    child.kill('SIGINT')
    assert.match(log, /serves COSI socket=".*env\.sock"/)
    assert.equal(await ended, 0)
  })
})

describe('the end of lugsail cosi', () => {
  it('waits for the calls under way, takes no more, and removes the socket', async () => {
    // A server that answers nothing until it is told to.
    const waiting: (() => void)[] = []
    let began: () => void = () => undefined
    const asked = new Promise<void>((resolve) => (began = resolve))
    const slow = createServer((socket) => {
      socket.on('error', () => undefined)
      waiting.push(() => socket.destroy())
      began()
    })
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve))
    const address = slow.address()
    assert.ok(address !== null && typeof address === 'object')
    const driver = await lab.drive(['--server', `http://127.0.0.1:${address.port}`], {
      environment: { AWS_MAX_ATTEMPTS: '1' },
    })
    const underWay = create(driver, 'slow-bucket')
    await asked
    driver.process.kill('SIGTERM')
    slow.close()
    for (const let_go of waiting) let_go()
    assert.equal((await underWay)['status'], 'UNAVAILABLE')
    assert.equal(await driver.ended, 0)
    assert.ok(!existsSync(driver.socket))
    assert.match(driver.log(), /ends signal="SIGTERM"/)
  })
})

describe('the server of lugsail cosi', () => {
  it('may be away: calls are UNAVAILABLE, and the driver goes on', async () => {
    const driver = await lab.drive(['--server', 'http://127.0.0.1:1'])
    for (const name of ['away-one', 'away-two'])
      assert.equal((await create(driver, name))['status'], 'UNAVAILABLE')
    assert.equal((await info(driver))['name'], 'lugsail.objectstorage.k8s.io')
  })

  it('may refuse the key: calls are UNAUTHENTICATED, or PERMISSION_DENIED', async () => {
    const wrong = await lab.drive([], { environment: { AWS_SECRET_ACCESS_KEY: 'x'.repeat(40) } })
    assert.equal((await create(wrong, 'denied'))['status'], 'UNAUTHENTICATED')
    const root = new SignedClient(lab.server, lab.server.credentials)
    const { body } = await root.lugsail('CreateAccessKey', { name: 'no-root', rights: ['full'] })
    root.close()
    const { accessKey } = JSON.parse(body.toString()) as { accessKey: Record<string, string> }
    const bounded = await lab.drive([], {
      environment: {
        AWS_ACCESS_KEY_ID: accessKey['accessKeyId'] ?? '',
        AWS_SECRET_ACCESS_KEY: accessKey['secretAccessKey'] ?? '',
      },
    })
    assert.equal((await create(bounded, 'denied'))['status'], 'PERMISSION_DENIED')
  })

  it('is one of Lugsail, not Amazon’s, and credentials are there from the start', async () => {
    assert.match(
      await refused([], { environment: { AWS_ENDPOINT_URL: '' } }),
      /^2 [\s\S]*expected a Lugsail server/,
    )
    assert.match(
      await refused([], { environment: { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' } }),
      /^255 .*(?:credentials|found none)/i,
    )
  })
})

describe('the account’s key', () => {
  it('may be rotated in the credentials file while the driver runs; a seed file keeps the secrets', async () => {
    const { accessKeyId, secretAccessKey } = lab.server.credentials
    const file = path('credentials')
    const write = (id: string, secret: string): void =>
      writeFileSync(file, `[default]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`)
    write(accessKeyId, secretAccessKey)
    const seed = path('seed')
    writeFileSync(seed, `${randomBytes(32).toString('hex')}\n`)
    const environment = {
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
      AWS_SHARED_CREDENTIALS_FILE: file,
    }
    const driver = await lab.drive(['--seed-file', seed], { environment })
    await create(driver, 'rotations')
    const before = await grant(driver, 'ba-rotation', 'rotations')
    assert.equal(before['account_id'], 'ba-rotation', driver.log())
    const other = run('create-account', '--account-name', 'spare')
    const { rootKey } = JSON.parse(other.stdout) as { rootKey: Record<string, string> }
    write(rootKey['accessKeyId'] ?? '', rootKey['secretAccessKey'] ?? '')
    assert.equal(
      (await create(driver, 'rotations'))['status'],
      'ALREADY_EXISTS',
      'the other account does not own it',
    )
    write(accessKeyId, secretAccessKey)
    assert.deepEqual(await grant(driver, 'ba-rotation', 'rotations'), before)
  })

  it('is the seed where no file is; a new seed keeps what earlier lines made', async () => {
    const { secretAccessKey } = lab.server.credentials
    const driver = await lab.drive()
    assert.match(driver.log(), /derives secrets from the account's key/)
    await create(driver, 'seeds')
    const first = await grant(driver, 'ba-seeds', 'seeds')
    const file = path('seeds')
    writeFileSync(file, `${randomBytes(32).toString('hex')}\n`)
    const changed = await lab.drive(['--seed-file', file])
    assert.equal((await grant(changed, 'ba-seeds', 'seeds'))['status'], 'FAILED_PRECONDITION')
    writeFileSync(file, `${randomBytes(32).toString('hex')}\n${secretAccessKey}\n`)
    assert.deepEqual(await grant(changed, 'ba-seeds', 'seeds'), first)
  })

  it('is refused as a seed when it ends by itself, and so are files that hold none', async () => {
    assert.match(
      await refused([], { environment: { AWS_SESSION_TOKEN: 'token' } }),
      /^255 .*needs --seed-file/,
    )
    const seedFile = (text: string): readonly string[] => {
      writeFileSync(path('bad-seed'), text)
      return ['--seed-file', path('bad-seed')]
    }
    assert.match(await refused(seedFile('\n \n')), /^255 .*is empty/)
    assert.match(await refused(seedFile('short\n')), /^255 .*fewer than 32 characters/)
    assert.match(await refused(seedFile('x\n'.repeat(40_000))), /^255 .*more than/)
    assert.match(await refused(['--seed-file', path('none')]), /^255 .*none/)
  })
})

describe('lugsail cosi', () => {
  it('says what it takes', () => {
    for (const args of [
      ['cosi', 'help'],
      ['cosi', '--help'],
      ['help', 'cosi'],
    ])
      assert.match(run(...args).stdout, /^Usage: lugsail cosi --endpoint/)
    assert.match(run('help').stdout, /^Also: .*\bcosi\b/m)
    assert.equal(run('cosi', '--endpont', 'x').status, 2)
    for (const name of ['Upper', 'a..b', '-a', 'x'.repeat(64), ''])
      assert.equal(
        run('cosi', '--endpoint', `unix://${path('n.sock')}`, '--driver-name', name).status,
        2,
        name,
      )
  })

  it('answers UNIMPLEMENTED to methods that a version does not have', async () => {
    const driver = await lab.drive(['--driver-name', 'storage.example.org'])
    assert.equal((await info(driver))['name'], 'storage.example.org')
    const client = new Client(`unix:${driver.socket}`, credentials.createInsecure())
    const code = await new Promise<number | undefined>((resolve) =>
      client.makeUnaryRequest(
        '/cosi.v1alpha1.Provisioner/DriverGetExistingBucket',
        (bytes: Buffer) => bytes,
        (bytes) => bytes,
        Buffer.alloc(0),
        (error) => resolve(error?.code),
      ),
    )
    client.close()
    assert.equal(code, status.UNIMPLEMENTED)
  })
})
