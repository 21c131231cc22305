/**
 * What `bin/lugsail` runs: loads a bundle, of the command line or of the server's commands. Beside that of the command line the build leaves
 * the bytecode that V8 made of it, which saves the time to compile it. The name of that file holds the digest of the bundle, the version of Node and the
 * machine it is for, and V8 itself refuses one of another version or made with other flags; without one that fits, the bundle is compiled
 * as usual.
 */
import { readFileSync } from 'node:fs'
import { Script } from 'node:vm'

// Both are written in by the build.
const BUNDLE = process.env['LUGSAIL_BUNDLE'] ?? ''
const VERSION_OF_BYTECODE = `${process.version}-${process.platform}-${process.arch}`

/** The oldest Node that can run it. */
const NODE_MIN = [20, 19] as const

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < NODE_MIN[0] || (major === NODE_MIN[0] && minor < NODE_MIN[1])) {
  process.stderr.write(
    `lugsail: Node.js ${NODE_MIN.join('.')} or later is needed, and this is ${process.versions.node} (${process.execPath})\n`,
  )
  process.exit(1)
}

function readBytecode(): Buffer | undefined {
  try {
    return readFileSync(`${__dirname}/${BUNDLE}-${VERSION_OF_BYTECODE}.bytecode`)
  } catch {
    // There is none for this Node, or it cannot be read: it only saves time.
    return undefined
  }
}

const filename = `${__dirname}/${BUNDLE}.cjs`
// With --enable-source-maps, Node looks for the map of a file only when that is loaded as a module; a bundle alone does nothing then.
// oxlint-disable-next-line typescript/no-require-imports -- this program is built as CommonJS
if (process.sourceMapsEnabled) require(filename)
// The bundles are ASCII; as UTF-8 they are read without a second copy.
const script = new Script(readFileSync(filename, 'utf8'), { filename, cachedData: readBytecode() })
// The build wraps the bundle in such a function.
const start = script.runInThisContext() as (load: NodeJS.Require) => void
start(require)
