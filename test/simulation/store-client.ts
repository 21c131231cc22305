import type { Admission } from '../../src/service/admission.ts'
import { lookUpAccess } from '../../src/service/credentials/look-up-access.ts'
import { DomainError, isDomainError } from '../../src/service/errors/domain-error.ts'
import { ask, type Answer } from './answers.ts'
import type { Bodies } from './bodies.ts'
import type { Histories } from './histories.ts'
import type { ObjectAction } from './object-model.ts'
import type { Gateway, World } from './world.ts'

/** A bucket of the simulation. */
export interface SimulatedBucket {
  readonly name: string
  readonly isVersioned: boolean
}

/** What all clients know. */
export interface Shared {
  readonly world: World
  readonly histories: Histories
  readonly bodies: Bodies
  readonly buckets: readonly SimulatedBucket[]
  readonly rootKeyId: string
  readonly accountId: string
  /** Keys of buckets that were made and, as far as is known, not deleted. */
  readonly bucketKeys: { readonly bucket: string; readonly accessKeyId: string }[]
  /** What was told of versions: which write made which. */
  readonly versionIds: Map<string, string>
  /** Faults that were planted and that allow what is an error otherwise. */
  readonly planted: Set<string>
}

/** One request of a client: through which gateway, signed by which key, and when. */
export interface Request {
  readonly gateway: Gateway
  readonly accessKeyId: string
  readonly calledAt: number
  readonly admit: () => Promise<Admission>
}

/** Names a key in histories. */
export const nameOf = (bucket: SimulatedBucket, key: string): string => `${bucket.name}/${key}`

/** What a client does for each request: it chooses gateway and key, asks, and writes down what it hears. */
export class StoreClient {
  readonly shared: Shared

  constructor(shared: Shared) {
    this.shared = shared
  }

  /** Null while no gateway runs. */
  begin(bucket: SimulatedBucket): Request | null {
    const { world, bucketKeys, rootKeyId, histories } = this.shared
    const { random } = world.timeline
    const { running } = world
    if (running.length === 0) return null
    const gateway = random.oneOf(running)
    const keys = bucketKeys.filter((key) => key.bucket === bucket.name)
    const accessKeyId = keys.length > 0 && random.below(3) === 0 ? random.oneOf(keys).accessKeyId : rootKeyId
    return {
      gateway,
      accessKeyId,
      calledAt: histories.moment(),
      admit: () => admit(gateway, accessKeyId, bucket.name),
    }
  }

  /** Asks, notes what the answer tells of the access key, and that an answer is one that may be. */
  async ask<T>(request: Request, what: string, work: () => Promise<T>): Promise<Answer<T>> {
    const { rootKeyId, histories } = this.shared
    const answer = await ask(request.gateway, work)
    const isRefused = answer.type === 'refused' && isDomainError(answer.error, 'AccessKeyStopped')
    const isAbout = (type: 'works' | 'refused'): void => {
      if (request.accessKeyId !== rootKeyId)
        histories.addAccessKey(request.accessKeyId, request.calledAt, { type })
      else if (type === 'refused') histories.problems.push(`${what}: the root key was refused`)
    }
    if (isRefused) isAbout('refused')
    else if (answer.type === 'done') isAbout('works')
    if (answer.type === 'unforeseen') this.#judge(what, answer.error)
    if (answer.type === 'damaged' && !this.shared.planted.has('rot'))
      histories.problems.push(`${what}: damage was found where nothing was damaged`)
    return answer
  }

  /** Writes down a change: it happened, it did not (then nothing is written), or nobody knows. */
  note(name: string, request: Request, answer: Answer<unknown>, action: ObjectAction): void {
    if (answer.type === 'done') this.shared.histories.addObject(name, request.calledAt, action)
    else if (answer.type === 'unknown' || answer.type === 'unforeseen')
      this.shared.histories.addObject(name, request.calledAt, action, false)
  }

  #judge(what: string, error: unknown): void {
    const { planted, histories } = this.shared
    const text = error instanceof Error ? error.message : String(error)
    if (planted.has('disk') && /EIO|EROFS|EMFILE/.test(text)) {
      // A body whose disk failed in the midst is cut; a write is to be answered 503.
      if (what.startsWith('read ')) return
    }
    const stack = error instanceof Error ? (error.stack ?? '') : ''
    histories.problems.push(`${what}: answered 500: ${stack || text}`)
  }
}

async function admit({ context }: Gateway, accessKeyId: string, bucketName: string): Promise<Admission> {
  const { credential, bucket } = await lookUpAccess(context, accessKeyId, bucketName)
  if (!credential) throw new DomainError('AccessKeyStopped', { why: 'unknown' })
  if (!bucket) throw new DomainError('NoSuchBucket', { bucketName })
  return { principal: credential.principal, credential: credential.state, bucket }
}
