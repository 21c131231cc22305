import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createBucket } from '../../src/service/buckets/create-bucket.ts'
import { ManualClock } from '../manual-clock.ts'
import { startControlServer, type ControlServer } from './control-server.ts'
import { OwnApi } from './own-api.ts'

type Members = Readonly<Record<string, unknown>>
interface Pair {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}
interface NewAccount {
  readonly account: Members & { readonly accountId: string; readonly accessKeyId: string }
  readonly rootKey: Pair
}

const START = Date.UTC(2030, 0, 1)
const START_SECONDS = START / 1_000
const DAY = 86_400

/** Lines as the server writes them, the newest first. */
const AUDIT_LINES = [
  {
    time: '2030-01-01T00:00:02.000Z',
    outcome: 'failed',
    operation: 'DeleteBucket',
    details: { bucket: 'Photos' },
  },
  { time: '2030-01-01T00:00:01.500Z', outcome: 'succeeded', operation: 'CreateBucket', user: 'Main' },
].map((record) => JSON.stringify(record))

describe('Lugsail’s own API', () => {
  let server: ControlServer
  let clock: ManualClock
  let api: OwnApi
  const askedTokens: (string | undefined)[] = []
  before(async () => {
    clock = new ManualClock(START)
    server = await startControlServer({
      clock,
      accountName: 'default',
      auditLog: ({ pageToken, isWanted }) => {
        askedTokens.push(pageToken)
        if (pageToken === 'none') throw new RangeError('no token')
        if (pageToken === 'broken') throw new TypeError('a fault')
        const lines = [...AUDIT_LINES, '{"time":"2030-', '{"time":"later"}', 'null'].filter(isWanted)
        return Promise.resolve({ lines, nextPageToken: pageToken === undefined ? 'more' : null })
      },
    })
    api = new OwnApi(server)
  })
  after(() => server.stop())
  const own = () => ({ accountId: server.account.account.accountId, region: 'us-east-1' })

  it('tells what the server is, and who calls', async () => {
    assert.deepEqual(await api.call('GetServerInfo'), {
      version: 'test',
      nodeVersion: process.versions.node,
      keepsAuditLog: true,
    })
    assert.deepEqual(await api.call('GetCallerRights'), {
      accountId: own().accountId,
      callerType: 'account',
      arn: `arn:aws:iam::${own().accountId}:root`,
      isFirstAccount: true,
    })
  })

  describe('the audit log', () => {
    const operations = async (input: Members = {}): Promise<unknown[]> => {
      const { records } = await api.call<{ readonly records: readonly Members[] }>('GetAuditLog', input)
      return records.map((record) => record['operation'])
    }

    it('is shown record by record, without lines that are none', async () => {
      assert.deepEqual(await api.call('GetAuditLog'), {
        records: [
          {
            at: START_SECONDS + 2,
            outcome: 'failed',
            operation: 'DeleteBucket',
            details: [{ name: 'bucket', value: 'Photos' }],
          },
          { at: START_SECONDS + 1.5, outcome: 'succeeded', operation: 'CreateBucket', user: 'Main' },
        ],
        nextPageToken: 'more',
      })
      const last = await api.call('GetAuditLog', { pageToken: 'more' })
      assert.equal(askedTokens.at(-1), 'more')
      assert.ok(!('nextPageToken' in last))
    })

    it('is searched, in capital letters or small ones, in what a record says and in nothing else', async () => {
      assert.deepEqual(await operations({ containing: 'pHOTOS' }), ['DeleteBucket'])
      assert.deepEqual(await operations({ containing: 'bucket' }), ['DeleteBucket', 'CreateBucket'])
      assert.deepEqual(await operations({ containing: 'main' }), ['CreateBucket'])
      assert.deepEqual(await operations({ containing: 'operation' }), [])
      assert.deepEqual(await operations(), ['DeleteBucket', 'CreateBucket'])
      assert.deepEqual(await operations({ outcome: 'succeeded' }), ['CreateBucket'])
      assert.deepEqual(await operations({ outcome: 'succeeded', containing: 'photos' }), [])
    })

    it('is not shown from a page that there is not', async () => {
      assert.deepEqual(await api.refused('GetAuditLog', { pageToken: 'none' }), {
        type: 'InvalidInputException',
        message: 'The pageToken is none of this operation',
      })
      await assert.rejects(api.refused('GetAuditLog', { pageToken: 'broken' }), /500/)
      assert.equal(server.logged.length, 1)
    })

    it('is not there where none is kept', async () => {
      const other = await startControlServer({ accountName: 'default' })
      try {
        const { type, message } = await new OwnApi(other).refused('GetAuditLog')
        assert.deepEqual([type, message], ['NotFoundException', 'The server keeps no audit log'])
        assert.equal((await new OwnApi(other).call('GetServerInfo'))['keepsAuditLog'], false)
      } finally {
        await other.stop()
      }
    })
  })

  it('makes accounts, shows them, and gives them new root keys; the old one goes on for a day or as long as is said', async () => {
    const made = await api.call<NewAccount>('CreateAccount', { accountName: 'team' })
    const { accountId, canonicalUserId } = made.account
    assert.match(accountId, /^\d{12}$/)
    assert.deepEqual(made.account, {
      accountId,
      accountName: 'team',
      canonicalUserId,
      createdAt: START_SECONDS,
      accessKeyId: made.rootKey.accessKeyId,
    })
    const shown = async () =>
      (await api.call<{ readonly accounts: readonly Members[] }>('GetAccounts')).accounts.find(
        (account) => account['accountId'] === accountId,
      )
    assert.deepEqual(await shown(), made.account)
    const rotated = await api.call<NewAccount>('RotateAccountKey', { accountName: 'team' })
    assert.deepEqual(rotated.account, {
      ...made.account,
      accessKeyId: rotated.rootKey.accessKeyId,
      retiringKey: { accessKeyId: made.rootKey.accessKeyId, until: START_SECONDS + DAY },
    })
    const team = new OwnApi(server, rotated.rootKey)
    assert.deepEqual((await team.call('GetCallerRights'))['isFirstAccount'], false)
    assert.equal((await team.refused('GetAccounts')).type, 'AccessDeniedException')
    const retired = await api.call<NewAccount>('RetireAccountKey', {
      accountName: 'team',
      accessKeyId: made.rootKey.accessKeyId,
    })
    assert.deepEqual(retired.account, { ...made.account, accessKeyId: rotated.rootKey.accessKeyId })
    assert.deepEqual(await shown(), retired.account)
    const again = await api.call<NewAccount>('RotateAccountKey', { accountName: 'team', retireInSeconds: 60 })
    assert.deepEqual(again.account['retiringKey'], {
      accessKeyId: rotated.rootKey.accessKeyId,
      until: START_SECONDS + 60,
    })
    clock.advance(60_000)
    assert.ok(!('retiringKey' in ((await shown()) ?? {})))
    clock.advance(-60_000)
    assert.equal((await api.refused('CreateAccount', { accountName: 'team' })).type, 'InvalidInputException')
    const { account } = await api.call<NewAccount>('DeleteAccount', { accountName: 'team' })
    assert.deepEqual([account.accountId, await shown()], [accountId, undefined])
    const first = await api.refused('DeleteAccount', { accountName: 'default' })
    assert.equal(first.type, 'InvalidInputException')
    assert.equal(
      first.message,
      'The account default looks after the others and cannot be deleted here; "lugsail account delete" on the server can',
    )
  })

  it('makes resources for the caller or, by its name, for another account', async () => {
    const team = await api.call<NewAccount>('CreateAccount', { accountName: 'machines' })
    const made = await api.call<{ readonly resource: Members; readonly accessKey: Pair }>('CreateResource', {
      resourceName: 'web-1',
    })
    assert.deepEqual(made.resource, {
      resourceName: 'web-1',
      accountId: own().accountId,
      region: 'us-east-1',
      resourceType: 'Instance',
      createdAt: START_SECONDS,
      accessKeyId: made.accessKey.accessKeyId,
    })
    assert.equal(made.accessKey.secretAccessKey.length, 40)
    await api.call('CreateResource', { resourceName: 'db-1', accountName: 'machines' })
    const namesOf = async (input: Members = {}, from = api): Promise<unknown[]> =>
      (await from.call<{ readonly resources: readonly Members[] }>('GetResources', input)).resources.map(
        ({ resourceName, accountId }) => [resourceName, accountId],
      )
    assert.deepEqual(await namesOf(), [['web-1', own().accountId]])
    assert.deepEqual(await namesOf({ accountName: 'machines' }), [['db-1', team.account.accountId]])
    assert.deepEqual(await namesOf({}, new OwnApi(server, undefined, 'eu-west-1')), [])
    assert.equal((await api.refused('DeleteResource', { resourceName: 'db-1' })).type, 'NotFoundException')
    assert.deepEqual(await api.call('DeleteResource', { resourceName: 'db-1', accountName: 'machines' }), {})
    assert.deepEqual(await namesOf({ accountName: 'machines' }), [])
    assert.equal((await api.refused('GetResources', { accountName: 'nobody' })).type, 'NotFoundException')
  })

  it('makes roles, changes, shows and deletes them', async () => {
    await createBucket(server.context, own(), { bucketName: 'photos', bundleId: 'small_1_0' })
    interface OfRole {
      readonly role: Members
    }
    const { role } = await api.call<OfRole>('CreateRole', {
      name: 'reader',
      rights: ['read'],
      buckets: ['photos'],
      expiresInSeconds: 60,
      sessionSecondsMax: 900,
    })
    assert.match(String(role['roleId']), /^AROA/)
    assert.deepEqual(role, {
      name: 'reader',
      roleArn: `arn:aws:iam::${own().accountId}:role/reader`,
      roleId: role['roleId'],
      status: 'Active',
      createdAt: START_SECONDS,
      lastUsed: { region: 'N/A', serviceName: 'N/A' },
      rights: ['read'],
      buckets: ['photos'],
      expiresAt: START_SECONDS + 60,
      sessionSecondsMax: 900,
    })
    assert.deepEqual(await api.call('GetRoles'), { roles: [role] })
    clock.advance(60_000)
    assert.deepEqual(await api.call('GetRoles'), { roles: [{ ...role, status: 'Expired' }] })
    const changed = await api.call<OfRole>('UpdateRole', {
      name: 'reader',
      removes: ['expiresAt', 'buckets'],
    })
    const { expiresAt, buckets, ...rest } = role
    assert.deepEqual([expiresAt, buckets], [START_SECONDS + 60, ['photos']])
    assert.deepEqual(changed.role, rest)
    assert.deepEqual(await api.call('DeleteRole', { name: 'reader' }), { role: rest })
    assert.deepEqual(await api.call('GetRoles'), { roles: [] })
    assert.equal((await api.refused('DeleteRole', { name: 'reader' })).type, 'NotFoundException')
    for (let at = 0; at < 120; at++)
      await api.call('CreateRole', { name: `role-${String(at).padStart(3, '0')}`, rights: ['read'] })
    interface Page {
      readonly roles: readonly Members[]
      readonly nextPageToken?: string
    }
    const first = await api.call<Page>('GetRoles')
    const second = await api.call<Page>('GetRoles', { pageToken: first.nextPageToken })
    assert.deepEqual([first.roles.length + second.roles.length, second.nextPageToken], [120, undefined])
  })

  it('shows what a bucket holds, today and on the days before', async () => {
    await createBucket(server.context, own(), { bucketName: 'usage-bucket', bundleId: 'small_1_0' })
    const today = {
      day: '2030-01-01',
      storedBytes: 0,
      objects: 0,
      receivedBytes: 0,
      sentBytes: 0,
      requests: 0,
    }
    assert.deepEqual(await api.call('GetBucketUsage', { bucketName: 'usage-bucket' }), {
      storedBytes: 0,
      objects: 0,
      sentBytesOfMonth: 0,
      days: [today],
    })
    assert.equal((await api.refused('GetBucketUsage', { bucketName: 'nobody' })).type, 'NotFoundException')
  })
})
