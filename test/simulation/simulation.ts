import { createAccount } from '../../src/service/accounts/create-account.ts'
import { createBucket } from '../../src/service/buckets/create-bucket.ts'
import { updateBucket } from '../../src/service/buckets/update-bucket.ts'
import type { ServiceContext } from '../../src/service/context.ts'
import { bucketKey } from '../../src/service/keyspace.ts'
import { bucketCodec } from '../../src/service/records/bucket.ts'
import { AccessKeyClient } from './access-key-client.ts'
import { Adversary, chosenTroubles, type Trouble } from './adversary.ts'
import { Bodies } from './bodies.ts'
import { checkStore } from './final-check.ts'
import { Histories } from './histories.ts'
import { expiryOf, LifecycleClient, mayExpire } from './lifecycle-client.ts'
import { takeOverTime } from './machine-time.ts'
import { ObjectClient } from './object-client.ts'
import { nameOf, type Shared, type SimulatedBucket } from './store-client.ts'
import { Timeline } from './timeline.ts'
import { UploadClient } from './upload-client.ts'
import { START_MS, World, type Topology, type Wrappings } from './world.ts'

const CLIENTS = 5
const STEPS = 12
/** Between two things that a client does in a long run, at most. */
const LONG_PAUSE_MS = 40_000
/** So often all clients do something at once to versions that expire: some of those of before are old enough by then. */
const EXPIRY_TURN_MS = 4_000
const EXPIRY_TURNS = 5
const KEYS = ['a', 'b', 'c', 'd/e']

/** What came of a run. */
export interface Outcome {
  readonly seed: number
  readonly problems: readonly string[]
  /** What happened, line by line: the same for the same seed. */
  readonly log: readonly string[]
  readonly deeds: readonly string[]
  readonly operations: number
  readonly world: string
}

/** What is otherwise chosen by the seed, for named runs. */
export interface Choices {
  readonly topology?: Topology
  readonly troubles?: readonly Trouble[]
  readonly wrappings?: Wrappings
  /** Whether clients take their time: then what was given up is removed in the midst of the run. */
  readonly isLong?: boolean
  /** Whether clients are all about the older versions of one key, and the rules by which these expire. */
  readonly isExpiring?: boolean
  /** How long slow readers wait at most for each next piece. */
  readonly slowPauseMs?: number
  /** Called before anything runs. */
  readonly prepare?: (world: World) => void
}

/** One run: clients, gateways and troubles, all decided by the seed; then everything is mended, read and compared. */
export async function simulate(seed: number, choices: Choices = {}): Promise<Outcome> {
  const timeline = new Timeline(seed)
  const giveTimeBack = takeOverTime(timeline, START_MS)
  try {
    return await timeline.run(runOf(timeline, seed, choices))
  } finally {
    giveTimeBack()
  }
}

async function runOf(timeline: Timeline, seed: number, choices: Choices): Promise<Outcome> {
  const topology = choices.topology ?? timeline.random.oneOf(['machine', 'cluster'] as const)
  const world = new World(timeline, topology, 1 + timeline.random.below(3), choices.wrappings)
  choices.prepare?.(world)
  await world.begin()
  const troubles = choices.troubles ? new Set(choices.troubles) : chosenTroubles(world)
  const bodies = new Bodies(timeline, choices.slowPauseMs)
  const histories = new Histories(timeline, (id) => bodies.etagOf(id))
  const shared: Shared = {
    ...(await makeBuckets(world)),
    ...{ world, histories, bodies, planted: troubles },
    bucketKeys: [],
    versionIds: new Map(),
  }
  world.database.isLossy = troubles.has('partition')
  const adversary = new Adversary(world, troubles)
  let isOver = false
  const making = adversary.run(() => isOver)
  // In a long run blobs that were given up are removed, and leases renewed, in the midst of it.
  // In a hot one all want the same at once.
  const pace = timeline.random.oneOf([20, 20, 400, 400, LONG_PAUSE_MS])
  const pauseMs = choices.isLong === true ? LONG_PAUSE_MS : pace
  const client = choices.isExpiring === true ? liveWithExpiry : live
  await Promise.all(Array.from({ length: CLIENTS }, () => client(shared, pauseMs)))
  isOver = true
  await making
  await adversary.end()
  for (let place = 0; place < world.places; place++) world.kill(place)
  if (timeline.chance(50)) await world.losePower()
  await world.start(0)
  const gateway = world.gateway(0)
  const problems = gateway
    ? await checkStore(gateway, shared, KEYS)
    : ['no gateway starts on a disk that is well']
  return {
    seed,
    problems: [...problems, ...histories.violations()],
    log: timeline.log,
    deeds: adversary.deeds,
    operations: histories.operations,
    world: `${topology} of ${world.places}; troubles: ${[...troubles].join(', ') || 'none'}`,
  }
}

async function makeBuckets(world: World): Promise<Pick<Shared, 'buckets' | 'rootKeyId' | 'accountId'>> {
  const gateway = world.gateway(0)
  if (!gateway) throw new Error('the first gateway does not start')
  const { context } = gateway
  const { account, rootKey } = await createAccount(context, 'main')
  const caller = { accountId: account.accountId, region: 'us-east-1' }
  const buckets = [
    { name: 'plain', isVersioned: false },
    { name: 'versioned', isVersioned: true },
  ]
  for (const bucket of buckets) {
    const { name: bucketName, isVersioned } = bucket
    await createBucket(context, caller, { bucketName, bundleId: 'small_1_0' })
    if (isVersioned) await updateBucket(context, caller, { bucketName, versioning: 'Enabled' })
    await setExpiry(context, bucket)
  }
  return { buckets, rootKeyId: rootKey.accessKeyId, accountId: account.accountId }
}

async function setExpiry({ metadata }: ServiceContext, bucket: SimulatedBucket): Promise<void> {
  const { name } = bucket
  const [entry] = await metadata.getMany([bucketKey(name)])
  if (!entry) throw new Error(`the bucket ${name} is not there`)
  const record = { ...bucketCodec.decode(entry.value), ...expiryOf(bucket) }
  await metadata.commit({ sets: [{ key: bucketKey(name), value: bucketCodec.encode(record) }] })
}

/** What one client does. `pauseMs`: at most, between two things. */
async function live(shared: Shared, pauseMs: number): Promise<void> {
  const { timeline } = shared.world
  const { random } = timeline
  const objects = new ObjectClient(shared)
  const uploads = new UploadClient(shared)
  const accessKeys = new AccessKeyClient(shared)
  const lifecycle = new LifecycleClient(shared)
  for (let step = 0; step < STEPS; step++) {
    await timeline.pause(timeline.delayMs(pauseMs))
    const bucket = random.oneOf(shared.buckets)
    const key = random.oneOf(KEYS)
    const kind = random.below(100)
    if (kind < 30) await objects.put(bucket, key)
    else if (kind < 55) await objects.read(bucket, key)
    else if (kind < 65) await objects.delete(bucket, key)
    else if (kind < 73) await objects.copy(bucket, key, random.oneOf(KEYS))
    else if (kind < 83) await ofVersion(shared, { objects, bucket, key })
    else if (kind < 92) await uploads.upload(bucket, key)
    else if (kind < 94) for (const each of KEYS.filter(mayExpire)) await lifecycle.apply(each)
    else if (kind < 96) await accessKeys.make(bucket)
    else if (kind < 98) await accessKeys.delete(bucket)
    else await accessKeys.rotate(bucket)
  }
}

/** What one client does to the key whose older versions expire: the newest goes now and then, so that an older one is current again. */
async function liveWithExpiry(shared: Shared): Promise<void> {
  const { timeline } = shared.world
  const objects = new ObjectClient(shared)
  const lifecycle = new LifecycleClient(shared)
  const bucket = shared.buckets.find(({ isVersioned }) => isVersioned)
  const key = KEYS.find(mayExpire)
  if (!bucket || key === undefined) throw new Error('nothing expires')
  for (let turn = 0; turn < EXPIRY_TURNS; turn++) {
    await timeline.pause(EXPIRY_TURN_MS - (timeline.nowMs % EXPIRY_TURN_MS) + timeline.delayMs(30))
    const kind = timeline.random.below(100)
    const newest = shared.histories.lastSeen(nameOf(bucket, key))
    if (kind < 30) await objects.put(bucket, key)
    else if (kind < 40) await objects.read(bucket, key)
    else if (kind < 70 && newest !== null) await objects.deleteVersion(bucket, key, newest)
    else await lifecycle.apply(key)
  }
}

/** Reads or deletes a version of which was told. */
async function ofVersion(
  { histories, versionIds, world }: Shared,
  {
    objects,
    bucket,
    key,
  }: { readonly objects: ObjectClient; readonly bucket: SimulatedBucket; readonly key: string },
): Promise<void> {
  const id = histories.lastSeen(`${bucket.name}/${key}`)
  if (id === null || !versionIds.has(id)) return await objects.read(bucket, key)
  if (world.timeline.chance(60)) await objects.read(bucket, key, id)
  else await objects.deleteVersion(bucket, key, id)
}
