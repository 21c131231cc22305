import type { UploadQueue } from './upload-queue.ts'

let current: UploadQueue | null = null
const listeners = new Set<() => void>()

/** The uploads of who is signed in; null before the first. This file is all of them that is loaded before. */
export const currentUploads = (): UploadQueue | null => current

/** Puts others in their place; null: nobody is signed in. */
export function setCurrentUploads(queue: UploadQueue | null): void {
  if (current === queue) return
  current?.end()
  current = queue
  for (const listener of listeners) listener()
}

/** Has `listener` called when there are others. */
export function onCurrentUploads(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
