import type { Writer } from './writer.ts'

/**
 * Lets the writers of one record in this process take turns: they would otherwise make each other's commits conflict. Other processes
 * may still win in between, so a commit checks what it read all the same. Holds one queue for each record that is being written.
 */
export class Turns {
  readonly #queues = new Map<string, Writer[]>()

  /**
   * Puts a writer behind those who wait for the turn of this name. `serve` takes some from the front of the queue that it gets, and resolves when they are served
   * or at its front again; it must not reject. It is called until nobody waits.
   */
  enter(name: string, writer: Writer, serve: (queue: Writer[]) => Promise<void>): void {
    const waiting = this.#queues.get(name)
    if (waiting) {
      waiting.push(writer)
      return
    }
    const queue = [writer]
    this.#queues.set(name, queue)
    void this.#serveAll(name, queue, serve)
  }

  async #serveAll(name: string, queue: Writer[], serve: (queue: Writer[]) => Promise<void>): Promise<void> {
    while (queue.length > 0) await serve(queue)
    this.#queues.delete(name)
  }
}

/** The turn of a bucket's own record and of what is checked along with it: its settings, its access keys. */
export const bucketTurn = (bucketName: string): string => `bucket ${bucketName}`

/** The turn of an account's own record, which is written with each bucket and resource that it gets. */
export const accountTurn = (accountId: string): string => `account ${accountId}`

/** The turn of an account's application keys, which are counted. */
export const applicationKeysTurn = (accountId: string): string => `application keys ${accountId}`

/** The turn of an account's roles, which are counted. */
export const rolesTurn = (accountId: string): string => `roles ${accountId}`

/** The turn of an account's name, before there is an account. */
export const accountNameTurn = (name: string): string => `account name ${name}`

/** The turn of a resource of an account. */
export const resourceTurn = (accountId: string, region: string, name: string): string =>
  `resource ${accountId} ${region} ${name}`

/** The turn of an object's versions, and of the uploads that become one when they are completed. */
export const objectTurn = (bucketId: string, objectKey: string): string => `object ${bucketId}/${objectKey}`

/** The turn of an upload in the making, and of one of its parts: different parts come side by side. */
export const uploadTurn = (bucketId: string, uploadId: string, partNumber?: number): string =>
  `upload ${bucketId}/${uploadId}/${partNumber ?? ''}`

/** The turn of what is left of an upload that is over. */
export const closedUploadTurn = (uploadKey: Buffer): string => `closed upload ${uploadKey.toString('hex')}`

/** The turn of the watch for locks in a bucket: whoever watches has the bucket's turn already. */
export const lockWatchTurn = (bucketId: string): string => `locks ${bucketId}`

/** Turns of what there is one of in a store. */
export const STORE_TURNS = {
  accountIndex: 'index of accounts',
  lastUses: 'last uses',
  keyUses: 'key uses',
  reseal: 'reseal',
} as const
