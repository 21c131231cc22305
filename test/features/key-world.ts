import assert from 'node:assert/strict'
import { createAccount } from '../../src/service/accounts/create-account.ts'
import { SignedClient, type HttpResponse } from '../harness/signed-client.ts'
import { startFeatureServer, type FeatureServer } from './feature-server.ts'

export interface KeyPair {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** A member of a response of the own API, as far as tests look. */
export interface ShownKey extends KeyPair {
  readonly name: string
  readonly status: string
  readonly buckets?: readonly string[]
  readonly rights?: readonly string[]
  readonly expiresAt?: number
  readonly [member: string]: unknown
}

/** A server with an account that has two buckets, `photos` and `papers`, and makes application keys. */
export class KeyWorld {
  readonly server: FeatureServer
  readonly root: SignedClient
  readonly accountId: string
  readonly #clients: SignedClient[] = []

  private constructor(server: FeatureServer, root: SignedClient, accountId: string) {
    this.server = server
    this.root = root
    this.accountId = accountId
  }

  static async start(options: Readonly<Record<string, string>> = {}): Promise<KeyWorld> {
    const server = await startFeatureServer(options)
    const { account, rootKey } = await createAccount(server.context, 'keys')
    const root = new SignedClient({ endpoint: server.endpoint, region: 'us-east-1' }, rootKey)
    for (const bucketName of ['photos', 'papers'])
      await root.lightsail('CreateBucket', { bucketName, bundleId: 'small_1_0' })
    for (const path of ['/photos/a/1', '/photos/a/2', '/photos/b/1', '/papers/x'])
      await root.s3({ method: 'PUT', path, body: Buffer.from(path) })
    return new KeyWorld(server, root, account.accountId)
  }

  async stop(): Promise<void> {
    for (const client of [...this.#clients, this.root]) client.close()
    await this.server.stop()
  }

  client(key: KeyPair): SignedClient {
    const client = new SignedClient({ endpoint: this.server.endpoint, region: 'us-east-1' }, key)
    this.#clients.push(client)
    return client
  }

  /** Calls the own API as the account; fails where that is refused. */
  async call<T = { readonly accessKey: ShownKey }>(operation: string, input: object): Promise<T> {
    const { status, body } = await this.root.lugsail(operation, input)
    assert.equal(status, 200, body.toString())
    return JSON.parse(body.toString()) as T
  }

  /** What a call of the own API is refused with. */
  async refusal(operation: string, input: object, as = this.root): Promise<string> {
    const { status, body } = await as.lugsail(operation, input)
    assert.notEqual(status, 200, body.toString())
    const { __type, message } = JSON.parse(body.toString()) as { __type: string; message: string }
    return `${__type}: ${message}`
  }

  /** A client with a new application key. */
  async withKey(name: string, bounds: object): Promise<SignedClient> {
    return this.client((await this.call('CreateAccessKey', { name, ...bounds })).accessKey)
  }
}

/** Status and code of a response: `200`, `403 AccessDenied`. */
export const outcomeOf = ({ status, body }: HttpResponse): string =>
  `${status} ${/<Code>(.*?)<\/Code>/.exec(body.toString())?.[1] ?? ''}`.trim()

/** Sends requests, `GET /photos/a/1`, each with a small body where it stores something, and gives what they came to. */
export async function outcomes(
  client: SignedClient,
  ...requests: readonly string[]
): Promise<Readonly<Record<string, string>>> {
  const results: Record<string, string> = {}
  for (const request of requests) {
    const [method = '', path = ''] = request.split(' ')
    const body = method === 'PUT' ? { body: Buffer.from('stored') } : {}
    results[request] = outcomeOf(await client.s3({ method, path, ...body }))
  }
  return results
}
