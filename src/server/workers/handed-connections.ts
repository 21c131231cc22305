import type { ChildProcess } from 'node:child_process'
import type { Worker } from 'node:cluster'

/** Of what Node hands to a worker: a connection, which this process has open until the worker says that it took it. */
interface Closable {
  /** Does nothing when it is closed already. */
  close(): void
}

/**
 * Closes what a worker was being handed when it ended. Node hands connections over one at a time for each worker, and closes its own side of one when the worker says that it took it. One that
 * ended before says nothing: then Node would keep the connection, which nobody reads, for as long as the client waits. Whether the worker had read from it cannot be told, so it goes to no other one.
 */
export class HandedConnections {
  readonly #last = new Map<Worker, Closable>()

  /** To be called once for each worker, before it listens. */
  watch(worker: Worker): void {
    const child: ChildProcess = worker.process
    const send = child.send.bind(child) as (...given: unknown[]) => boolean
    child.send = (message: unknown, handle?: unknown, ...rest: unknown[]): boolean => {
      if (isClosable(handle)) this.#note(worker, handle)
      const isSent = send(message, handle, ...rest)
      // Node may hear later than this process that a worker ended.
      if (worker.isDead()) this.#close(worker)
      return isSent
    }
    // Not at its disconnection: of one that ended with something unread that may never be told.
    worker.once('exit', () => this.#close(worker))
  }

  #note(worker: Worker, handle: Closable): void {
    // What a worker that stops did not take is handed to another one, whose it then is.
    for (const [other, handed] of this.#last) if (handed === handle) this.#last.delete(other)
    this.#last.set(worker, handle)
  }

  #close(worker: Worker): void {
    this.#last.get(worker)?.close()
    this.#last.delete(worker)
  }
}

const isClosable = (handle: unknown): handle is Closable =>
  typeof handle === 'object' && handle !== null && 'close' in handle && typeof handle.close === 'function'
