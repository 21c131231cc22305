import type { Readable } from 'node:stream'
import { isDomainError } from '../../src/service/errors/domain-error.ts'
import { copyObject } from '../../src/service/objects/copy-object.ts'
import { deleteObject } from '../../src/service/objects/delete-object.ts'
import { putObject } from '../../src/service/objects/put-object.ts'
import type { WriteConditions } from '../../src/service/versions/conditions.ts'
import { openObject } from '../../src/service/versions/open-object.ts'
import type { ObjectRecord } from '../../src/service/records/object.ts'
import { digestOfCopy } from './bodies.ts'
import type { Answer } from './answers.ts'
import { MARKER, type ObjectAction } from './object-model.ts'
import { nameOf, StoreClient, type Request, type SimulatedBucket } from './store-client.ts'

/** A client that puts, reads, copies and deletes objects. */
export class ObjectClient extends StoreClient {
  async put(bucket: SimulatedBucket, key: string): Promise<void> {
    const request = this.begin(bucket)
    if (!request) return
    const { bodies, world } = this.shared
    const id = bodies.newName('put')
    const bytes = bodies.make(id)
    const condition = this.#condition(world.timeline.random.below(10), nameOf(bucket, key))
    const answer = await this.ask(
      request,
      `put ${nameOf(bucket, key)} ${id}`,
      async () =>
        await putObject(request.gateway.context, await request.admit(), {
          objectKey: key,
          body: bodies.arriving(bytes),
          attributes: { headers: {}, userMetadata: { id } },
          ...condition.given,
        }),
    )
    if (answer.type === 'done') this.#remember(id, answer.value.versionId)
    this.#noteConditional(nameOf(bucket, key), {
      request,
      answer,
      id,
      condition,
      versioned: bucket.isVersioned,
    })
  }

  async read(bucket: SimulatedBucket, key: string, versionOf?: string): Promise<void> {
    const request = this.begin(bucket)
    if (!request) return
    const { histories, versionIds } = this.shared
    const name = nameOf(bucket, key)
    const versionId = versionOf === undefined ? undefined : versionIds.get(versionOf)
    const opened = await this.ask(
      request,
      `read ${name}`,
      async () =>
        await openObject(request.gateway.context, await request.admit(), {
          objectKey: key,
          ...(versionId !== undefined && { versionId }),
        }),
    )
    const sees = (id: string | null): ObjectAction =>
      versionOf === undefined
        ? { type: 'sees', id }
        : { type: 'sees-version', id: versionOf, isThere: id !== null }
    if (opened.type === 'refused') {
      if (isDomainError(opened.error, 'NoSuchKey', 'NoSuchVersion', 'VersionIsDeleteMarker'))
        histories.addObject(name, request.calledAt, sees(null))
      return
    }
    if (opened.type !== 'done') return
    const id = idOf(opened.value.record)
    if (versionOf !== undefined && id !== versionOf)
      histories.problems.push(`${name}: version ${versionOf} was asked for, ${id} was given`)
    histories.addObject(name, request.calledAt, sees(id))
    const open = opened.value
    await this.#readBody(name, { request, id, read: (range) => open.read(range) })
  }

  async delete(bucket: SimulatedBucket, key: string): Promise<void> {
    const request = this.begin(bucket)
    if (!request) return
    const id = this.shared.bodies.newName(MARKER)
    const answer = await this.ask(
      request,
      `delete ${nameOf(bucket, key)}`,
      async () => await deleteObject(request.gateway.context, await request.admit(), { objectKey: key }),
    )
    if (answer.type === 'done') this.#remember(id, answer.value.versionId)
    this.note(nameOf(bucket, key), request, answer, { type: 'delete', id, versioned: bucket.isVersioned })
  }

  async deleteVersion(bucket: SimulatedBucket, key: string, id: string): Promise<void> {
    const request = this.begin(bucket)
    const versionId = this.shared.versionIds.get(id)
    if (!request || versionId === undefined) return
    const answer = await this.ask(
      request,
      `delete version ${nameOf(bucket, key)} ${id}`,
      async () =>
        await deleteObject(request.gateway.context, await request.admit(), { objectKey: key, versionId }),
    )
    this.note(nameOf(bucket, key), request, answer, { type: 'delete-version', id })
  }

  async copy(bucket: SimulatedBucket, from: string, to: string): Promise<void> {
    const request = this.begin(bucket)
    if (!request) return
    const { bodies, histories } = this.shared
    const id = bodies.newName('copy')
    const sources: string[] = []
    const answer = await this.ask(request, `copy ${nameOf(bucket, from)} to ${to} ${id}`, async () => {
      const admission = await request.admit()
      return await copyObject(request.gateway.context, admission, {
        source: { bucket: admission.bucket, objectKey: from },
        objectKey: to,
        metadataDirective: 'REPLACE',
        taggingDirective: 'COPY',
        attributes: { headers: {}, userMetadata: { id } },
        digest: (body, record) => {
          // Before the copy can be there for anybody to read.
          const source = idOf(record)
          sources.push(source)
          bodies.set(id, bodies.get(source) ?? Buffer.alloc(0))
          return digestOfCopy(body, record)
        },
      })
    })
    if (answer.type === 'done') {
      this.#remember(id, answer.value.versionId)
      for (const source of sources)
        histories.addObject(nameOf(bucket, from), request.calledAt, { type: 'sees', id: source })
    }
    this.note(nameOf(bucket, to), request, answer, { type: 'put', id, versioned: bucket.isVersioned })
  }

  #remember(id: string, versionId: string | undefined): void {
    if (versionId !== undefined) this.shared.versionIds.set(id, versionId)
  }

  /** Half of all writes have none. */
  #condition(choice: number, name: string): Condition {
    if (choice < 6) return { given: {}, current: undefined }
    if (choice < 8) return { given: { ifNoneMatch: ['*'] }, current: null }
    const current = this.shared.histories.lastSeen(name)
    return current === null
      ? { given: {}, current: undefined }
      : { given: { ifMatch: [this.shared.bodies.etagOf(current)] }, current }
  }

  #noteConditional(
    name: string,
    told: {
      readonly request: Request
      readonly answer: Answer<unknown>
      readonly id: string
      readonly condition: Condition
      readonly versioned: boolean
    },
  ): void {
    const { request, answer, id, condition, versioned } = told
    const { current } = condition
    if (answer.type === 'refused') {
      // Two writes may have the same bytes; copies have. What is told apart by its bytes alone says nothing certain then.
      if (isDomainError(answer.error, 'PreconditionFailed', 'NoSuchKey') && current !== undefined)
        this.shared.histories.addObject(name, request.calledAt, { type: 'sees-other-than', id: current })
      return
    }
    if (current === undefined) this.note(name, request, answer, { type: 'put', id, versioned })
    else if (current === null) this.note(name, request, answer, { type: 'put-if-absent', id, versioned })
    else this.note(name, request, answer, { type: 'put-if', id, versioned, current })
  }

  async #readBody(
    name: string,
    {
      request,
      id,
      read,
    }: {
      readonly request: Request
      readonly id: string
      readonly read: (range?: { start: number; end: number }) => Promise<Buffer | Readable>
    },
  ): Promise<void> {
    const { bodies, histories, world } = this.shared
    const whole = bodies.get(id)
    if (!whole) {
      histories.problems.push(`${name}: ${id} was never written`)
      return
    }
    const { random } = world.timeline
    const isRange = whole.length > 0 && random.below(3) === 0
    const start = isRange ? random.below(whole.length) : 0
    const end = isRange ? start + random.below(whole.length - start) : whole.length - 1
    const answer = await this.ask(
      request,
      `read body ${name} ${id}`,
      async () => await bodies.read(await read(isRange ? { start, end } : undefined)),
    )
    if (answer.type !== 'done') return
    if (!answer.value.equals(whole.subarray(start, end + 1)))
      histories.problems.push(
        `${name}: wrong bytes of ${id} with a good end: ${answer.value.subarray(0, 40).toString()}`,
      )
  }
}

interface Condition {
  readonly given: WriteConditions
  /** What the condition wants to be current; null: nothing; undefined: there is none. */
  readonly current: string | null | undefined
}

const idOf = (record: ObjectRecord): string => record.userMetadata['id'] ?? 'without a name'
