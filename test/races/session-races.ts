import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { takeSession, type TemporaryKey } from '../features/session-world.ts'
import { accessKeyOf, codeOf, countOf, pick, times, type KeyPair, type RaceWorld } from './race-world.ts'

/** What temporary credentials were taken of. */
interface Origin {
  /** Of the key and of the role. */
  readonly name: string
  readonly key: KeyPair
}

/** A call that ends sessions: the operation, and its input for a name. */
type Ending = readonly [operation: string, input: (name: string) => object]

/** What ends all sessions that were had with a key, also those of roles. */
const ENDINGS_OF_KEYS: readonly Ending[] = [
  ['UpdateAccessKey', (name) => ({ name, status: 'Inactive' })],
  ['RevokeAccessKey', (name) => ({ name })],
  ['RotateAccessKey', (name) => ({ name, retireInSeconds: 0 })],
  ['DeleteAccessKey', (name) => ({ name })],
]

/** What ends the sessions of a role, whoever took it, and no others. */
const ENDINGS_OF_ROLES: readonly Ending[] = [
  ['UpdateRole', (name) => ({ name, status: 'Inactive' })],
  ['UpdateRole', (name) => ({ name, endsSessions: true })],
  ['DeleteRole', (name) => ({ name })],
]

/** Requests to each server in a row, so that each of its workers is among them. */
const REQUESTS_EACH = 4
const BODY = randomBytes(40_000)

/**
 * Temporary credentials of a key and of a role, taken through one server and used through all: what ends the key or the role through one is seen by
 * every other on the next request, and by the commit of an upload that began before.
 */
export async function endSessionsElsewhere(world: RaceWorld, round: number): Promise<void> {
  const bucketName = await world.makeBucket()
  for (const [ending, isOfRole] of [
    ...ENDINGS_OF_KEYS.map((ending) => [ending, false] as const),
    ...ENDINGS_OF_ROLES.map((ending) => [ending, true] as const),
  ]) {
    const [operation, inputOf] = ending
    const origin = await makeOrigin(world, bucketName)
    const writer = pick(world.clientsOf(origin.key), round)
    const sessions = [
      await takeSession(writer, 'GetSessionToken'),
      await takeSession(writer, 'AssumeRole', {
        RoleArn: await roleArnOf(world, origin.name),
        RoleSessionName: 'race',
      }),
    ]
    const isEnded = [!isOfRole, true]
    for (const session of sessions)
      assert.deepEqual(await askEverywhere(world, bucketName, session), allOf(world, session, '200'))
    const uploads = await Promise.all(
      sessions.map((session, at) =>
        beginUpload(world, round + at, `/${bucketName}/${operation}-${at}`, session),
      ),
    )
    const ended = await world.lugsail(round + 1, operation, inputOf(origin.name))
    assert.equal(codeOf(ended), '200', ended.body.toString())
    for (const [at, session] of sessions.entries()) {
      const wanted = isEnded[at] === true ? '400 InvalidToken' : '200'
      const message = `${operation} of a ${isOfRole ? 'role' : 'key'}, session ${at}, round ${round}`
      assert.deepEqual(
        await askEverywhere(world, bucketName, session),
        allOf(world, session, wanted),
        message,
      )
      const upload = await pick(uploads, at).end(BODY.subarray(500))
      assert.equal(codeOf(upload), wanted, message)
    }
  }
}

async function makeOrigin(world: RaceWorld, bucketName: string): Promise<Origin> {
  const name = `race-${randomBytes(6).toString('hex')}`
  const bounds = { name, buckets: [bucketName], rights: ['read-write'] }
  const made = await world.lugsail(0, 'CreateAccessKey', bounds)
  assert.equal(codeOf(made), '200')
  assert.equal(codeOf(await world.lugsail(1, 'CreateRole', bounds)), '200')
  return { name, key: accessKeyOf(made) }
}

async function roleArnOf(world: RaceWorld, name: string): Promise<string> {
  const { body } = await world.lugsail(0, 'GetRoles', { name })
  const { roles } = JSON.parse(body.toString()) as { roles: { roleArn: string }[] }
  return roles[0]?.roleArn ?? assert.fail(`${name} is no role`)
}

const allOf = (world: RaceWorld, session: TemporaryKey, code: string): Record<string, number> => ({
  [code]: world.clientsOf(session).length * REQUESTS_EACH,
})

async function askEverywhere(
  world: RaceWorld,
  bucketName: string,
  session: TemporaryKey,
): Promise<Record<string, number>> {
  const path = `/${bucketName}?list-type=2&max-keys=1`
  const requests = world
    .clientsOf(session)
    .flatMap((client) => times(REQUESTS_EACH, () => client.s3({ method: 'GET', path })))
  return countOf(await Promise.all(requests))
}

/** Begins to send an object. */
async function beginUpload(world: RaceWorld, writer: number, path: string, session: TemporaryKey) {
  const upload = pick(world.clientsOf(session), writer).beginS3({
    method: 'PUT',
    path,
    headers: { 'content-length': String(BODY.length) },
  })
  await upload.write(BODY.subarray(0, 500))
  return upload
}
