import { createCRC64, createXXHash128, createXXHash3, createXXHash64 } from 'hash-wasm'

/** What hash-wasm gives for one algorithm: one state at a time. */
type WasmHasher = Awaited<ReturnType<typeof createXXHash64>>

/** The algorithms that are computed in WebAssembly: those that Node has not. */
export type WasmAlgorithm = 'CRC64NVME' | 'XXHASH64' | 'XXHASH3' | 'XXHASH128'

/** Reflected, as hash-wasm takes it. */
const CRC64_NVME_POLYNOMIAL = '9a6c9329ac4bc9b5'

const LOADERS: Readonly<Record<WasmAlgorithm, () => Promise<WasmHasher>>> = {
  CRC64NVME: () => createCRC64(CRC64_NVME_POLYNOMIAL),
  XXHASH64: () => createXXHash64(),
  XXHASH3: () => createXXHash3(),
  XXHASH128: () => createXXHash128(),
}

const slots = new Map<WasmAlgorithm, Slot>()
let loading: Promise<void> | null = null

/** Whether {@link WasmHash} can be used. */
export const areHashesLoaded = (): boolean => slots.size > 0

/** Compiles the modules, once in a thread: a few milliseconds. */
export function loadHashes(): Promise<void> {
  return (loading ??= load())
}

async function load(): Promise<void> {
  const algorithms = Object.keys(LOADERS) as WasmAlgorithm[]
  const hashers = await Promise.all(algorithms.map((algorithm) => LOADERS[algorithm]()))
  for (const [index, hasher] of hashers.entries()) {
    const algorithm = algorithms[index]
    if (algorithm) slots.set(algorithm, new Slot(hasher))
  }
}

/** A hash of bytes that come piece by piece. {@link loadHashes} has been awaited before. */
export class WasmHash {
  readonly #slot: Slot
  /** Where another hash has taken the module since; null: nothing was hashed yet, or the module has it. */
  state: Uint8Array | null = null

  constructor(algorithm: WasmAlgorithm) {
    const slot = slots.get(algorithm)
    if (!slot) throw new Error('the modules of hashes are not loaded')
    this.#slot = slot
  }

  update(bytes: Uint8Array): void {
    this.#slot.take(this).update(bytes)
  }

  /** Big-endian; called once, after the last byte. */
  digest(): Buffer {
    return this.#slot.end(this)
  }
}

/** One compiled module, which has the state of one hash; those of others are put aside. A body that is hashed alone pays nothing for that. */
class Slot {
  readonly #hasher: WasmHasher
  #user: WasmHash | null = null

  constructor(hasher: WasmHasher) {
    this.#hasher = hasher
  }

  take(hash: WasmHash): WasmHasher {
    const hasher = this.#hasher
    if (this.#user === hash) return hasher
    if (this.#user) this.#user.state = hasher.save()
    this.#user = hash
    return hash.state ? hasher.load(hash.state) : hasher.init()
  }

  end(hash: WasmHash): Buffer {
    const digest = this.take(hash).digest('binary')
    this.#user = null
    return Buffer.from(digest.buffer, digest.byteOffset, digest.byteLength)
  }
}
