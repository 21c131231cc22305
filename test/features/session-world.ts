import assert from 'node:assert/strict'
import type { ClientCredentials } from '../../src/auth/sign-request.ts'
import type { SignedClient } from '../harness/signed-client.ts'

/** Temporary credentials, as STS gives them. */
export interface TemporaryKey extends ClientCredentials {
  readonly sessionToken: string
}

/** Asks STS for credentials; fails where that is refused. */
export async function takeSession(
  client: SignedClient,
  action: string,
  parameters: Readonly<Record<string, string>> = {},
): Promise<TemporaryKey> {
  const { status, body } = await client.sts(action, parameters)
  assert.equal(status, 200, body.toString())
  return credentialsOf(body.toString())
}

/** The credentials of an answer of STS. */
export function credentialsOf(text: string): TemporaryKey {
  const member = (name: string) => tagOf(text, name) ?? assert.fail(`no ${name} in ${text}`)
  return {
    accessKeyId: member('AccessKeyId'),
    secretAccessKey: member('SecretAccessKey'),
    sessionToken: member('SessionToken'),
  }
}

/** The text of an element of an answer. */
export const tagOf = (text: string, name: string): string | undefined =>
  new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1]

/** Code and message of a refusal of STS. */
export async function stsRefusal(
  client: SignedClient,
  action: string,
  parameters: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { status, body } = await client.sts(action, parameters)
  const text = body.toString()
  assert.notEqual(status, 200, text)
  return `${status} ${tagOf(text, 'Code')}: ${tagOf(text, 'Message')}`
}
