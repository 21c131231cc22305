import assert from 'node:assert/strict'
import { before } from 'node:test'
import { SignedClient } from '../harness/signed-client.ts'
import { skip, startConsole, type ConsoleWorld, type KeyPair } from './console-world.ts'

/** The bucket that there is. */
export const BUCKET = 'photos'
/** What a client may call itself, and a page must not take for more than text. */
export const HOSTILE = '<img src=x onerror="document.title=\'run\'"><script>document.title="run"</script>'

/** A console whose account has a bucket with two objects. */
export interface KeysWorld {
  readonly world: () => ConsoleWorld
  /** Who sends single requests; the account where no key is given. */
  readonly client: (key?: KeyPair) => SignedClient
  /** Lists the bucket with a key, as a program of this name; gives the status. */
  readonly list: (key: KeyPair, agent: string, prefix?: string) => Promise<number>
}

/** Starts it for a suite. */
export function startKeysWorld(): KeysWorld {
  const world = startConsole()
  const client = (key: KeyPair = world().server.credentials): SignedClient =>
    new SignedClient(world().server, key)
  before(async () => {
    if (skip !== false) return
    const account = client()
    const made = await account.lightsail('CreateBucket', { bucketName: BUCKET, bundleId: 'small_1_0' })
    assert.equal(made.status, 200)
    for (const key of ['trip/coast.jpg', 'private/letter.txt']) {
      const path = `/${BUCKET}/${key}`
      assert.equal((await account.s3({ method: 'PUT', path, body: Buffer.from(key) })).status, 200)
    }
    account.close()
  })
  return {
    world,
    client,
    list: async (key, agent, prefix = '') => {
      const signed = client(key)
      const path = `/${BUCKET}?list-type=2&prefix=${encodeURIComponent(prefix)}`
      const { status } = await signed.s3({ method: 'GET', path, headers: { 'user-agent': agent } })
      signed.close()
      return status
    },
  }
}
