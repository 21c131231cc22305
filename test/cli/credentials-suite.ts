import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, beforeEach, describe, test } from 'node:test'
import { CredentialServices, TEMPORARY } from './credential-services.ts'
import type { CommandLine, CommandWorld } from './command-world.ts'

const ARGS = ['create-bucket-access-key', '--bucket-name', 'photos', '--endpoint-url', '{ENDPOINT}']
const ROLE = 'arn:aws:iam::123456789012:role/r'
const STATIC_KEYS =
  'aws_access_key_id = AKIDPROFILE000000000\naws_secret_access_key = profile/secret/Example00000000000000000\n'

/** Where credentials come from, by whatever runs the command. */
export function describeCredentials(lab: CommandWorld): void {
  describe('credentials that another service hands out', () => {
    const services = new CredentialServices()
    let env: Record<string, string> = {}
    before(async () => {
      await lab.start()
      const url = await services.start()
      env = {
        AWS_DEFAULT_REGION: 'us-east-1',
        AWS_ENDPOINT_URL_STS: url,
        AWS_ENDPOINT_URL_SSO: url,
        AWS_EC2_METADATA_SERVICE_ENDPOINT: url,
        SERVICES: url,
      }
    })
    beforeEach(() => (services.requests = []))
    after(async () => {
      await lab.stop()
      await services.stop()
    })

    /** Runs the command without keys of its own; gives what the credential services were asked. */
    async function signsWithTemporaryKeys(line: Partial<CommandLine>) {
      const result = await lab.run({ bare: true, args: ARGS, ...line, env: { ...env, ...line.env } })
      assert.equal(result.exitCode, 0, result.stderr)
      assert.equal(result.requests[0]?.signature, `valid ${TEMPORARY.accessKeyId} us-east-1 lightsail`)
      assert.equal(result.requests[0].token, TEMPORARY.sessionToken)
      return services.requests
    }

    test('a profile with role_arn and source_profile takes the role with the keys of the other profile', async () => {
      const asked = await signsWithTemporaryKeys({
        args: [...ARGS, '--profile', 'role'],
        config: `[profile role]\nrole_arn = ${ROLE}\nsource_profile = base\nexternal_id = outside\nrole_session_name = mine\nduration_seconds = 900\n`,
        credentials: `[base]\n${STATIC_KEYS}`,
      })
      assert.deepEqual(
        asked.map(({ what }) => what),
        ['AssumeRole'],
      )
      const { RoleArn, ExternalId, RoleSessionName, DurationSeconds } = asked[0]?.fields ?? {}
      assert.deepEqual(
        [RoleArn, ExternalId, RoleSessionName, DurationSeconds],
        [ROLE, 'outside', 'mine', '900'],
      )
      assert.match(
        String(asked[0]?.headers.authorization),
        /Credential=AKIDPROFILE000000000\/\d{8}\/us-east-1\/sts/,
      )
    })

    test('the credentials of a role are kept where the AWS CLI keeps them, and read from there', async () => {
      // The name is what botocore makes of this role.
      const file = '.aws/cli/cache/d7eb4fb6becd7eda3794eaed442281587d6f71b9.json'
      const line = {
        args: [...ARGS, '--profile', 'role'],
        config: `[profile role]\nrole_arn = ${ROLE}\nsource_profile = base\nexternal_id = outside\nrole_session_name = mine\nduration_seconds = 900\n`,
        credentials: `[base]\n${STATIC_KEYS}`,
      }
      const kept = (expiration: string) =>
        JSON.stringify({
          Credentials: {
            AccessKeyId: TEMPORARY.accessKeyId,
            SecretAccessKey: TEMPORARY.secretAccessKey,
            SessionToken: TEMPORARY.sessionToken,
            Expiration: expiration,
          },
        })
      const fresh = await signsWithTemporaryKeys({
        ...line,
        homeFiles: { [file]: kept('2099-01-01T00:00:00UTC') },
      })
      assert.deepEqual(fresh, [], 'nobody was asked')
      let count = 0
      for (const text of [kept('2020-01-01T00:00:00Z'), '{"Credentials": 1}', 'nothing']) {
        const asked = await signsWithTemporaryKeys({ ...line, homeFiles: { [file]: text } })
        assert.equal(asked.length, ++count, text)
      }
    })

    test('a role with a device asks for its code', { skip: lab.withoutProcess }, async () => {
      const asked = await signsWithTemporaryKeys({
        args: [...ARGS, '--profile', 'role'],
        config: `[profile role]\nrole_arn = ${ROLE}\nsource_profile = base\nmfa_serial = arn:aws:iam::1:mfa/me\n`,
        credentials: `[base]\n${STATIC_KEYS}`,
        stdin: '123456\n',
      })
      const { SerialNumber, TokenCode } = asked[0]?.fields ?? {}
      assert.deepEqual([SerialNumber, TokenCode], ['arn:aws:iam::1:mfa/me', '123456'])
    })

    test('a profile with credential_source = Environment takes the role with the keys of the environment', async () => {
      const asked = await signsWithTemporaryKeys({
        args: [...ARGS, '--profile', 'role'],
        config: `[profile role]\nrole_arn = ${ROLE}\ncredential_source = Environment\n`,
        env: { AWS_ACCESS_KEY_ID: 'AKIDENV', AWS_SECRET_ACCESS_KEY: 'x' },
      })
      assert.match(String(asked[0]?.headers.authorization), /Credential=AKIDENV\//)
    })

    test('a profile with credential_source = EcsContainer takes the role with the keys of the container', async () => {
      const asked = await signsWithTemporaryKeys({
        args: [...ARGS, '--profile', 'role'],
        config: `[profile role]\nrole_arn = ${ROLE}\ncredential_source = EcsContainer\n`,
        env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${env['SERVICES'] ?? ''}/container` },
      })
      assert.deepEqual(
        asked.map(({ what }) => what),
        ['GET /container', 'AssumeRole'],
      )
    })

    test('the environment names an identity token and a role', async () => {
      const asked = await signsWithTemporaryKeys({
        files: { token: 'the-identity-token' },
        env: {
          AWS_WEB_IDENTITY_TOKEN_FILE: '{DIR}/token',
          AWS_ROLE_ARN: ROLE,
          AWS_ROLE_SESSION_NAME: 'mine',
        },
      })
      assert.equal(asked[0]?.what, 'AssumeRoleWithWebIdentity')
      assert.equal(asked[0].fields['WebIdentityToken'], 'the-identity-token')
      assert.equal(asked[0].fields['RoleSessionName'], 'mine')
      assert.equal(asked[0].headers.authorization, undefined)
    })

    test('a profile names an identity token and a role', async () => {
      const asked = await signsWithTemporaryKeys({
        args: [...ARGS, '--profile', 'web'],
        files: { token: 'the-identity-token' },
        config: `[profile web]\nrole_arn = ${ROLE}\nweb_identity_token_file = {DIR}/token\n`,
      })
      assert.equal(asked[0]?.what, 'AssumeRoleWithWebIdentity')
    })

    for (const [form, start, name] of [
      ['the older form of a profile', 'https://sso.example/start', 'https://sso.example/start'],
      ['a session of its own section', 'https://sso.example/start', 'work'],
    ] as const) {
      test(`single sign-on uses the token that "aws sso login" left, in ${form}`, async () => {
        const cacheFile = `${createHash('sha1').update(name).digest('hex')}.json`
        const account = 'sso_account_id = 123456789012\nsso_role_name = reader\n'
        const where = `sso_start_url = ${start}\nsso_region = us-east-1\n`
        const asked = await signsWithTemporaryKeys({
          args: [...ARGS, '--profile', 'sso'],
          config:
            name === 'work'
              ? `[profile sso]\nsso_session = work\n${account}[sso-session work]\n${where}`
              : `[profile sso]\n${where}${account}`,
          homeFiles: {
            [`.aws/sso/cache/${cacheFile}`]: JSON.stringify({
              startUrl: start,
              region: 'us-east-1',
              accessToken: 'portal-token',
              expiresAt: '2099-01-01T00:00:00Z',
            }),
          },
        })
        assert.equal(asked[0]?.what, 'GET /federation/credentials')
        assert.deepEqual(asked[0].fields, { account_id: '123456789012', role_name: 'reader' })
        assert.equal(asked[0].headers['x-amz-sso_bearer_token'], 'portal-token')
      })
    }

    test('single sign-on without a token says how to sign in', async () => {
      const { exitCode, stderr } = await lab.run({
        bare: true,
        env,
        args: [...ARGS, '--profile', 'sso'],
        config:
          '[profile sso]\nsso_start_url = https://sso.example/start\nsso_region = us-east-1\nsso_account_id = 1\nsso_role_name = r\n',
      })
      assert.equal(exitCode, 255)
      assert.match(stderr, /aws sso login/)
    })

    test('the environment of a container names a URL, and the token to show there', async () => {
      const asked = await signsWithTemporaryKeys({
        env: {
          AWS_CONTAINER_CREDENTIALS_FULL_URI: `${env['SERVICES'] ?? ''}/container`,
          AWS_CONTAINER_AUTHORIZATION_TOKEN: 'container-token',
        },
      })
      assert.deepEqual(
        asked.map(({ what }) => what),
        ['GET /container'],
      )
      assert.equal(asked[0]?.headers.authorization, 'container-token')
    })

    test('an instance gives the keys of its role, after a session token of the metadata service', async () => {
      const asked = await signsWithTemporaryKeys({ env: { AWS_EC2_METADATA_DISABLED: 'false' } })
      assert.equal(asked[0]?.what, 'PUT /latest/api/token')
      assert.equal(asked.at(-1)?.what, 'GET /latest/meta-data/iam/security-credentials/instance-role')
      assert.equal(asked.at(-1)?.headers['x-aws-ec2-metadata-token'], 'metadata-token')
    })

    test('a role that is refused ends the command with what the service said', async () => {
      const { exitCode, stderr } = await lab.run({
        bare: true,
        args: [...ARGS, '--profile', 'role'],
        config: `[profile role]\nrole_arn = ${ROLE}\nsource_profile = nobody\n`,
        env,
      })
      assert.equal(exitCode, 255)
      assert.match(stderr, /nobody/)
    })
  })
}
