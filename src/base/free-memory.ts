import { MessageChannel } from 'node:worker_threads'

const { port1: nowhere, port2: otherEnd } = new MessageChannel()
otherEnd.close()

/**
 * Gives memory back to the system's allocator at once. Whoever still has bytes in it finds none: it must be nobody. What is sent away is not the sender's any more, and what is sent to
 * nobody is gone; `ArrayBuffer.prototype.transfer` does the same from Node.js 22 on.
 */
export function freeMemory(memory: ArrayBuffer): void {
  nowhere.postMessage(null, [memory])
}
