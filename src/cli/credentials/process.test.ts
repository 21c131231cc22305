import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CredentialError } from './credential-error.ts'
import { runCredentialProcess } from './process.ts'

/** What the program of that shell script gives. */
const given = (script: string, env: NodeJS.ProcessEnv = {}) =>
  runCredentialProcess(`/bin/sh -c '${script}'`, { PATH: process.env['PATH'], ...env })

const printed = (members: object): string => `echo "${JSON.stringify(members).replaceAll('"', '\\"')}"`

const key = { Version: 1, AccessKeyId: 'AKIA', SecretAccessKey: 'secret' }

describe('a program that prints credentials', () => {
  it('gives a key, and a session and its end where it has them', () => {
    assert.deepEqual(given(printed(key)), { accessKeyId: 'AKIA', secretAccessKey: 'secret' })
    assert.deepEqual(given(printed({ ...key, SessionToken: 'token', Expiration: '2030-01-02T03:04:05Z' })), {
      accessKeyId: 'AKIA',
      secretAccessKey: 'secret',
      sessionToken: 'token',
      expiresAtMs: Date.UTC(2030, 0, 2, 3, 4, 5),
    })
    assert.deepEqual(given(printed({ ...key, SessionToken: null, Expiration: null })), {
      accessKeyId: 'AKIA',
      secretAccessKey: 'secret',
    })
  })

  it('has the environment of the command', () => {
    const script = `echo "{\\"Version\\": 1, \\"AccessKeyId\\": \\"$WHO\\", \\"SecretAccessKey\\": \\"s\\"}"`
    assert.equal(given(script, { WHO: 'me' }).accessKeyId, 'me')
  })

  const failures: readonly (readonly [what: string, script: string, says: string])[] = [
    ['fails', 'echo no luck >&2; exit 3', 'no luck\n'],
    ['prints no JSON', 'echo {', 'its output is not JSON: '],
    ['prints a list', 'echo []', 'its output is not a JSON object'],
    [
      'says no version',
      printed({ ...key, Version: undefined }),
      "Unsupported version '<Version key not provided>' for credential process provider, supported versions: 1",
    ],
    [
      'says another version',
      printed({ ...key, Version: 2 }),
      "Unsupported version '2' for credential process provider, supported versions: 1",
    ],
    [
      'names no key',
      printed({ ...key, AccessKeyId: undefined }),
      "Missing required key in response: 'AccessKeyId'",
    ],
    [
      'names no secret',
      printed({ ...key, SecretAccessKey: 7 }),
      "Missing required key in response: 'SecretAccessKey'",
    ],
  ]
  for (const [what, script, says] of failures)
    it(`that ${what} is told with why`, () => {
      assert.throws(
        () => given(script),
        (error) =>
          error instanceof CredentialError &&
          error.message.startsWith(`Error when retrieving credentials from custom-process: ${says}`),
      )
    })

  it('that cannot be started is told in the words of the reference', () => {
    for (const [command, message] of [
      ['/nowhere/program --x', "[Errno 2] No such file or directory: '/nowhere/program'"],
      ['/', "[Errno 13] Permission denied: '/'"],
      [
        '"open',
        'Error when retrieving credentials from custom-process: credential_process is not a command: "open',
      ],
      ['', 'Error when retrieving credentials from custom-process: credential_process is not a command: '],
    ] as const)
      assert.throws(() => runCredentialProcess(command, {}), new CredentialError(message))
  })

  it('that prints without end is ended', () => {
    assert.throws(() => given('while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done'), /ENOBUFS/)
  })
})
