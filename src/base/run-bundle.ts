import { readFileSync } from 'node:fs'
import { Script } from 'node:vm'

/** Bytecode of another Node, or for another machine, has another name. */
const VERSION_OF_BYTECODE = `${process.version}-${process.platform}-${process.arch}`

/**
 * Runs a bundle of the build: loads the file `name` in `folder`, with its bytecode where that lies beside it, and gives it `load`. Says
 * whether bytecode was used.
 */
export function runBundle(folder: string, name: string, load: NodeJS.Require): boolean {
  const filename = `${folder}/${name}.cjs`
  // With --enable-source-maps, Node looks for the map of a file only when that is loaded as a module; a bundle alone does nothing then.
  if (process.sourceMapsEnabled) load(filename)
  const cachedData = readBytecode(`${folder}/${name}-${VERSION_OF_BYTECODE}.bytecode`)
  // The bundles are ASCII; as UTF-8 they are read without a second copy.
  const script = new Script(readFileSync(filename, 'utf8'), { filename, cachedData })
  // The build wraps the bundle in such a function.
  const start = script.runInThisContext() as (load: NodeJS.Require) => void
  start(load)
  return script.cachedDataRejected === false
}

function readBytecode(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch {
    // There is none for this Node, or it cannot be read: it only saves time.
    return undefined
  }
}
