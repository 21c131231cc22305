import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { ManualClock } from '../manual-clock.ts'
import { startControlServer, type ControlServer } from './control-server.ts'
import { OwnApi } from './own-api.ts'

interface Answer {
  readonly accessKey: { readonly accessKeyId: string }
}

const START = Date.UTC(2030, 0, 1)
const START_SECONDS = START / 1_000
const DAY = 86_400

describe('who used a key', () => {
  let server: ControlServer
  let clock: ManualClock
  let api: OwnApi
  let accountId: string
  before(async () => {
    clock = new ManualClock(START)
    server = await startControlServer({ clock, accountName: 'default' })
    api = new OwnApi(server)
    ;({ accountId } = server.account.account)
  })
  after(() => server.stop())
  const use = (accessKeyId: string, address: string, at = START) => ({
    accountId,
    accessKeyId,
    address,
    agent: 'client/1',
    at,
    receivedBytes: 5,
    sentBytes: 7,
    isRefused: false,
  })
  interface Uses {
    readonly uses: readonly Readonly<Record<string, unknown>>[]
    readonly nextPageToken?: string
  }
  const asked = (input: object) => api.call<Uses>('GetAccessKeyUse', { ...input })

  it('is told by name, with what the key was before, or by the id of any key', async () => {
    const { accessKey: first } = await api.call<Answer>('CreateAccessKey', {
      name: 'app',
      rights: ['read'],
    })
    const { accessKey } = await api.call<Answer>('RotateAccessKey', {
      name: 'app',
      retireInSeconds: 2 * DAY,
    })
    assert.deepEqual((await asked({ accessKeyId: first.accessKeyId })).uses, [])
    server.keyUses.count(use(first.accessKeyId, '10.0.0.1'))
    server.keyUses.count({ ...use(first.accessKeyId, '10.0.0.1'), isRefused: true })
    server.keyUses.count(use(accessKey.accessKeyId, '10.0.0.2', START + DAY * 1_000))
    const ofFirst = {
      accessKeyId: first.accessKeyId,
      day: '2030-01-01',
      address: '10.0.0.1',
      agent: 'client/1',
      first: START_SECONDS,
      last: START_SECONDS,
      requests: 2,
      bytes: 24,
      receivedBytes: 10,
      sentBytes: 14,
      refusals: 1,
    }
    assert.deepEqual((await asked({ accessKeyId: first.accessKeyId })).uses, [ofFirst])
    clock.advance(DAY * 1_000)
    const both = await asked({ name: 'app' })
    assert.deepEqual(
      both.uses.map((each) => [each['accessKeyId'], each['day']]),
      [
        [accessKey.accessKeyId, '2030-01-02'],
        [first.accessKeyId, '2030-01-01'],
      ],
    )
    assert.deepEqual(both.uses[1], ofFirst)
    assert.equal((await asked({ name: 'app', since: START_SECONDS + DAY })).uses.length, 1)
    await api.call('DeleteAccessKey', { name: 'app' })
    assert.deepEqual((await asked({ accessKeyId: first.accessKeyId })).uses, [ofFirst])
    assert.deepEqual((await asked({ accessKeyId: first.accessKeyId, since: START_SECONDS + DAY })).uses, [])
  })

  it('is told of those beyond a thousand together, and a page at a time', async () => {
    const { accessKey } = await api.call<Answer>('CreateAccessKey', { name: 'busy', rights: ['read'] })
    const { accessKeyId } = accessKey
    for (let user = 0; user < 1_003; user++) server.keyUses.count(use(accessKeyId, `address ${user}`))
    const found: Uses['uses'][number][] = []
    let pageToken: string | undefined
    do {
      const page: Uses = await asked({ accessKeyId, ...(pageToken !== undefined && { pageToken }) })
      found.push(...page.uses)
      pageToken = page.nextPageToken
    } while (pageToken !== undefined)
    assert.equal(found.length, 1_001)
    const others = found.filter((each) => each['address'] === 'others')
    assert.deepEqual(
      others.map((each) => each['requests']),
      [3],
    )
  })

  it('is asked of one key that there is or was', async () => {
    for (const input of [{}, { name: 'app', accessKeyId: 'AKIA' }]) {
      const { type, message } = await api.refused('GetAccessKeyUse', input)
      assert.equal(type, 'InvalidInputException')
      assert.match(message, /^Name the key: either name/)
    }
    for (const input of [{ accessKeyId: 'AKIANOBODY' }, { name: 'nobody' }])
      assert.equal((await api.refused('GetAccessKeyUse', input)).type, 'NotFoundException')
  })
})
