/**
 * What `bin/lugsail` runs: loads a bundle, of the command line or of the server's commands. Beside that of the command line the build leaves
 * the bytecode that V8 made of it, which saves the time to compile it. The name of that file holds the digest of the bundle, the version of Node and the
 * machine it is for, and V8 itself refuses one of another version or made with other flags; without one that fits, the bundle is compiled
 * as usual.
 */
import { refusalOfNode } from './oldest-node.ts'
import { runBundle } from './run-bundle.ts'

const refusal = refusalOfNode(process.versions.node, process.execPath)
if (refusal !== null) {
  process.stderr.write(refusal)
  process.exit(1)
}
// This program is built as CommonJS, and the bundle's name written in.
runBundle(__dirname, process.env['LUGSAIL_BUNDLE'] ?? '', require)
