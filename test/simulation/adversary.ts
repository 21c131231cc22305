import type { constants } from 'node:os'
import type { World } from './world.ts'

/** What can go wrong in a run. */
export type Trouble = 'kill' | 'power' | 'disk' | 'full' | 'rot' | 'partition' | 'database' | 'clock'

const TROUBLES: Readonly<Record<World['topology'], readonly Trouble[]>> = {
  machine: ['kill', 'power', 'disk', 'full', 'rot', 'clock'],
  cluster: ['kill', 'power', 'disk', 'full', 'rot', 'partition', 'database', 'clock'],
}
const DISK_CODES: readonly (keyof typeof constants.errno)[] = ['EIO', 'EIO', 'EROFS', 'EMFILE']

/** Which troubles a run has: some have none, most a few. */
export function chosenTroubles(world: World): Set<Trouble> {
  const { random } = world.timeline
  const chosen = new Set<Trouble>()
  for (let left = random.below(5); left > 0; left--) chosen.add(random.oneOf(TROUBLES[world.topology]))
  return chosen
}

/** Makes trouble now and then, and mends it after a while. */
export class Adversary {
  readonly #world: World
  readonly #troubles: readonly Trouble[]
  /** What was done, for people. */
  readonly deeds: string[] = []
  /** Bytes that were changed on the disk, by path. */
  readonly rotten = new Set<string>()

  constructor(world: World, troubles: ReadonlySet<Trouble>) {
    this.#world = world
    this.#troubles = [...troubles]
  }

  async run(isOver: () => boolean): Promise<void> {
    const { timeline } = this.#world
    if (this.#troubles.length === 0) return
    while (!isOver()) {
      await timeline.pause(timeline.delayMs(1_500))
      await this.#make(timeline.random.oneOf(this.#troubles))
    }
  }

  /** Everything works again; what rotted stays rotten. */
  async end(): Promise<void> {
    const { disk, database, clockOffsetsMs, places } = this.#world
    disk.faults = []
    disk.roomBytes = Infinity
    database.isUp = true
    database.isLossy = false
    for (let place = 0; place < places; place++) {
      database.connect(`machine${place}`)
      clockOffsetsMs[place] = 0
    }
  }

  async #make(trouble: Trouble): Promise<void> {
    const world = this.#world
    const { timeline, disk, database } = world
    const { random } = timeline
    const place = random.below(world.places)
    switch (trouble) {
      case 'kill':
        this.#say(`kill gateway${place}`)
        world.kill(place)
        await this.#startAgain(place)
        return
      case 'power':
        this.#say('power is lost')
        disk.faults = []
        await world.losePower()
        for (let each = 0; each < world.places; each++) await this.#startAgain(each)
        return
      case 'disk': {
        const fault = {
          call: random.oneOf(['read', 'write', 'sync', 'sync', 'name'] as const),
          part: random.oneOf(['/metadata', '/incoming/', '/blobs', '/']),
          code: random.oneOf(DISK_CODES),
          after: random.below(4),
          times: random.oneOf([1, 1, 2, 5]),
        }
        this.#say(`fault ${JSON.stringify(fault)}`)
        disk.faults = [fault]
        await timeline.pause(timeline.delayMs(800))
        disk.faults = []
        return
      }
      case 'full':
        this.#say('the disk is full')
        disk.roomBytes = disk.usedBytes + random.below(4_000)
        await timeline.pause(timeline.delayMs(800))
        disk.roomBytes = Infinity
        return
      case 'rot':
        this.#rot()
        return
      case 'partition':
        this.#say(`machine${place} is cut off`)
        database.cutOff(`machine${place}`)
        await timeline.pause(timeline.delayMs(random.oneOf([300, 3_000, 20_000])))
        database.connect(`machine${place}`)
        return
      case 'database':
        this.#say('the database is down')
        database.isUp = false
        await timeline.pause(timeline.delayMs(random.oneOf([300, 3_000, 20_000])))
        database.isUp = true
        return
      case 'clock': {
        const jumpMs = random.oneOf([-1, 1]) * random.oneOf([1_000, 60_000, 3_600_000, 3 * 86_400_000])
        this.#say(`the clock of gateway${place} jumps by ${jumpMs} ms`)
        world.clockOffsetsMs[place] = (world.clockOffsetsMs[place] ?? 0) + jumpMs
      }
    }
  }

  async #startAgain(place: number): Promise<void> {
    const { timeline } = this.#world
    await timeline.pause(timeline.delayMs(400))
    if (!this.#world.gateway(place)) await this.#world.start(place)
  }

  /** One bit of one blob. */
  #rot(): void {
    const { disk, timeline } = this.#world
    const blobs = [...disk.files()].filter(([path, { seen }]) => path.includes('/blobs/') && seen.length > 0)
    if (blobs.length === 0) return
    const [path, file] = timeline.random.oneOf(blobs)
    const at = timeline.random.below(file.seen.length)
    this.#say(`bit ${at} of ${path} flips`)
    disk.rot(file, at, 1 << timeline.random.below(8))
    this.rotten.add(path.slice(path.lastIndexOf('/') + 1))
  }

  #say(deed: string): void {
    this.#world.timeline.note(`trouble: ${deed}`)
    this.deeds.push(`${this.#world.timeline.nowMs.toFixed(3)} ${deed}`)
  }
}
