import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { FIRST_ACCOUNT_NAME } from '../../src/service/accounts/first-account.ts'
import { createAccount } from '../../src/service/accounts/create-account.ts'
import { SignedClient } from '../harness/signed-client.ts'
import { startFeatureServer, type FeatureServer } from './feature-server.ts'

interface Shown {
  readonly records: readonly Readonly<Record<string, unknown>>[]
  readonly nextPageToken?: string
}

describe('GetAuditLog and GetServerInfo', () => {
  let server: FeatureServer
  let first: SignedClient
  let other: SignedClient
  before(async () => {
    server = await startFeatureServer()
    const at = { endpoint: server.endpoint, region: 'us-east-1' }
    first = new SignedClient(at, (await createAccount(server.context, FIRST_ACCOUNT_NAME)).rootKey)
    other = new SignedClient(at, (await createAccount(server.context, 'other')).rootKey)
  })
  after(async () => {
    first.close()
    other.close()
    await server.stop()
  })

  const shown = async (input: object): Promise<Shown> => {
    const { status, body } = await first.lugsail('GetAuditLog', input)
    assert.equal(status, 200, body.toString())
    return JSON.parse(body.toString()) as Shown
  }

  it('show every change as soon as it was answered, the newest first', async () => {
    await first.lightsail('CreateBucket', { bucketName: 'photos', bundleId: 'small_1_0' })
    await other.lightsail('DeleteBucket', { bucketName: 'nowhere' })
    const { records } = await shown({})
    assert.deepEqual(
      records.map(({ operation, outcome, bucketName }) => [operation, outcome, bucketName]),
      [
        ['DeleteBucket', 'failed', 'nowhere'],
        ['CreateBucket', 'succeeded', 'photos'],
      ],
    )
    assert.equal(records[1]?.['at'], server.clock.now() / 1_000)
    assert.equal(records[1]['address'], '127.0.0.1')
  })

  it('find changes by a text in their records and by how they ended', async () => {
    const operations = async (input: object): Promise<unknown[]> =>
      (await shown(input)).records.map(({ operation }) => operation)
    assert.deepEqual(await operations({ containing: 'PHOTOS' }), ['CreateBucket'])
    assert.deepEqual(await operations({ outcome: 'failed' }), ['DeleteBucket'])
    assert.deepEqual(await operations({ containing: 'succeeded', outcome: 'failed' }), [])
    const { status } = await first.lugsail('GetAuditLog', { pageToken: 'nonsense' })
    assert.equal(status, 400)
  })

  it('are for the first account alone', async () => {
    for (const operation of ['GetAuditLog', 'GetServerInfo']) {
      const { status, body } = await other.lugsail(operation, {})
      assert.equal(status, 400, body.toString())
      assert.match(body.toString(), /AccessDeniedException/)
    }
  })

  it('tell the version, and that an audit log is kept', async () => {
    const { body } = await first.lugsail('GetServerInfo', {})
    assert.deepEqual(JSON.parse(body.toString()), {
      version: 'development',
      nodeVersion: process.versions.node,
      keepsAuditLog: true,
    })
  })
})
