// Builds dist/testing, which the package exports as `lugsail/testing`: the server without its engines on disks and databases, in one file for
// `require`, a small one beside it for `import`, and their types.
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { build } from 'esbuild'

/** It has machine code. */
const EXTERNAL = ['@node-rs/crc32']

/** Where the digest thread and the console are looked for: beside the server's bundle. */
const URL_OF_SERVER = `require("node:url").pathToFileURL(require("node:path").join(__dirname,"../server/main.cjs")).href`

/** Builds into `folder` with esbuild's options `shared`; gives the files in it (for their licences). */
export async function bundleTesting(shared, folder) {
  const root = shared.absWorkingDir
  const { metafile } = await build({
    ...shared,
    entryPoints: { index: 'src/testing/index.ts' },
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    external: EXTERNAL,
    charset: 'ascii',
    define: { ...shared.define, 'import.meta.url': 'urlOfServer' },
    banner: { js: `const urlOfServer=${URL_OF_SERVER};` },
    minifySyntax: true,
    minifyWhitespace: true,
    metafile: true,
  })
  // The same module for both, so that there is one server's code in a process, however it is asked for. Not by an import of it: Node would look through
  // all of the file for the names that it exports, which takes twice as long as to run it.
  writeFileSync(
    resolve(root, folder, 'index.js'),
    "import { createRequire } from 'node:module'\n\nexport const { startServer } = createRequire(import.meta.url)('./index.cjs')\n",
  )
  const declarations = declarationsOf(root)
  for (const name of ['index.d.ts', 'index.d.cts']) writeFileSync(resolve(root, folder, name), declarations)
  return { inputs: Object.keys(metafile.inputs) }
}

/** Both files of types in one, without what is said of them as files. */
function declarationsOf(root) {
  const [shared, own] = ['src/server/ephemeral/types.ts', 'src/testing/types.ts'].map((file) =>
    readFileSync(resolve(root, file), 'utf8')
      .replace(/^\/\/.*\n\n/, '')
      .replace(/^import type [^\n]*\n\n/, ''),
  )
  const start = `/** Starts a server; resolves when it answers. Any number may run in a process, and share nothing. Rejects for options that cannot be. */
export declare function startServer(options?: TestServerOptions): Promise<TestServer>
`
  return [shared, own, start].join('\n')
}
