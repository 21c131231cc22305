import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { LUGSAIL_RULES } from '../../src/auth/service-rules.ts'
import { signRequest } from '../../src/auth/sign-request.ts'
import { LUGSAIL_TARGET_PREFIX, type LUGSAIL_OPERATION_NAMES } from '../../src/model/lugsail/names.ts'
import type { AccessKeyPair } from '../../src/service/credentials/mint-access-key.ts'
import type { ControlServer } from './control-server.ts'

type Name = (typeof LUGSAIL_OPERATION_NAMES)[number]
type Members = Readonly<Record<string, unknown>>

/** Calls Lugsail's own API as it is on the wire, by the server's clock. */
export class OwnApi {
  readonly #server: ControlServer
  readonly #key: AccessKeyPair
  readonly #region: string

  constructor(server: ControlServer, key = server.account.rootKey, region = 'us-east-1') {
    this.#server = server
    this.#key = key
    this.#region = region
  }

  /** What the operation answers. */
  async call<T = Members>(name: Name, input: Members = {}): Promise<T> {
    const { status, body } = await this.#send(name, input)
    assert.equal(status, 200, JSON.stringify(body))
    return body as T
  }

  /** The type of the error with which it is refused, and its message. */
  async refused(
    name: Name,
    input: Members = {},
  ): Promise<{ readonly type: string; readonly message: string }> {
    const { status, body } = await this.#send(name, input)
    assert.equal(status, 400, JSON.stringify(body))
    return { type: String(body['__type']), message: String(body['message']) }
  }

  async #send(name: Name, input: Members): Promise<{ readonly status: number; readonly body: Members }> {
    const body = JSON.stringify(input)
    const { headers } = signRequest({
      method: 'POST',
      url: '/',
      headers: {
        host: new URL(this.#server.url).host,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `${LUGSAIL_TARGET_PREFIX}.${name}`,
      },
      payloadHash: createHash('sha256').update(body).digest('hex'),
      credentials: this.#key,
      rules: LUGSAIL_RULES,
      region: this.#region,
      nowMs: this.#server.context.clock.now(),
    })
    const response = await fetch(this.#server.url, { method: 'POST', headers, body })
    return { status: response.status, body: (await response.json()) as Members }
  }
}
