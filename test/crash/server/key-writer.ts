import assert from 'node:assert/strict'
import { SignedClient } from '../../harness/signed-client.ts'
import { expectStatus, type Session, type Writer } from './session.ts'

const REMEMBERED_MAX = 10

interface Key {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** Creates and deletes the access keys of a bucket. */
export class KeyWriter implements Writer {
  readonly #bucketName: string
  readonly #server: { endpoint: string; readonly region: string }
  #keys: Key[] = []
  #deleted: Key[] = []
  #pending: 'create' | Key | null = null

  constructor(bucketName: string, server: { readonly endpoint: string; readonly region: string }) {
    this.#bucketName = bucketName
    this.#server = { ...server }
  }

  /** After a restart the server may listen on another port. */
  moveTo(endpoint: string): void {
    this.#server.endpoint = endpoint
  }

  async write(session: Session): Promise<void> {
    const { client, random } = session
    const bucketName = this.#bucketName
    const key = this.#keys[random.below(this.#keys.length || 1)]
    if (key && (this.#keys.length === 2 || random.below(2) === 0)) {
      this.#pending = key
      const { accessKeyId } = key
      expectStatus(await client.lightsail('DeleteBucketAccessKey', { bucketName, accessKeyId }), 200)
      this.#forget(key)
    } else {
      this.#pending = 'create'
      const response = expectStatus(await client.lightsail('CreateBucketAccessKey', { bucketName }), 200)
      this.#keys.push((JSON.parse(response.body.toString()) as { accessKey: Key }).accessKey)
    }
    this.#pending = null
    session.acknowledge()
  }

  async verify({ client }: Session): Promise<void> {
    const bucketName = this.#bucketName
    const listed = expectStatus(await client.lightsail('GetBucketAccessKeys', { bucketName }), 200)
    const { accessKeys } = JSON.parse(listed.body.toString()) as { accessKeys: { accessKeyId: string }[] }
    const ids = new Set(accessKeys.map(({ accessKeyId }) => accessKeyId))
    if (this.#pending !== null && this.#pending !== 'create' && !ids.has(this.#pending.accessKeyId))
      this.#forget(this.#pending)
    for (const { accessKeyId } of this.#keys)
      assert.ok(ids.delete(accessKeyId), `the acknowledged key ${accessKeyId} is not listed`)
    // One whose creation was cut off: nobody knows its secret.
    assert.ok(ids.size <= (this.#pending === 'create' ? 1 : 0), `keys that nobody made: ${[...ids].join()}`)
    for (const accessKeyId of ids)
      expectStatus(await client.lightsail('DeleteBucketAccessKey', { bucketName, accessKeyId }), 200)
    for (const key of this.#keys) assert.equal(await this.#use(key), '200')
    for (const key of this.#deleted) assert.equal(await this.#use(key), '403 InvalidAccessKeyId')
    this.#pending = null
  }

  #forget(key: Key): void {
    this.#keys = this.#keys.filter((other) => other !== key)
    this.#deleted = [...this.#deleted, key].slice(-REMEMBERED_MAX)
  }

  async #use(key: Key): Promise<string> {
    const client = new SignedClient(this.#server, key)
    const { status, body } = await client.s3({
      method: 'GET',
      path: `/${this.#bucketName}?list-type=2&max-keys=1`,
    })
    client.close()
    const code = /<Code>(\w+)</.exec(body.toString())?.[1]
    return code === undefined ? String(status) : `${status} ${code}`
  }
}
