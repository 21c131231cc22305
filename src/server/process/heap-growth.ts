import { setFlagsFromString } from 'node:v8'

/** By how much of what is alive a heap may grow before all of it is looked through. */
const GROWTH_PERCENT = 200

/**
 * Lets this process's heap grow to three times what is alive in it between two whole collections. V8 counts the bytes of bodies, which lie outside of the heap and come and go with each
 * request, as growth of it, and a server's heap is small: by itself it would look through all of it every few megabytes
 * (docs/decisions/body-buffers.md). To be called once the server answers: what Node loads afterwards it has to compile.
 */
export function letHeapGrow(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`)
}
