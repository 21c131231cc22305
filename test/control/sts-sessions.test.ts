import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { STS_RULES } from '../../src/auth/service-rules.ts'
import { signRequest, type ClientCredentials } from '../../src/auth/sign-request.ts'
import { ManualClock } from '../manual-clock.ts'
import { startControlServer, type ControlServer } from './control-server.ts'
import { OwnApi } from './own-api.ts'

const START = Date.UTC(2030, 0, 1)
const isoAfter = (seconds: number): string => new Date(START + seconds * 1_000).toISOString()
const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::photos/*' }],
})

interface Answer {
  readonly status: number
  readonly tag: (name: string) => string | undefined
}

describe('temporary credentials of STS', () => {
  let server: ControlServer
  let roleArn: string
  let roleId: string
  let accountId: string
  before(async () => {
    server = await startControlServer({ clock: new ManualClock(START), accountName: 'default' })
    ;({ accountId } = server.account.account)
    const api = new OwnApi(server)
    const { role } = await api.call<{ readonly role: { readonly roleArn: string; readonly roleId: string } }>(
      'CreateRole',
      { name: 'reader', rights: ['read'], sessionSecondsMax: 7_200 },
    )
    ;({ roleArn, roleId } = role)
    await api.call('CreateRole', { name: 'short', rights: ['read'], sessionSecondsMax: 900 })
    await api.call('CreateRole', { name: 'elsewhere', rights: ['read'], sourceNetworks: ['203.0.113.0/24'] })
    await api.call('CreateRole', { name: 'over', rights: ['read'], expiresAt: START / 1_000 + 5_000 })
  })
  after(() => server.stop())

  async function ask(
    action: string,
    parameters: Readonly<Record<string, string>> = {},
    credentials: ClientCredentials = server.account.rootKey,
  ): Promise<Answer> {
    const body = new URLSearchParams({ Action: action, Version: '2011-06-15', ...parameters }).toString()
    const { headers } = signRequest({
      method: 'POST',
      url: '/',
      headers: { host: new URL(server.url).host, 'content-type': 'application/x-www-form-urlencoded' },
      payloadHash: createHash('sha256').update(body).digest('hex'),
      credentials,
      rules: STS_RULES,
      region: 'us-east-1',
      nowMs: START,
    })
    const response = await fetch(server.url, { method: 'POST', headers, body })
    const text = await response.text()
    return {
      status: response.status,
      tag: (name) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1],
    }
  }
  const credentialsIn = ({ status, tag }: Answer): ClientCredentials => {
    assert.equal(status, 200, tag('Message'))
    return {
      accessKeyId: tag('AccessKeyId') ?? assert.fail(),
      secretAccessKey: tag('SecretAccessKey') ?? assert.fail(),
      sessionToken: tag('SessionToken') ?? assert.fail(),
    }
  }
  const take = (
    more: Readonly<Record<string, string>> = {},
    credentials?: ClientCredentials,
  ): Promise<Answer> =>
    ask('AssumeRole', { RoleArn: roleArn, RoleSessionName: 'robot', ...more }, credentials)
  const errorOf = ({ status, tag }: Answer): unknown[] => [status, tag('Code')]

  it('GetSessionToken gives some that stand for the key that asks, for as long as is said', async () => {
    const answer = await ask('GetSessionToken', { DurationSeconds: '900' })
    assert.equal(answer.tag('Expiration'), isoAfter(900))
    const session = credentialsIn(answer)
    assert.match(session.accessKeyId, /^ASIA/)
    const identity = await ask('GetCallerIdentity', {}, session)
    assert.equal(identity.tag('Arn'), `arn:aws:iam::${accountId}:root`)
    const again = await ask('GetSessionToken', {}, session)
    assert.deepEqual(errorOf(again), [403, 'AccessDenied'])
    assert.equal(again.tag('Message'), 'Cannot call GetSessionToken with session credentials')
    const forged = await ask('GetCallerIdentity', {}, { ...session, sessionToken: 'forged' })
    assert.deepEqual(errorOf(forged), [403, 'InvalidClientTokenId'])
  })

  it('AssumeRole gives some of the role, under the name of the session, for an hour or as long as is said', async () => {
    const answer = await take()
    assert.equal(answer.tag('Expiration'), isoAfter(3_600))
    const arn = `arn:aws:sts::${accountId}:assumed-role/reader/robot`
    assert.deepEqual([answer.tag('AssumedRoleId'), answer.tag('Arn')], [`${roleId}:robot`, arn])
    assert.equal(answer.tag('PackedPolicySize'), undefined)
    const identity = await ask('GetCallerIdentity', {}, credentialsIn(answer))
    assert.deepEqual([identity.tag('Arn'), identity.tag('UserId')], [arn, `${roleId}:robot`])
    assert.equal((await take({ DurationSeconds: '7200' })).tag('Expiration'), isoAfter(7_200))
    const short = roleArn.replace('reader', 'short')
    assert.equal((await take({ RoleArn: short })).tag('Expiration'), isoAfter(900))
    const over = roleArn.replace('reader', 'over')
    assert.equal((await take({ RoleArn: over })).tag('Expiration'), isoAfter(3_600))
  })

  it('of a role are shown with its bounds', async () => {
    const { accessKeyId, secretAccessKey, sessionToken } = credentialsIn(await take())
    const key = { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) }
    const rights = await new OwnApi(server, key).call('GetCallerRights')
    assert.deepEqual(
      [rights['callerType'], rights['name'], rights['rights'], rights['isFirstAccount']],
      ['role', 'reader', ['read'], false],
    )
  })

  it('may be bounded by a policy, and tell how much of the room it takes', async () => {
    const answer = await take({ Policy: POLICY })
    credentialsIn(answer)
    const percent = Number(answer.tag('PackedPolicySize'))
    assert.ok(percent > 0 && percent <= 100, String(percent))
    const spaced = await take({ Policy: JSON.stringify(JSON.parse(POLICY), null, 4) })
    assert.equal(Number(spaced.tag('PackedPolicySize')), percent, 'what says nothing takes no room')
    assert.deepEqual(errorOf(await take({ Policy: '{"Statement": 7}' })), [400, 'MalformedPolicyDocument'])
    assert.deepEqual(errorOf(await take({ Policy: '{' })), [400, 'MalformedPolicyDocument'])
  })

  it('are not given for longer than the role allows', async () => {
    const answer = await take({ DurationSeconds: '7201' })
    assert.deepEqual(errorOf(answer), [400, 'ValidationError'])
    assert.match(answer.tag('Message') ?? '', /exceeds the MaxSessionDuration set for this role/)
    assert.deepEqual(errorOf(await ask('GetSessionToken', { DurationSeconds: '899' })), [
      400,
      'ValidationError',
    ])
  })

  it('are not given of a role that there is not, that is another account’s, or that may not be taken from here', async () => {
    for (const arn of [
      roleArn.replace('reader', 'nobody'),
      roleArn.replace(accountId, '000000000000'),
      roleArn.replace('reader', 'elsewhere'),
      `${roleArn}/more`,
      'arn:aws:iam::nobody:role/reader',
    ]) {
      const answer = await take({ RoleArn: arn })
      assert.deepEqual(errorOf(answer), [403, 'AccessDenied'], arn)
      assert.equal(
        answer.tag('Message'),
        `User: arn:aws:iam::${accountId}:root is not authorized to perform: sts:AssumeRole on resource: ${arn}`,
      )
    }
  })

  it('end with their time and with their role', async () => {
    const session = credentialsIn(await take())
    await new OwnApi(server).call('DeleteRole', { name: 'reader' })
    assert.equal(errorOf(await ask('GetCallerIdentity', {}, session))[0], 403)
    assert.deepEqual(errorOf(await take()), [403, 'AccessDenied'])
  })
})
