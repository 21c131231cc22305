import { randomBytes } from 'node:crypto'
import { keyAfter, readTextPart } from '../../base/key.ts'
import type { BlobId } from '../../storage/blob-store.ts'
import type { Entry, MetadataStore, Version } from '../../storage/metadata-store.ts'
import {
  removalResponseKey,
  removalResponsesRange,
  removalQuestionKey,
  removalQuestionsRange,
  writerLeasesRange,
} from '../keyspace.ts'
import { removalResponseCodec, removalQuestionCodec } from '../records/removal-question.ts'
import type { VersionCheck } from './writer-lease.ts'

/** Blobs of one question: its record has some 300 KB then. */
export const QUESTION_BLOBS_MAX = 10_000

const PAGE_SIZE = 1_000

/** What the other processes said so far. */
interface Verdict {
  /** Whether a process that has a lease has still to answer. */
  readonly isOpen: boolean
  readonly heldBlobIds: ReadonlySet<BlobId>
}

/**
 * How processes that share a store agree on the removal of blobs, after the commit that gave them up. A process asks (one question at a time, a record
 * of its own); each other process that has a lease answers which of the blobs it still reads. Whoever takes a lease later cannot find those blobs in any record.
 */
export class RemovalQuestions {
  readonly #metadata: MetadataStore
  /** The questions that were answered, by who asked: at most one for each process. */
  #answered = new Map<string, Version>()

  constructor(metadata: MetadataStore) {
    this.#metadata = metadata
  }

  /** Whether any other process may be reading. */
  async hasOthers(writerId: string): Promise<boolean> {
    return (await this.#leaseHolders()).some((other) => other !== writerId)
  }

  /** Asks the others; gives the question's id. Replaces the process's earlier question. */
  async ask(lease: VersionCheck, writerId: string, blobIds: readonly BlobId[]): Promise<string | null> {
    const questionId = randomBytes(8).toString('hex')
    const value = removalQuestionCodec.encode({ questionId, blobIds })
    const outcome = await this.#metadata.commit({
      checks: [lease],
      sets: [{ key: removalQuestionKey(writerId), value }],
      usesReserve: true,
    })
    return outcome === 'ok' ? questionId : null
  }

  /** What the others said to the question so far. */
  async verdict(writerId: string, questionId: string): Promise<Verdict> {
    // Who had no lease when the question was stored need not answer, so the leases are read afterwards; responses come before a lease ends.
    const others = (await this.#leaseHolders()).filter((other) => other !== writerId)
    const responses = await this.#all(removalResponsesRange(writerId))
    const heldBlobIds = new Set<BlobId>()
    const answered = new Set<string>()
    for (const { key, value } of responses) {
      const response = removalResponseCodec.decode(value)
      if (response.questionId !== questionId) continue
      answered.add(key.toString('utf8', readTextPart(key, 1).end))
      for (const blobId of response.heldBlobIds) heldBlobIds.add(blobId)
    }
    return { isOpen: others.some((other) => !answered.has(other)), heldBlobIds }
  }

  /** Forgets a process's question and the responses to it. */
  async withdraw(writerId: string): Promise<void> {
    const responses = await this.#all(removalResponsesRange(writerId), true)
    await this.#metadata.commit({
      deletes: [removalQuestionKey(writerId), ...responses.map(({ key }) => key)],
    })
  }

  /** Answers what others ask and this process has not answered yet. `heldAmong` is called after the question was read. */
  async answer(
    lease: VersionCheck,
    writerId: string,
    heldAmong: (blobIds: readonly BlobId[]) => ReadonlySet<BlobId>,
  ): Promise<void> {
    const asked = await this.#all(removalQuestionsRange(), true)
    const answered = new Map<string, Version>()
    for (const { key, version } of asked) {
      const asking = readTextPart(key, 1).text
      if (asking === writerId) continue
      const isNew = this.#answered.get(asking) !== version
      if (!isNew || (await this.#answerOne(key, { lease, writerId, asking, heldAmong })))
        answered.set(asking, version)
    }
    this.#answered = answered
  }

  async #answerOne(
    key: Buffer,
    {
      lease,
      writerId,
      asking,
      heldAmong,
    }: {
      readonly lease: VersionCheck
      readonly writerId: string
      readonly asking: string
      readonly heldAmong: (blobIds: readonly BlobId[]) => ReadonlySet<BlobId>
    },
  ): Promise<boolean> {
    const [question] = await this.#metadata.getMany([key])
    if (!question) return false
    const { questionId, blobIds } = removalQuestionCodec.decode(question.value)
    const value = removalResponseCodec.encode({ questionId, heldBlobIds: [...heldAmong(blobIds)] })
    const outcome = await this.#metadata.commit({
      // A response to a question that was withdrawn meanwhile would stay for ever.
      checks: [lease, { key, version: question.version }],
      sets: [{ key: removalResponseKey(asking, writerId), value }],
      usesReserve: true,
    })
    return outcome === 'ok'
  }

  async #leaseHolders(): Promise<string[]> {
    return (await this.#all(writerLeasesRange(), true)).map(({ key }) => readTextPart(key, 1).text)
  }

  async #all(range: { readonly start: Buffer; readonly end: Buffer }, keysOnly = false): Promise<Entry[]> {
    const found: Entry[] = []
    for (let { start } = range; ;) {
      const page = await this.#metadata.scan({ start, end: range.end, limit: PAGE_SIZE, keysOnly })
      found.push(...page)
      const last = page.at(-1)
      if (!last || page.length < PAGE_SIZE) return found
      start = keyAfter(last.key)
    }
  }
}
