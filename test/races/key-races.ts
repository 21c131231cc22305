import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { until } from '../harness/until.ts'
import {
  accessKeyOf,
  codeOf,
  countOf,
  isDone,
  times,
  WRITERS,
  type KeyPair,
  type RaceWorld,
} from './race-world.ts'

interface ShownKey extends KeyPair {
  readonly status: string
  readonly retiringKey?: { readonly accessKeyId: string; readonly status: string }
}

const makeKey = async (world: RaceWorld, buckets: readonly string[]) => {
  const name = `race-${randomBytes(6).toString('hex')}`
  const made = await world.lugsail(0, 'CreateAccessKey', { name, buckets, rights: ['read-write'] })
  assert.equal(codeOf(made), '200')
  return { name, key: accessKeyOf(made) }
}

const show = async (world: RaceWorld, writer: number, name: string): Promise<ShownKey> => {
  const { body } = await world.lugsail(writer, 'GetAccessKeys', { name })
  const [key] = (JSON.parse(body.toString()) as { accessKeys: ShownKey[] }).accessKeys
  return key ?? assert.fail(`${name} is gone`)
}

/**
 * 32 rotate, update, switch, revoke and use one application key: in the end it has the halves that are shown, and of all ids that were ever given out
 * no other opens anything.
 */
export async function raceForOneKey(world: RaceWorld): Promise<void> {
  const bucketName = await world.makeBucket()
  const { name, key } = await makeKey(world, [bucketName])
  const given = [key]
  const path = `/${bucketName}/object`
  const uses = world.clientsOf(key)
  const responses = await Promise.all(
    times(WRITERS, async (writer) => {
      const put = async () => {
        const client = uses[writer % uses.length] ?? assert.fail('no client')
        const response = await client.s3({
          method: 'PUT',
          path: `${path}/${writer}`,
          body: Buffer.from('used'),
        })
        assert.match(codeOf(response), /^(200|403 InvalidAccessKeyId)$/)
      }
      switch (writer % 8) {
        case 0: {
          const rotated = await world.lugsail(writer, 'RotateAccessKey', {
            name,
            ...(writer % 16 === 0 ? { retireWhenIdleSeconds: 3_600 } : { retireInSeconds: 3_600 }),
          })
          if (isDone(rotated)) given.push(accessKeyOf(rotated))
          return rotated
        }
        case 1:
          return await world.lugsail(writer, 'UpdateAccessKey', { name, description: `by ${writer}` })
        case 2:
          return await world.lugsail(writer, 'UpdateAccessKey', { name, status: 'Active' })
        case 3:
          return await world.lugsail(writer, 'RevokeAccessKey', { name })
        default:
          await put()
          return await world.lugsail(writer, 'GetAccessKeyUse', { name })
      }
    }),
  )
  assert.deepEqual(countOf(responses), { '200': WRITERS })
  assert.equal(codeOf(await world.lugsail(0, 'UpdateAccessKey', { name, status: 'Active' })), '200')
  const shown = await show(world, 1, name)
  assert.equal(shown.status, 'Active')
  const { retiringKey } = shown
  // A rotation while the key was Inactive leaves an old half that is idle, or over.
  const halves = [shown.accessKeyId, ...(retiringKey?.status === 'Active' ? [retiringKey.accessKeyId] : [])]
  for (const pair of given)
    for (const client of world.clientsOf(pair)) {
      const response = await client.s3({ method: 'GET', path: `/${bucketName}?location` })
      const isHalf = halves.includes(pair.accessKeyId)
      assert.equal(
        codeOf(response),
        isHalf ? '200' : '403 InvalidAccessKeyId',
        `${pair.accessKeyId} of ${halves.join()}`,
      )
    }
}

/** 32 rotate the one key of a bucket: one gets a successor, and there are two keys. */
export async function raceToRotateKeyOfBucket(world: RaceWorld): Promise<void> {
  const bucketName = await world.makeBucket()
  const key = await world.makeKey(bucketName)
  const { accessKeyId } = key
  const responses = await Promise.all(
    times(WRITERS, (writer) => world.lugsail(writer, 'RotateAccessKey', { bucketName, accessKeyId })),
  )
  assert.deepEqual(countOf(responses), { '200': 1, '400 InvalidInputException': WRITERS - 1 })
  const successor = accessKeyOf(responses.find(isDone) ?? assert.fail('none'))
  for (const pair of [key, successor])
    for (const client of world.clientsOf(pair))
      assert.equal(codeOf(await client.s3({ method: 'GET', path: `/${bucketName}?location` })), '200')
}

/** A key that is switched off through one server is refused by every other on its next request, and taken on the next one after it is switched on. */
export async function switchOffElsewhere(world: RaceWorld, round: number): Promise<void> {
  const bucketName = await world.makeBucket()
  const { name, key } = await makeKey(world, [bucketName])
  const clients = world.clientsOf(key)
  const ask = async () =>
    countOf(
      await Promise.all(
        clients.flatMap((client) =>
          times(4, () => client.s3({ method: 'GET', path: `/${bucketName}?list-type=2&max-keys=1` })),
        ),
      ),
    )
  const count = 4 * clients.length
  // A key of read-write may list.
  assert.deepEqual(await ask(), { '200': count })
  assert.equal(codeOf(await world.lugsail(round, 'RevokeAccessKey', { name })), '200')
  assert.deepEqual(await ask(), { '403 InvalidAccessKeyId': count })
  assert.equal(codeOf(await world.lugsail(round + 1, 'UpdateAccessKey', { name, status: 'Active' })), '200')
  assert.deepEqual(await ask(), { '200': count })
}

/** 32 use one key through all servers: each request is counted once, whichever process took it. */
export async function countUsesEverywhere(world: RaceWorld): Promise<void> {
  const bucketName = await world.makeBucket()
  const { name, key } = await makeKey(world, [bucketName])
  const clients = world.clientsOf(key)
  const requestsEach = 5
  await Promise.all(
    times(WRITERS, async (writer) => {
      for (let at = 0; at < requestsEach; at++) {
        const client = clients[(writer + at) % clients.length] ?? assert.fail('no client')
        const headers = { 'user-agent': `tool/${writer % 4}` }
        await client.s3({ method: 'GET', path: `/${bucketName}?list-type=2`, headers })
      }
    }),
  )
  const wanted = Object.fromEntries(times(4, (at) => [`tool/${at}`, (WRITERS * requestsEach) / 4]))
  let counted: Record<string, number> = {}
  let look = 0
  // Until all processes have written what they counted; then nothing is counted twice.
  await until(async () => {
    const { body } = await world.lugsail(look++, 'GetAccessKeyUse', { name })
    const { uses } = JSON.parse(body.toString()) as { uses: { agent: string; requests: number }[] }
    counted = Object.fromEntries(uses.map(({ agent, requests }) => [agent, requests] as const).sort())
    return Object.values(counted).reduce((sum, each) => sum + each, 0) >= WRITERS * requestsEach
  }, 'not all requests were counted')
  assert.deepEqual(counted, wanted)
}
