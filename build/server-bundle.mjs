// Builds dist/server: main.cjs, which loads the bundle of the server's commands, and the digest thread.
// All JavaScript that every start needs is in the one file, packages too, since to find, read and compile some 150 files took longer than
// anything else in a start. What only some stores need (pg, client-s3) and what holds machine code stays in node_modules.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { build } from 'esbuild'

/** Packages of all that is not bundled. `lmdb` is: only its machine code is found in node_modules, from where the package lies. */
const EXTERNAL = ['pg', '@aws-sdk/*', '@node-rs/crc32']

/** As for a module of the file that is started; the bundle itself, code without a module, has only `require`. */
const urlOf = (specifier) =>
  `require("node:url").pathToFileURL(require.resolve(${JSON.stringify(specifier)})).href`

/** Lets lmdb look for its machine code beside itself, not beside the bundle. */
const lmdbWhereItLies = {
  name: 'lmdb-where-it-lies',
  setup({ onLoad }) {
    onLoad({ filter: /node_modules\/lmdb\/[^/]*\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', 'urlOfLmdb()'),
    }))
  },
}

/** Builds into `folder` with esbuild's options `shared`; gives the files in it (for their licences). */
export async function bundleServer(shared, folder) {
  const { outputFiles, metafile } = await build({
    ...shared,
    entryPoints: ['src/server/main.ts'],
    entryNames: 'lugsail-server-[hash]',
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    external: EXTERNAL,
    // Code that runs from a script of its own has `require`, but no `import()`.
    supported: { 'dynamic-import': false },
    // ASCII is read without a conversion, and takes a byte a character in V8.
    charset: 'ascii',
    define: { ...shared.define, 'import.meta.url': 'urlOfMain' },
    banner: {
      js: `(function(require){const urlOfMain=${urlOf('./main.cjs')},urlOfLmdb=()=>${urlOf('lmdb')};`,
    },
    footer: { js: '})' },
    plugins: [lmdbWhereItLies],
    sourcemap: 'linked',
    metafile: true,
    write: false,
  })
  mkdirSync(folder, { recursive: true })
  for (const { path, contents } of outputFiles) writeFileSync(path, contents)
  const bundle = basename(outputFiles.find(({ path }) => path.endsWith('.cjs')).path, '.cjs')

  await build({
    ...shared,
    entryPoints: { main: 'src/base/start-bundle.ts' },
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    minify: true,
    define: { 'process.env["LUGSAIL_BUNDLE"]': JSON.stringify(bundle) },
  })
  // A thread's file lies beside main.cjs (threaded-digester.ts).
  await build({
    ...shared,
    entryPoints: { 'digest-thread': 'src/protocol/checksums/digest-thread.ts' },
    outdir: folder,
    format: 'esm',
    packages: 'external',
    sourcemap: 'linked',
  })
  return { inputs: Object.keys(metafile.inputs) }
}
