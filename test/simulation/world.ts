import { createServiceContext } from '../../src/service/create-context.ts'
import type { ServiceContext } from '../../src/service/context.ts'
import { isCounterKey } from '../../src/service/keyspace.ts'
import { EnvelopeVault } from '../../src/service/secrets/envelope-vault.ts'
import { parseMasterKeys } from '../../src/service/secrets/master-keys.ts'
import { readSettings } from '../../src/server/configuration/read.ts'
import { createJobs } from '../../src/server/jobs/index.ts'
import { Scheduler } from '../../src/server/jobs/scheduler.ts'
import type { BlobStore } from '../../src/storage/blob-store.ts'
import { FileBlobStore } from '../../src/storage/files/blob-store.ts'
import type { FileSystem } from '../../src/storage/files/file-system.ts'
import type { MetadataStore } from '../../src/storage/metadata-store.ts'
import { CheckedBlobStore } from '../../src/storage/wrap/checked-blob-store.ts'
import { CheckedMetadataStore } from '../../src/storage/wrap/checked-metadata-store.ts'
import { SimulatedDisk } from './disk.ts'
import { JournalFile, JournalStore } from './journal-store.ts'
import { SharedDatabase } from './shared-database.ts'
import { SimulatedFiles } from './simulated-files.ts'
import { SimulatedProcess } from './simulated-process.ts'
import { sharedStore } from './simulated-sessions.ts'
import type { Timeline } from './timeline.ts'
import { DEFAULT_SERVICE_SETTINGS } from '../service-settings.ts'

/** Bodies up to so many bytes lie in records, so that most of a small world's are blobs. */
const INLINE_BYTES_MAX = 64
const PART_BYTES_MIN = 100
export const START_MS = Date.UTC(2030, 0, 1)
const BLOBS_FOLDER = '/blob-store'

/** A running server: the real rules and jobs on engines over the simulated disk. */
export interface Gateway {
  readonly process: SimulatedProcess
  readonly context: ServiceContext
  readonly jobs: Scheduler
}

/** What stands between the product and the simulated machine: faults that the simulation is to find are planted here. */
export interface Wrappings {
  readonly files?: (files: FileSystem) => FileSystem
  readonly metadata?: (store: MetadataStore) => MetadataStore
  readonly blobs?: (store: BlobStore) => BlobStore
  /** What checks the bytes of blobs. */
  readonly checks?: (store: BlobStore) => BlobStore
  readonly context?: (context: ServiceContext) => ServiceContext
}

/** `machine`: workers on one machine, with one file of metadata. `cluster`: gateways that share a database and a mount for blobs. */
export type Topology = 'machine' | 'cluster'

/** The machines, and who runs on them. */
export class World {
  readonly timeline: Timeline
  readonly topology: Topology
  readonly disk: SimulatedDisk
  readonly journal: JournalFile
  readonly database: SharedDatabase
  /** Of each place for a gateway: how far its clock is off. */
  readonly clockOffsetsMs: number[]
  readonly #gateways: (Gateway | null)[]
  readonly #wrappings: Wrappings
  #pids = 100

  constructor(timeline: Timeline, topology: Topology, places: number, wrappings: Wrappings = {}) {
    this.timeline = timeline
    this.topology = topology
    this.disk = new SimulatedDisk(timeline)
    this.journal = new JournalFile(this.disk)
    this.database = new SharedDatabase(timeline)
    this.clockOffsetsMs = Array.from({ length: places }, () => 0)
    this.#gateways = Array.from({ length: places }, () => null)
    this.#wrappings = wrappings
  }

  get places(): number {
    return this.#gateways.length
  }

  get running(): Gateway[] {
    return this.#gateways.filter((gateway) => gateway !== null)
  }

  gateway(place: number): Gateway | null {
    return this.#gateways[place] ?? null
  }

  /** Switches the machines on. */
  async begin(): Promise<void> {
    if (this.topology === 'machine') await this.journal.open()
    for (let place = 0; place < this.places; place++) await this.start(place)
  }

  /** Starts a gateway where none runs; a disk that fails may keep it from starting. */
  async start(place: number): Promise<void> {
    const { timeline } = this
    const process = new SimulatedProcess(timeline, `gateway${place}`, ++this.#pids)
    timeline.note(`${process.name} starts as ${process.pid}`)
    try {
      const blobs = await this.#blobs(process, place)
      const { metadata = same, context: around = same } = this.#wrappings
      const store = metadata(
        this.topology === 'machine'
          ? new JournalStore(this.journal, process)
          : sharedStore(this.database, process, machineName(place)),
      )
      const made = createServiceContext({
        metadata: new CheckedMetadataStore(store, { place: 'simulated', isCounter: isCounterKey }),
        blobs,
        clock: { now: () => START_MS + Math.floor(timeline.nowMs) + (this.clockOffsetsMs[place] ?? 0) },
        vault: new EnvelopeVault(parseMasterKeys(Buffer.alloc(32, 7).toString('base64'), 'the simulation')),
        settings: {
          ...DEFAULT_SERVICE_SETTINGS,
          inlineBodyBytesMax: INLINE_BYTES_MAX,
          partSizeBytesMin: PART_BYTES_MIN,
        },
      })
      const context = around(made)
      const gateway = { process, context, jobs: jobsOf(context, process) }
      this.#gateways[place] = gateway
      void this.#work(gateway)
    } catch (error) {
      timeline.note(`${process.name} does not start: ${String(error)}`)
      process.end()
    }
  }

  /** Ends a gateway in the midst of whatever it does. */
  kill(place: number): void {
    const gateway = this.#gateways[place]
    if (!gateway) return
    this.timeline.note(`${gateway.process.name} is killed`)
    this.#gateways[place] = null
    gateway.process.end()
    this.journal.processEnded(gateway.process)
  }

  /** The machine with the disk loses power: all that runs on it ends. */
  async losePower(): Promise<void> {
    for (let place = 0; place < this.places; place++) this.kill(place)
    this.timeline.note('power is lost')
    this.disk.losePower()
    if (this.topology === 'machine') await this.journal.open()
  }

  async #blobs(process: SimulatedProcess, place: number): Promise<BlobStore> {
    const { files = same, blobs = same, checks = checked } = this.#wrappings
    const store = await FileBlobStore.open(BLOBS_FOLDER, {
      files: files(new SimulatedFiles(this.disk, process)),
      owner: {
        machine: async () => (this.topology === 'machine' ? 'machine' : machineName(place)),
        pid: process.pid,
        isRunning: (pid) => this.running.some((gateway) => gateway.process.pid === pid),
      },
    })
    return checks(blobs(store))
  }

  /** Background work, as the scheduler of a server does it. */
  async #work({ process, jobs }: Gateway): Promise<void> {
    for (;;) {
      await this.timeline.pause(500 + this.timeline.delayMs(4_000))
      if (!process.isAlive) return
      void jobs.runDue()
    }
  }
}

const machineName = (place: number): string => `machine${place}`
const ignore = (): void => undefined
const checked = (store: BlobStore): BlobStore => new CheckedBlobStore(store)
const same = <T>(value: T): T => value
const settings = readSettings({ options: new Map(), environment: {} })

function jobsOf(context: ServiceContext, process: SimulatedProcess): Scheduler {
  const { timeline, name, pid } = process
  const say = (fields: object, message: string): void => {
    const error = 'error' in fields ? `: ${String(fields.error)}` : ''
    timeline.note(`${name} says ${message}${error}`)
  }
  return new Scheduler({
    // Rules of the lifecycle are applied by a client, which writes down what they did.
    jobs: createJobs(
      context,
      settings,
      { record: () => undefined },
      { onRetired: ignore, onCounted: ignore, onForgotten: ignore },
    ).filter(({ name: job }) => job !== 'apply-lifecycle'),
    clock: context.clock,
    metadata: context.metadata,
    log: { debug: say, info: say, warn: say, error: say },
    processId: `${name}/${pid}`,
  })
}
