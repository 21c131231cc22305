import assert from 'node:assert/strict'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { executeInProcess } from '../../../test/cli/run-in-process.ts'
import { startServer } from '../../../test/harness/server-in-process.ts'
import type { TestServer } from '../../../test/harness/server-in-process.ts'
import { examineFolder } from './examine-folder.ts'
import { examineRegion } from './examine-key.ts'
import { examineServer } from './examine-server.ts'
import { reportOf } from './finding.ts'
import type { Finding } from './finding.ts'

const TLS = { isVerified: true }
const home = mkdtempSync(join(tmpdir(), 'lugsail-doctor-'))
after(() => rmSync(home, { recursive: true }))

/** What is found, a line each: `ok tls: none …` or `! tls: none …: what to do`. */
const shown = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ check, isOk, found, advice }) => {
    assert.equal(advice === undefined, isOk)
    return isOk ? `ok ${check}: ${found}` : `! ${check}: ${found}: ${advice ?? ''}`
  })

/** What is found of a server that answers so, at an address of this machine. */
async function foundOf(listener: RequestListener, hostname = '127.0.0.1'): Promise<readonly string[]> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  try {
    return shown(await examineServer(`http://${hostname}:${port}`, TLS)).map((line) =>
      line.replaceAll(`http://${hostname}:${port}`, 'URL'),
    )
  } finally {
    server.close()
    server.closeAllConnections()
  }
}
const ready: RequestListener = (_, response) => response.end('ok\n')
const aheadBy =
  (seconds: number): RequestListener =>
  (_, response) =>
    response.setHeader('date', new Date(Date.now() + seconds * 1000).toUTCString()).end('ok\n')

describe('what a server tells without a key', () => {
  it('is that it is one, and is ready', async () => {
    const asked: (string | undefined)[] = []
    assert.deepEqual(
      await foundOf((request, response) => {
        asked.push(request.url)
        ready(request, response)
      }),
      [
        'ok endpoint: URL is a Lugsail server that is ready',
        'ok tls: none, which is fine on one machine',
        "ok clock: this machine's and the server's agree",
        'ok addressing: buckets are paths (path-style), as "lugsail use" tells clients',
      ],
    )
    assert.deepEqual(asked, ['/-/ready'])
  })

  it('is that it is not ready, or no Lugsail server', async () => {
    assert.deepEqual(
      (await foundOf((_, response) => response.writeHead(503).end('the disk is full\n'))).slice(0, 1),
      ["! endpoint: URL answers: the disk is full: the server's log says why"],
    )
    for (const [status, text] of [
      [404, 'ok\n'],
      [200, 'hello'],
    ] as const) {
      const found = await foundOf((_, response) => response.writeHead(status).end(text))
      assert.equal(
        found[0],
        `! endpoint: URL answers, but is no Lugsail server (${status} to /-/ready): look at the port, and at proxies in front of it`,
      )
      assert.deepEqual(
        found.map((line) => line.split(' ')[1]),
        ['endpoint:', 'tls:', 'clock:'],
      )
    }
  })

  it('is how far its clock is from this one', async () => {
    const clockOf = async (listener: RequestListener) =>
      (await foundOf(listener)).find((line) => line.includes(' clock:'))
    assert.match((await clockOf(aheadBy(40))) ?? '', /^ok /)
    assert.match(
      (await clockOf(aheadBy(600))) ?? '',
      /^! clock: this machine's is (?:599|600) s behind the server's: set the one that is wrong, before signatures stop to count at 15 minutes$/,
    )
    assert.match(
      (await clockOf(aheadBy(-7200))) ?? '',
      /^! clock: this machine's is 720[01] s ahead of the server's: set the one that is wrong; signatures do not count$/,
    )
    assert.equal(
      await clockOf((_, response) => {
        response.sendDate = false
        response.end('ok\n')
      }),
      '! clock: the server does not say what time it is: look at proxies in front of it',
    )
  })

  it('is nothing where nobody listens, and then what to do', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    server.close()
    await once(server, 'close')
    const of = async (url: string): Promise<string> => {
      const found = shown(await examineServer(url, TLS))
      assert.equal(found.length, 1)
      return found[0] ?? ''
    }
    assert.match(
      await of(`http://127.0.0.1:${port}`),
      new RegExp(
        `^! endpoint: http://127.0.0.1:${port} does not answer \\(.*ECONNREFUSED.*\\): nothing listens there; start the server \\("lugsail serve"\\), or correct the port$`,
      ),
    )
    assert.match(await of('http://nowhere.invalid'), /its host has no address; correct the name$/)
  })

  it('is that it speaks no TLS where https: was written, or breaks off', async () => {
    const server = createServer(ready).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    assert.match(
      shown(await examineServer(`https://127.0.0.1:${port}`, TLS))[0] ?? '',
      new RegExp(`does not speak TLS: the endpoint is http://127.0.0.1:${port}$`),
    )
    server.close()
    server.closeAllConnections()
    const cut = await foundOf((request) => request.socket.destroy())
    assert.match(cut[0] ?? '', /: look at the address, the network and its firewalls$/)
  })

  it('is whether hosts of buckets have an address, where it takes them', async () => {
    const hosts: (string | undefined)[] = []
    const takesHosts: RequestListener = (request, response) => {
      hosts.push(request.headers.host)
      if (request.headers.host?.startsWith('lugsail-doctor.') === true) response.writeHead(404).end()
      else response.end('ok\n')
    }
    const [, tls, , addressing] = await foundOf(takesHosts, 'localhost')
    assert.equal(tls, 'ok tls: none, which is fine on one machine')
    assert.match(
      addressing ?? '',
      /^(?:ok addressing: buckets are paths, and hosts under localhost|! addressing: buckets may be hosts under localhost, but such hosts have no address: add \*\.localhost to the DNS, or let clients use path-style addresses)$/,
    )
    assert.match(hosts[1] ?? '', /^lugsail-doctor\.localhost/)
    assert.match(
      (await foundOf(ready, 'localhost'))[3] ?? '',
      /^ok addressing: buckets are paths \(path-style\)/,
    )
    assert.match(
      (
        await foundOf((request, response) => {
          if (request.headers.host?.startsWith('lugsail-doctor.') === true) response.writeHead(503)
          response.end('ok\n')
        }, 'localhost')
      )[3] ?? '',
      /^ok addressing: buckets are paths \(path-style\)/,
    )
  })
})

describe('a region', () => {
  it('is one of those that there are, or nearly', () => {
    assert.deepEqual(shown([examineRegion('eu-west-1'), examineRegion('eu-wset-1')]), [
      'ok region: eu-west-1',
      '! region: there is no region eu-wset-1: did you mean eu-west-1?',
    ])
    assert.match(
      shown([examineRegion('moon')])[0] ?? '',
      /^! region: there is no region moon: there are us-east-1, /,
    )
  })
})

describe('the data folder of a server', () => {
  const folder = join(home, 'data')
  const found = () => shown(examineFolder(folder))
  before(() => mkdirSync(folder))

  it('has room, and who runs on it', () => {
    const runsOn = (text?: string): string | undefined => {
      if (text === undefined) rmSync(join(folder, 'server.lock'), { force: true })
      else writeFileSync(join(folder, 'server.lock'), text)
      return / GiB free(.*?)(?:: make room.*)?$/.exec(found()[0] ?? '')?.[1]
    }
    assert.match(found()[0] ?? '', /^\S+ disk: \S+data has \d+\.\d GiB free; no server runs on it/)
    assert.equal(runsOn(), '; no server runs on it')
    assert.equal(runsOn('{"url":"http://a"}'), '; http://a runs on it')
    for (const text of ['', '{}', 'null', '7', '"x"']) assert.equal(runsOn(text), '', text)
  })

  it('has secrets that nobody else may read', () => {
    for (const name of ['credentials', 'master.key']) {
      const path = join(folder, name)
      writeFileSync(path, 'x', { mode: 0o600 })
      assert.equal(found().length, 1)
      for (const mode of [0o640, 0o604, 0o620, 0o601]) {
        chmodSync(path, mode)
        assert.deepEqual(found().slice(1), [`! disk: others may read ${path}: chmod 600 ${path}`])
      }
      rmSync(path)
    }
  })
})

describe('a report', () => {
  it('has a line for each finding, with what to do behind it', () => {
    assert.equal(
      reportOf([
        { check: 'tls', isOk: true, found: 'none,\n which is fine.' },
        { check: 'endpoint', isOk: false, found: ' it is closed. ', advice: 'open  it' },
        { check: 'key', isOk: false, found: 'gone:', advice: 'make one' },
      ]),
      'OK  tls       none, which is fine.\n!   endpoint  it is closed: open it\n!   key       gone: make one\n',
    )
  })
})

describe('lugsail doctor', () => {
  let server: TestServer
  before(async () => {
    server = await startServer()
  })
  after(() => server.close())

  const doctor = (words: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    executeInProcess(['doctor', ...words], {
      cwd: home,
      env: { HOME: home, AWS_EC2_METADATA_DISABLED: 'true', ...server.environment, ...env },
      stdin: '',
    })
  /** Its findings, as JSON. */
  const found = async (words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<readonly string[]> => {
    const { exitCode, stdout } = await doctor([...words, '--json'], env)
    const findings = JSON.parse(stdout) as { check: string; ok: boolean; found: string; advice?: string }[]
    assert.equal(exitCode, findings.every(({ ok }) => ok) ? 0 : 1)
    return shown(findings.map(({ ok, ...finding }) => ({ ...finding, isOk: ok }) as Finding))
  }
  const keyOf = async (env: NodeJS.ProcessEnv): Promise<string | undefined> =>
    (await found([], env)).find((line) => line.includes(' key:'))

  it('says of each thing in one line that it is well, and exits with 0', async () => {
    const { exitCode, stdout, stderr } = await doctor([])
    assert.deepEqual([exitCode, stderr], [0, ''])
    assert.deepEqual(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split(/ +/, 2).join(' ')),
      ['endpoint', 'tls', 'clock', 'addressing', 'region', 'key'].map((check) => `OK ${check}`),
    )
  })

  it('asks for the buckets of the account with its key', async () => {
    const { accessKeyId } = server.credentials
    assert.equal(await keyOf({}), `ok key: ${accessKeyId} is an account's; no buckets on the first page`)
    await server.createBucket('photos')
    assert.equal(await keyOf({}), `ok key: ${accessKeyId} is an account's; 1 bucket on the first page`)
    await server.createBucket('films')
    assert.equal(await keyOf({}), `ok key: ${accessKeyId} is an account's; 2 buckets on the first page`)
    const bucketKey = await server.createBucketAccessKey('photos')
    assert.equal(
      await keyOf({
        AWS_ACCESS_KEY_ID: bucketKey.accessKeyId,
        AWS_SECRET_ACCESS_KEY: bucketKey.secretAccessKey,
      }),
      `! key: ${bucketKey.accessKeyId} is the key of a bucket or a resource: it opens objects through S3; buckets and keys need the account's root key`,
    )
    assert.match(
      (await keyOf({ AWS_ACCESS_KEY_ID: 'AKIAGONE' })) ?? '',
      /^! key: AKIAGONE: (?!An error occurred).*belongs to no account of this server/,
    )
    assert.match((await keyOf({ AWS_SECRET_ACCESS_KEY: 'x' })) ?? '', /secret access key is not that of/)
    assert.match(
      (await keyOf({ AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' })) ?? '',
      /^! key: .*: lugsail use && export AWS_PROFILE=lugsail$/,
    )
    server.failNext({ operation: 'GetBuckets', code: 'ServiceException' })
    assert.match((await keyOf({})) ?? '', /^! key: AKIA\w+: .*: lugsail use$/)
  })

  it('asks nothing with a key where endpoint or region are wrong', async () => {
    const checks = async (words: readonly string[], env?: NodeJS.ProcessEnv) =>
      (await found(words, env)).map((line) => /^(\S+ \S+):/.exec(line)?.[1])
    assert.deepEqual(await checks(['--region', 'eu-wset-1']), [
      'ok endpoint',
      'ok tls',
      'ok clock',
      'ok addressing',
      '! region',
    ])
    assert.deepEqual(await checks(['--endpoint-url', 'http://nowhere.invalid']), ['! endpoint', 'ok region'])
    assert.deepEqual(await checks(['--profile', 'nobody']), ['! endpoint'])
    assert.match(
      (await found(['--profile', 'nobody']))[0] ?? '',
      /nobody.*: lugsail use && export AWS_PROFILE=lugsail$/,
    )
    const toAmazon = await found([], { AWS_ENDPOINT_URL: '' })
    assert.match(
      toAmazon[0] ?? '',
      /^! endpoint: none is set, so commands go to Amazon \(https:\/\/lightsail\..*\): lugsail use/,
    )
    assert.deepEqual(toAmazon.slice(1), ['ok region: us-east-1'])
  })

  it('looks at the data folder that is named or at hand', async () => {
    const folder = join(home, 'served')
    mkdirSync(folder)
    const last = async (words: readonly string[], env?: NodeJS.ProcessEnv) => (await found(words, env)).at(-1)
    assert.equal(
      await last(['--data', folder]),
      `! disk: ${folder} is no data folder of a server: --data names the folder that "lugsail serve" was given`,
    )
    assert.match((await last([], { LUGSAIL_DATA: folder })) ?? '', / key:/)
    writeFileSync(join(folder, 'credentials'), '', { mode: 0o600 })
    for (const at of [await last(['--data', folder]), await last([], { LUGSAIL_DATA: folder })])
      assert.match(at ?? '', / disk: \S+served has /)
  })
})
