import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { isoSeconds } from '../../base/iso-seconds.ts'
import { roleOf, withRoleCache, type AskedRole } from './role-cache.ts'

const MINUTE_MS = 60_000
const ROLE = 'arn:aws:iam::1:role/r'
/** Far enough from now for whole seconds not to matter. */
const inMinutes = (minutes: number): number => Math.floor(Date.now() / 1000) * 1000 + minutes * MINUTE_MS

const found = { accessKeyId: 'ASIA', secretAccessKey: 'secret', sessionToken: 'token' }

let home = ''
let folder = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lugsail-role-cache-'))
  folder = join(home, '.aws/cli/cache')
})
afterEach(() => rmSync(home, { recursive: true }))

/** The credentials of the role, and how often they were asked for. */
async function had(role: AskedRole, expiresAtMs = inMinutes(60), given: object = found) {
  let asked = 0
  const credentials = await withRoleCache(role, { HOME: home }, () => {
    asked += 1
    return Promise.resolve({
      ...(given as typeof found),
      expiresAtMs,
    })
  })
  return { asked, credentials }
}

describe('the credentials of a role', () => {
  it('are asked for once, and kept for the next command in a file that nobody else may read', async () => {
    const expiresAtMs = inMinutes(60)
    assert.deepEqual(await had({ RoleArn: ROLE }, expiresAtMs), {
      asked: 1,
      credentials: { ...found, expiresAtMs },
    })
    const [name = ''] = readdirSync(folder)
    // The name is the digest that botocore makes of the role, as JSON of Python's.
    assert.equal(name, `${createHash('sha1').update(`{"RoleArn": "${ROLE}"}`).digest('hex')}.json`)
    assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600)
    assert.deepEqual(JSON.parse(readFileSync(join(folder, name), 'utf8')), {
      Credentials: {
        AccessKeyId: 'ASIA',
        SecretAccessKey: 'secret',
        SessionToken: 'token',
        Expiration: isoSeconds(expiresAtMs),
      },
    })
    assert.deepEqual(await had({ RoleArn: ROLE }, inMinutes(90), { accessKeyId: 'other' }), {
      asked: 0,
      credentials: { ...found, expiresAtMs },
    })
  })

  it('are another file for each thing that is asked of the role, in the order of their names', async () => {
    const asked = {
      RoleArn: ROLE,
      RoleSessionName: 'é',
      DurationSeconds: 900,
      ExternalId: 'x',
      SerialNumber: '',
    }
    await had(asked)
    const text = `{"DurationSeconds": 900, "ExternalId": "x", "RoleArn": "${ROLE}", "RoleSessionName": "\\u00e9"}`
    assert.deepEqual(readdirSync(folder), [`${createHash('sha1').update(text).digest('hex')}.json`])
    assert.equal((await had({ ...asked, ExternalId: 'y' })).asked, 1)
    assert.equal((await had({ ...asked, SerialNumber: undefined })).asked, 0)
  })

  it('are asked for again a quarter of an hour before they end', async () => {
    await had({ RoleArn: ROLE }, inMinutes(14))
    assert.equal((await had({ RoleArn: ROLE }, inMinutes(16))).asked, 1)
    assert.equal((await had({ RoleArn: ROLE })).asked, 0)
  })

  it('are not kept where nobody says when they end, or without a session', async () => {
    assert.equal(
      (await withRoleCache({ RoleArn: ROLE }, { HOME: home }, () => Promise.resolve(found))).accessKeyId,
      'ASIA',
    )
    await had({ RoleArn: ROLE }, inMinutes(60), { ...found, sessionToken: undefined })
    assert.throws(() => readdirSync(folder), { code: 'ENOENT' })
  })

  it('are asked for where a file is damaged', async () => {
    await had({ RoleArn: ROLE })
    const path = join(folder, readdirSync(folder)[0] ?? '')
    const whole = JSON.parse(readFileSync(path, 'utf8')) as { Credentials: Record<string, unknown> }
    const broken = [
      '',
      '[]',
      '{"Credentials": 1}',
      ...Object.keys(whole.Credentials).flatMap((name) =>
        [undefined, 7].map((value) =>
          JSON.stringify({ Credentials: { ...whole.Credentials, [name]: value } }),
        ),
      ),
    ]
    for (const text of broken) {
      writeFileSync(path, text)
      assert.equal((await had({ RoleArn: ROLE })).asked, 1, text)
    }
  })

  it('are used where they cannot be kept', async () => {
    mkdirSync(join(home, '.aws'))
    writeFileSync(join(home, '.aws/cli'), 'a file')
    assert.equal((await had({ RoleArn: ROLE })).credentials.accessKeyId, 'ASIA')
  })
})

describe('the role of a profile', () => {
  const profile = {
    role_arn: ROLE,
    role_session_name: 'me',
    external_id: 'x',
    mfa_serial: 'device',
    duration_seconds: '+900',
  }
  it('is what the profile says, with a length in whole seconds only', () => {
    const asked = {
      RoleArn: ROLE,
      RoleSessionName: 'me',
      ExternalId: 'x',
      SerialNumber: 'device',
      DurationSeconds: 900,
    }
    assert.deepEqual(roleOf(new Map(Object.entries(profile))), asked)
    for (const duration_seconds of ['1.5', 'x', '9 0', '', '900s'])
      assert.deepEqual(roleOf(new Map(Object.entries({ ...profile, duration_seconds }))), {
        ...asked,
        DurationSeconds: undefined,
      })
  })

  it('with a token of another service has an ARN and a name alone', () => {
    assert.deepEqual(roleOf(new Map(Object.entries({ ...profile, web_identity_token_file: '/token' }))), {
      RoleArn: ROLE,
      RoleSessionName: 'me',
    })
  })

  it('is none without an ARN, and takes no section for a text', () => {
    assert.deepEqual(roleOf(new Map([['role_session_name', new Map()]])), {
      RoleArn: '',
      RoleSessionName: undefined,
      ExternalId: undefined,
      SerialNumber: undefined,
      DurationSeconds: undefined,
    })
  })
})
