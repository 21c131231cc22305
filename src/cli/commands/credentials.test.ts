import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, beforeEach, describe, it } from 'node:test'
import { executeInProcess } from '../../../test/cli/run-in-process.ts'

const GIVEN =
  '<R><Credentials><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s&lt;&gt;&quot;&apos;&amp;lt;</SecretAccessKey><SessionToken>token</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration></Credentials></R>'

/** An STS that gives the same to everybody, and keeps what it was asked. */
describe('lugsail credentials', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lugsail-credentials-'))
  const asked: (Record<string, string> & { readonly authorization: string; readonly url: string })[] = []
  let answers: Record<string, readonly [status: number, body: string]> = {}
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const parameters = Object.fromEntries(new URLSearchParams(body))
      asked.push({
        ...parameters,
        authorization: request.headers.authorization ?? '',
        url: request.url ?? '',
      })
      const [status, answer] = answers[parameters['Action'] ?? ''] ?? [200, GIVEN]
      response.writeHead(status).end(answer)
    })
  })
  let endpointUrl = ''
  before(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    endpointUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(() => {
    server.close()
    server.closeAllConnections()
    rmSync(folder, { recursive: true })
  })
  beforeEach(() => {
    asked.length = 0
    answers = { GetCallerIdentity: [200, '<A><Account>123456789012</Account></A>'] }
    keep(key())
  })

  const key = (more: object = {}): Record<string, unknown> => ({
    accessKeyId: 'AKIA1',
    secretAccessKey: 'secret',
    endpointUrl,
    region: 'eu-west-1',
    ...more,
  })
  function keep(what: unknown, mode = 0o600): void {
    rmSync(join(folder, 'key.json'), { force: true })
    writeFileSync(join(folder, 'key.json'), typeof what === 'string' ? what : JSON.stringify(what), { mode })
  }
  const run = (words: string, env: NodeJS.ProcessEnv = {}) =>
    executeInProcess(['credentials', ...words.split(' ').filter((word) => word !== '')], {
      cwd: folder,
      env: { HOME: folder, ...env },
      stdin: '',
    })
  const fails = async (words: string, message: RegExp, exitCode = 255): Promise<void> => {
    const ended = await run(words)
    assert.match(ended.stderr, message)
    assert.deepEqual([ended.exitCode, ended.stdout], [exitCode, ''])
  }

  it('prints what the service gives, as credential_process takes it', async () => {
    const { exitCode, stdout, stderr } = await run('--key-file key.json')
    assert.deepEqual([exitCode, stderr], [0, ''])
    assert.equal(
      stdout,
      `${JSON.stringify({ Version: 1, AccessKeyId: 'ASIA1', SecretAccessKey: `s<>"'&lt;`, SessionToken: 'token', Expiration: '2030-01-01T00:00:00Z' })}\n`,
    )
    const [{ authorization, ...parameters } = { authorization: '' }] = asked
    assert.deepEqual(parameters, {
      Action: 'GetSessionToken',
      DurationSeconds: '3600',
      Version: '2011-06-15',
      url: '/',
    })
    assert.match(authorization, /^AWS4-HMAC-SHA256 Credential=AKIA1\/\d{8}\/eu-west-1\/sts\/aws4_request,/)
  })

  it('asks for the time that is wanted, at an endpoint with a slash at its end too', async () => {
    keep(key({ endpointUrl: `${endpointUrl}/` }))
    assert.equal((await run('--key-file key.json --for 15m')).exitCode, 0)
    assert.deepEqual([asked[0]?.['DurationSeconds'], asked[0]?.url], ['900', '/'])
    await fails('--key-file key.json --for soon', /credentials: --for: expected a time as/, 2)
  })

  it('takes a role by its name or its ARN, for as long as the role says', async () => {
    assert.equal((await run('--key-file key.json --role deploy', { USER: 'a b' })).exitCode, 0)
    assert.deepEqual(
      asked.map(({ authorization, ...parameters }) => ({ ...parameters, isSigned: authorization !== '' })),
      [
        { Action: 'GetCallerIdentity', Version: '2011-06-15', url: '/', isSigned: true },
        {
          Action: 'AssumeRole',
          RoleArn: 'arn:aws:iam::123456789012:role/deploy',
          RoleSessionName: 'a-b',
          Version: '2011-06-15',
          url: '/',
          isSigned: true,
        },
      ],
    )
    asked.length = 0
    writeFileSync(join(folder, 'policy.json'), '{"Statement":[]}')
    await run(
      '--key-file key.json --role arn:aws:iam::1:role/r --session-name mine --policy-file policy.json --for 1h',
    )
    const [{ authorization, ...parameters } = { authorization: '' }, ...more] = asked
    assert.notEqual(authorization, '')
    assert.deepEqual(more, [])
    assert.deepEqual(parameters, {
      Action: 'AssumeRole',
      RoleArn: 'arn:aws:iam::1:role/r',
      RoleSessionName: 'mine',
      Policy: '{"Statement":[]}',
      DurationSeconds: '3600',
      Version: '2011-06-15',
      url: '/',
    })
  })

  it('calls the session after who is logged in, as far as that may be a name', async () => {
    for (const [env, name] of [
      [{ USER: 'ann' }, 'ann'],
      [{ USERNAME: 'bob@x.y,=+_-' }, 'bob@x.y,=+_-'],
      [{ USER: 'ann', USERNAME: 'bob' }, 'ann'],
      [{ USER: 'é/ß' }, 'lugsail'],
      [{ USER: 'a' }, 'lugsail'],
      [{ USER: 'ab' }, 'ab'],
      [{}, 'lugsail'],
      [{ USER: 'x'.repeat(70) }, 'x'.repeat(64)],
    ] as const) {
      asked.length = 0
      await run('--key-file key.json --role arn:r', env)
      assert.equal(asked[0]?.['RoleSessionName'], name, JSON.stringify(env))
    }
  })

  it('says why it was refused, and that a response is none of a Lugsail server', async () => {
    answers = { GetSessionToken: [403, '<E><Message>not &lt;you&gt;\u001b</Message></E>'] }
    await fails('--key-file key.json', /^\nGetSessionToken was refused: not <you>\\u001b\n$/)
    answers = { GetSessionToken: [502, 'bad gateway'], AssumeRole: [400, ''] }
    await fails('--key-file key.json', /GetSessionToken was refused: status 502/)
    await fails('--key-file key.json --role arn:r', /AssumeRole was refused: status 400/)
    for (const name of ['AccessKeyId', 'SecretAccessKey', 'SessionToken', 'Expiration']) {
      answers = { GetSessionToken: [200, GIVEN.replaceAll(name, 'Other')] }
      await fails('--key-file key.json', new RegExp(`response has no ${name}: is it a Lugsail server`))
    }
    answers = { GetCallerIdentity: [200, ''] }
    await fails('--key-file key.json --role r', /response has no Account/)
  })

  it('takes a key that is whole, from a file that is its owner’s alone, and tells nothing of it', async () => {
    for (const name of ['accessKeyId', 'secretAccessKey', 'endpointUrl', 'region'])
      for (const value of [undefined, '', 7]) {
        keep(key({ [name]: value }))
        await fails(
          '--key-file key.json',
          new RegExp(`key.json is no key file: it has no ${name}; "--write-json FILE" makes one`),
        )
      }
    for (const whole of ['"hush"', 'hush', 'null', '[]', '']) {
      keep(whole)
      await fails(
        '--key-file key.json',
        /^\nkey.json is no key file: it has no accessKeyId; "--write-json FILE" makes one\n$/,
      )
    }
    for (const mode of [0o640, 0o604, 0o610]) {
      keep(key(), mode)
      await fails('--key-file key.json', /^\nkey.json may be read by others: chmod 600 key.json\n$/)
    }
    assert.equal(asked.length, 0)
    await fails('--key-file none.json', /ENOENT/)
  })

  it('wants one place for the key, and what is of a role with a role alone', async () => {
    for (const [words, message] of [
      ['', /--key-file or --keyring is missing/],
      ['--key-file key.json --keyring a', /two places for one key/],
      ['--key-file key.json --session-name x', /--session-name is for a role/],
      ['--key-file key.json --policy-file x', /--policy-file is for a role/],
      ['--keyring a/b', /--keyring: expected a name of letters, digits and _\.@\+-, got "a\/b"/],
    ] as const)
      await fails(words, message, 2)
  })
})
