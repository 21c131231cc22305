/** Application keys and roles, changed through one gateway and used through the other. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { takeSession, tagOf } from '../features/session-world.ts'
import { comesTo } from '../harness/until.ts'
import { accessKeyOf, codeOf, pick, RaceWorld, type KeyPair } from '../races/race-world.ts'
import { startCluster, type Cluster } from './gateways.ts'
import { missingPostgres } from './postgres-server.ts'

const BUCKET = 'shared'

describe('keys of two gateways over PostgreSQL', { skip: missingPostgres() ?? false }, () => {
  let cluster: Cluster
  let world: RaceWorld
  before(async () => {
    cluster = await startCluster({ gateways: 2 })
    world = new RaceWorld(cluster.gateways)
    await call(0, 'lightsail', 'CreateBucket', { bucketName: BUCKET, bundleId: 'small_1_0' })
    for (const key of ['in/a', 'out/a'])
      await world.s3(0, { method: 'PUT', path: `/${BUCKET}/${key}`, body: Buffer.from(key) })
  })
  after(() => cluster.dispose())

  async function call(gateway: number, api: 'lightsail' | 'lugsail', operation: string, input: object) {
    const response = await world[api](gateway, operation, input)
    assert.equal(response.status, 200, response.body.toString())
    return response
  }
  const create = async (gateway: number, name: string, bounds: object): Promise<KeyPair> =>
    accessKeyOf(await call(gateway, 'lugsail', 'CreateAccessKey', { name, buckets: [BUCKET], ...bounds }))
  const client = (gateway: number, key: KeyPair) => pick(world.clientsOf(key), gateway)
  const ask = async (gateway: number, key: KeyPair, method: string, path: string): Promise<string> =>
    codeOf(await client(gateway, key).s3({ method, path: `/${BUCKET}${path}` }))

  it('have the bounds that they were given through the other one, from the next request on', async () => {
    const key = await create(0, 'bounds', { rights: ['read', 'list'] })
    const update = (change: object) => call(0, 'lugsail', 'UpdateAccessKey', { name: 'bounds', ...change })
    const read = () => Promise.all(['/in/a', '/out/a'].map((path) => ask(1, key, 'GET', path)))
    const DENIED = '403 AccessDenied'
    assert.deepEqual(await read(), ['200', '200'])
    await update({ prefixes: ['in/'] })
    assert.deepEqual(await read(), ['200', DENIED])
    assert.equal(await ask(1, key, 'GET', '?list-type=2'), DENIED)
    await update({ rights: ['write'] })
    assert.deepEqual(await read(), [DENIED, DENIED])
    await update({ rights: ['read'], removes: ['prefixes'], sourceNetworks: ['192.0.2.0/24'] })
    assert.deepEqual(await read(), [DENIED, DENIED])
    await update({ removes: ['sourceNetworks'] })
    assert.deepEqual(await read(), ['200', '200'])
    const rotated = accessKeyOf(
      await call(0, 'lugsail', 'RotateAccessKey', { name: 'bounds', retireInSeconds: 0 }),
    )
    assert.equal(await ask(1, key, 'GET', '/in/a'), '403 InvalidAccessKeyId')
    assert.equal(await ask(1, rotated, 'GET', '/in/a'), '200')
  })

  it('that were brought along through one open the other, and their uploads there end with them', async () => {
    const key = { accessKeyId: 'minio-app', secretAccessKey: randomBytes(20).toString('hex') }
    const bounds = { name: 'moved', buckets: [BUCKET], rights: ['read-write'] }
    await call(0, 'lugsail', 'ImportAccessKey', { ...bounds, ...key })
    const begun = await client(1, key).s3({ method: 'POST', path: `/${BUCKET}/in/upload?uploads` })
    const uploadId = tagOf(begun.body.toString(), 'UploadId')
    const revoked = await call(0, 'lugsail', 'RevokeAccessKey', { name: 'moved' })
    const { abortedUploads } = JSON.parse(revoked.body.toString()) as { abortedUploads: object[] }
    assert.deepEqual(abortedUploads, [{ bucketName: BUCKET, objectKey: 'in/upload', uploadId }])
    const part = await world.s3(1, {
      method: 'PUT',
      path: `/${BUCKET}/in/upload?partNumber=1&uploadId=${uploadId}`,
      body: Buffer.from('part'),
    })
    assert.equal(codeOf(part), '404 NoSuchUpload')
  })

  it('take roles through one and use them through the other, which tells of it in both', async () => {
    const key = await create(0, 'taker', { rights: ['read', 'list'] })
    const made = await call(0, 'lugsail', 'CreateRole', { name: 'inspect', rights: ['read'] })
    const { role } = JSON.parse(made.body.toString()) as { role: { roleArn: string } }
    const session = await takeSession(client(1, key), 'AssumeRole', {
      RoleArn: role.roleArn,
      RoleSessionName: 'job',
      Policy: JSON.stringify({
        Statement: { Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::${BUCKET}/in/*` },
      }),
    })
    assert.deepEqual(
      await Promise.all(
        [0, 1].flatMap((at) => ['/in/a', '/out/a'].map((path) => ask(at, session, 'GET', path))),
      ),
      ['200', '403 AccessDenied', '200', '403 AccessDenied'],
    )
    await call(1, 'lugsail', 'UpdateRole', { name: 'inspect', endsSessions: true })
    assert.equal(await ask(0, session, 'GET', '/in/a'), '400 InvalidToken')
    // The first use of all is written at once, so that each gateway tells of it.
    for (const gateway of [0, 1])
      await comesTo('job', async () => {
        const { body } = await call(gateway, 'lugsail', 'GetRoles', { name: 'inspect' })
        const { roles } = JSON.parse(body.toString()) as { roles: { lastUsed?: { sessionName?: string } }[] }
        return roles[0]?.lastUsed?.sessionName
      })
  })
})
