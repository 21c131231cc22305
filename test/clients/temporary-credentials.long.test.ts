/** SDKs and the aws CLI with credentials that end: taken by roles, by tokens of an issuer, and by `lugsail credentials`. */
import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { EXECUTABLE } from '../harness/executable.ts'
import { startOidcIssuer, type OidcIssuer } from '../harness/oidc-issuer.ts'
import {
  isThere,
  TEMPORARY_CREDENTIALS_CLIENTS,
  WAYS,
  waysOf,
  type TemporaryCredentialsClient,
  type Way,
} from './temporary-credentials.ts'
import { needs, startWorld, type ClientWorld, type RunOptions } from './world.ts'

const ROLE = 'inspect'
/** The role is kept to it; the key that takes the role is not. */
const PREFIX = 'in/'
const SETTINGS = { 'web-identity-http': 'loopback' }

/** What a program is run with to find credentials in one of the ways. */
type Environment = Readonly<Record<string, string>>

for (const client of TEMPORARY_CREDENTIALS_CLIENTS) {
  const skip = !isThere(client) && 'not installed (see test/clients/install-sdks.sh)'
  describe(`${client.name} ${client.version} with credentials that end`, { skip }, () => {
    const world = startWorld(undefined, undefined, SETTINGS)
    const roles = startRoles(world)
    for (const way of waysOf(client))
      it(`finds ${WAYS[way]}`, async () => {
        const isRenewed = way === 'process'
        const { urls, refusedWith } = await runClient(
          world(),
          client,
          await roles().environmentOf(way),
          isRenewed,
        )
        assert.equal(refusedWith, way === 'environment' ? null : 'AccessDenied')
        assert.equal(urls.length, isRenewed ? 2 : 1)
        for (const url of urls) {
          const query = new URL(url).searchParams
          assert.match(query.get('X-Amz-Credential') ?? '', /^ASIA/)
          assert.ok(query.has('X-Amz-Security-Token'))
          const response = await fetch(url)
          assert.match(await response.text(), /^from /)
        }
      })
  })
}

describe('aws CLI with credentials that end', needs('aws'), () => {
  const world = startWorld(undefined, undefined, SETTINGS)
  const roles = startRoles(world)
  const aws = (environment: Environment, ...args: readonly string[]): Promise<string> =>
    world().run('aws', args, { withoutKey: true, environment })
  const url = (key: string): string => `s3://${world().bucket}/${key}`

  const ways = (Object.keys(WAYS) as Way[]).filter((way) => way !== 'environment')
  for (const way of ways)
    it(`finds ${WAYS[way]}`, async () => {
      const environment = await roles().environmentOf(way)
      const identity = await aws(
        environment,
        'sts',
        'get-caller-identity',
        '--query',
        'Arn',
        '--output',
        'text',
      )
      assert.match(identity, /^arn:aws:sts::\d{12}:assumed-role\/inspect\/\S+\n$/)
      await world().run('aws', ['s3', 'cp', '-', url('in/a b')], {
        withoutKey: true,
        environment,
        input: 'stored',
      })
      assert.equal(await aws(environment, 's3', 'cp', url('in/a b'), '-'), 'stored')
      await assert.rejects(
        aws(environment, 's3', 'cp', world().path('.aws/config'), url('out')),
        /AccessDenied/,
      )
      const presigned = (await aws(environment, 's3', 'presign', url('in/a b'))).trim()
      assert.match(presigned, /security-token/i)
      assert.equal(await (await fetch(presigned)).text(), 'stored')
    })

  it('gets and uses credentials by sts get-session-token, assume-role and assume-role-with-web-identity', async () => {
    const source = { AWS_PROFILE: 'source', AWS_ENDPOINT_URL: world().endpoint }
    const arn = roles().arn
    const named = ['--role-arn', arn, '--role-session-name', 'by-hand']
    const token = await roles().token()
    const calls = [
      [source, 'get-session-token', '--duration-seconds', '900'],
      [source, 'assume-role', ...named],
      [
        { AWS_ENDPOINT_URL: world().endpoint },
        'assume-role-with-web-identity',
        ...named,
        '--web-identity-token',
        token,
      ],
    ] as const
    for (const [environment, ...call] of calls) {
      const given = environmentOf(await aws(environment, 'sts', ...call, '--output', 'json'))
      assert.match(given['AWS_ACCESS_KEY_ID'] ?? '', /^ASIA/)
      const listed = await aws({ ...given, AWS_ENDPOINT_URL: world().endpoint }, 's3', 'ls', url(PREFIX))
      assert.match(listed, / a b$/m)
    }
  })
})

/** A role of the account, and the files and variables by which programs take it. */
class Roles {
  readonly arn: string
  readonly #world: ClientWorld
  readonly #issuer: OidcIssuer

  constructor(world: ClientWorld, issuer: OidcIssuer, accountId: string) {
    this.#world = world
    this.#issuer = issuer
    this.arn = `arn:aws:iam::${accountId}:role/${ROLE}`
  }

  /** A new token of the issuer. */
  token(): Promise<string> {
    return this.#issuer.issuedToken()
  }

  /** Writes the files of a way, and gives the variables that lead to them. */
  async environmentOf(way: Way): Promise<Environment> {
    const { endpoint, region } = this.#world
    const endpointUrl = `endpoint_url = ${endpoint}`
    const tokenFile = this.#world.path('token')
    writeFileSync(tokenFile, await this.token())
    const taken = `role_arn = ${this.arn}\nsource_profile = source`
    const variables = { AWS_ENDPOINT_URL: endpoint, AWS_REGION: region, AWS_DEFAULT_REGION: region }
    const ofSts = { AWS_ENDPOINT_URL_STS: endpoint }
    switch (way) {
      case 'role-environment':
      case 'role-variables':
        this.#writeConfig(taken)
        return { AWS_PROFILE: 'inspect', ...variables, ...(way === 'role-variables' && ofSts) }
      case 'role-profile':
        this.#writeConfig(`${taken}\n${endpointUrl}`)
        return { AWS_PROFILE: 'inspect' }
      case 'role-services':
        this.#writeConfig(
          `${taken}\nservices = here\n\n[services here]\ns3 =\n  ${endpointUrl}\nsts =\n  ${endpointUrl}`,
        )
        return { AWS_PROFILE: 'inspect' }
      case 'web-identity':
      case 'web-identity-variables':
        return {
          ...{ AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile, AWS_ROLE_ARN: this.arn, ...variables },
          ...(way === 'web-identity-variables' && ofSts),
        }
      case 'web-identity-profile':
        this.#writeConfig(`role_arn = ${this.arn}\nweb_identity_token_file = ${tokenFile}\n${endpointUrl}`)
        return { AWS_PROFILE: 'inspect' }
      case 'process':
        this.#writeConfig(`credential_process = ${this.#credentialProcess()}\n${endpointUrl}`)
        return { AWS_PROFILE: 'inspect' }
      case 'environment': {
        const args = ['credentials', '--key-file', this.#world.path('key.json')]
        return { ...environmentOf(await this.#world.run(EXECUTABLE, args)), ...variables }
      }
    }
  }

  #writeConfig(lines: string): void {
    const { path, region, key } = {
      path: this.#world.path('.aws'),
      region: this.#world.region,
      key: this.#world.key,
    }
    mkdirSync(path, { recursive: true })
    writeFileSync(
      `${path}/config`,
      `[profile inspect]\nregion = ${region}\n${lines}\n\n[profile source]\nregion = ${region}\n`,
    )
    writeFileSync(
      `${path}/credentials`,
      `[source]\naws_access_key_id = ${key.accessKeyId}\naws_secret_access_key = ${key.secretAccessKey}\n`,
    )
  }

  /** Says that what `lugsail credentials` gives ends in two seconds, so that who keeps it asks again: the least that the server gives is 15 minutes. */
  #credentialProcess(): string {
    const path = this.#world.path('credentials.mjs')
    writeFileSync(
      path,
      `#!${process.execPath}
import { execFileSync } from 'node:child_process'
const args = ['credentials', '--key-file', ${JSON.stringify(this.#world.path('key.json'))}, '--role', '${ROLE}', '--for', '15m']
const given = JSON.parse(execFileSync(${JSON.stringify(EXECUTABLE)}, args, { encoding: 'utf8' }))
if (Math.abs(Date.parse(given.Expiration) - Date.now() - 900_000) > 60_000) throw new Error(given.Expiration)
const Expiration = new Date(Date.now() + 2_000).toISOString().replace(/\\.\\d+/, '')
console.log(JSON.stringify({ ...given, Expiration }))
`,
    )
    chmodSync(path, 0o700)
    return path
  }
}

/** Makes the role, the key file and the issuer before the tests of the calling suite. */
function startRoles(world: () => ClientWorld): () => Roles {
  let roles: Roles | undefined
  let issuer: OidcIssuer | undefined
  before(async () => {
    issuer = await startOidcIssuer('urn:lugsail')
    const options: RunOptions = { key: world().rootKey }
    const lugsail = (...args: readonly string[]): Promise<string> => world().run(EXECUTABLE, args, options)
    const made = await lugsail(
      ...['role', 'create', ROLE, '--buckets', world().bucket, '--rights', 'read', 'write', 'list'],
      ...['--prefixes', PREFIX, '--trusts', `issuer=${issuer.url},audiences=${issuer.audience},subjects=ci`],
    )
    const accountId = /arn:aws:iam::(\d{12}):role/.exec(made)?.[1]
    assert.ok(accountId !== undefined, made)
    await lugsail(
      ...['key', 'create', 'source', '--buckets', world().bucket, '--rights', 'read', 'write', 'list'],
      ...['--write-json', 'key.json'],
    )
    roles = new Roles(world(), issuer, accountId)
  })
  after(async () => {
    await issuer?.stop()
  })
  return () => roles ?? assert.fail('the role is made before the first test')
}

/** Variables of what `aws sts` or `lugsail credentials` gave. */
function environmentOf(output: string): Environment {
  const outer = membersOf(JSON.parse(output))
  const members = 'Credentials' in outer ? membersOf(outer['Credentials']) : outer
  return {
    AWS_ACCESS_KEY_ID: String(members['AccessKeyId']),
    AWS_SECRET_ACCESS_KEY: String(members['SecretAccessKey']),
    AWS_SESSION_TOKEN: String(members['SessionToken']),
  }
}

const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {}

async function runClient(
  world: ClientWorld,
  { command, isToldEndpoint }: TemporaryCredentialsClient,
  environment: Environment,
  isRenewed: boolean,
): Promise<{ readonly urls: readonly string[]; readonly refusedWith: unknown }> {
  const [file = '', ...args] = command.map((word) => (word.includes('/') ? resolve(word) : word))
  const further = [world.bucket, isRenewed ? 'renewed' : 'kept', ...(isToldEndpoint ? [world.endpoint] : [])]
  const output = await world.run(file, [...args, ...further], { withoutKey: true, environment })
  const { urls, refusedWith } = membersOf(JSON.parse(output))
  assert.ok(Array.isArray(urls))
  return { urls: urls.map(String), refusedWith }
}
