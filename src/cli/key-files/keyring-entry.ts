import { jsonText } from './documents.ts'
import type { Keyring } from './keyring.ts'
import type { WrittenKey } from './written-key.ts'

/** What was kept, and how that is undone. */
interface KeptKey {
  /** Where it is, in words. */
  readonly place: string
  /** The entry in which what was there before is; undefined: there was nothing. */
  readonly copy: string | undefined
  undo(): Promise<void>
}

/** An entry of the keyring that is to hold a key, as `lugsail credentials --keyring` reads it. */
export class KeyringEntry {
  readonly #name: string
  readonly #keyring: Keyring

  constructor(name: string, keyring: Keyring) {
    this.#name = name
    this.#keyring = keyring
  }

  /** Finds out whether the keyring can be asked, before there is a key. Throws an Error. */
  async check(): Promise<void> {
    await this.#naming(() => this.#keyring.read(this.#name))
  }

  /** Keeps the key; what was there is kept beside it, as files are. Throws an Error where it cannot be kept. */
  async write(key: WrittenKey): Promise<KeptKey> {
    return await this.#naming(async () => {
      const before = await this.#keyring.read(this.#name)
      const copy = before === null ? undefined : await this.#freeName()
      if (copy !== undefined && before !== null) await this.#keyring.write(copy, before)
      await this.#keyring.write(this.#name, jsonText(key, { isOnOneLine: true }))
      return {
        place: `the keyring, as ${this.#name}`,
        copy,
        undo: async () => {
          if (before === null) return await this.#keyring.remove(this.#name)
          await this.#keyring.write(this.#name, before)
          if (copy !== undefined) await this.#keyring.remove(copy)
        },
      }
    })
  }

  async #freeName(): Promise<string> {
    for (let count = 1; count <= COPIES_MAX; count++) {
      const copy = `${this.#name}.before-write${count === 1 ? '' : `-${count}`}`
      if ((await this.#keyring.read(copy)) === null) return copy
    }
    throw new Error(`there are ${COPIES_MAX} copies beside it already`)
  }

  async #naming<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action()
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new Error(`--write-keyring: ${this.#name} cannot be written: ${why}`, { cause: error })
    }
  }
}

const COPIES_MAX = 100
