import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'

/** A file of the console, in the forms in which it was built. */
interface BuiltFile {
  /** Below the console's own path: `assets/console-ABC.js`. */
  readonly path: string
  readonly type: string
  readonly bytes: number
  /** Bytes of its compressed forms. */
  readonly encodings: Readonly<Partial<Record<Encoding, number>>>
}

/** A form in which a file was compressed when it was built, by the name that HTTP has for it. */
export type Encoding = 'br' | 'gzip'

/** Where the console was built: beside the server's bundle, or in `dist` when the server runs from its sources. */
const PLACES = ['../console/', '../../../dist/console/']

/**
 * The files of the console. Each is read when it is first asked for and then kept, so that what a page asks for later is what was built with it, also when the
 * package is exchanged under a running server. All forms of all files have a few megabytes.
 */
export class ConsoleFiles {
  readonly #folder: URL
  readonly #files: ReadonlyMap<string, BuiltFile>
  readonly #kept = new Map<string, Promise<Buffer>>()

  private constructor(folder: URL, files: readonly BuiltFile[]) {
    this.#folder = folder
    this.#files = new Map(files.map((file) => [file.path, file]))
  }

  /** Finds what was built; null when nothing was. */
  static find(places: readonly string[] = PLACES): ConsoleFiles | null {
    for (const place of places) {
      const folder = new URL(place, import.meta.url)
      try {
        const { files } = JSON.parse(readFileSync(new URL('files.json', folder), 'utf8')) as {
          readonly files: readonly BuiltFile[]
        }
        return new ConsoleFiles(folder, files)
      } catch (error) {
        if (!isAbsent(error)) throw error
      }
    }
    return null
  }

  /** What is known of a file; undefined when there is none of this path. */
  get(path: string): BuiltFile | undefined {
    return this.#files.get(path)
  }

  /** The bytes of a form of a file. */
  read({ path }: BuiltFile, encoding: Encoding | null): Promise<Buffer> {
    const name = encoding === null ? path : `${path}.${encoding}`
    const known = this.#kept.get(name)
    if (known) return known
    const reading = readFile(new URL(name, this.#folder))
    this.#kept.set(name, reading)
    // One that could not be read now is tried again.
    reading.catch(() => this.#kept.delete(name))
    return reading
  }
}

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
