// Builds dist/server: main.cjs, which loads the bundle of the server's commands, the client of S3 clusters, the SDK of traces, and the digest thread.
// All JavaScript that every start needs is in the one file, packages too, since to find, read and compile some 150 files took longer than
// anything else in a start. What only some stores need is a file of its own (the client of a cluster), or stays in node_modules (pg), as does what holds machine code.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { build } from 'esbuild'

/** Packages of all that is not bundled. `lmdb` is: only its machine code is found in node_modules, from where the package lies. */
const EXTERNAL = ['pg', '@node-rs/crc32']

/** Modules that few servers load: left out of the bundle, and each built by itself. Source → name. */
const APART = {
  'src/storage/s3/client-package.ts': 'cluster-client',
  'src/server/tracing/sdk-package.ts': 'tracing-sdk',
}

const modulesApart = (root) => ({
  name: 'modules-apart',
  setup({ onResolve }) {
    onResolve({ filter: /-package\.ts$/ }, ({ path, resolveDir }) => {
      const name = APART[resolve(resolveDir, path).slice(root.length + 1)]
      return name === undefined ? undefined : { path: `./${name}.cjs`, external: true }
    })
  },
})

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
    plugins: [lmdbWhereItLies, modulesApart(shared.absWorkingDir)],
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
  const apart = await build({
    ...shared,
    entryPoints: Object.fromEntries(Object.entries(APART).map(([source, name]) => [name, source])),
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    minify: true,
    // The SDK asks for it where it is there.
    external: ['@aws-sdk/signature-v4-crt'],
    metafile: true,
  })
  // A thread's file lies beside main.cjs (threaded-digester.ts).
  await build({
    ...shared,
    entryPoints: { 'digest-thread': 'src/protocol/checksums/digest-thread.ts' },
    outdir: folder,
    format: 'esm',
    external: EXTERNAL,
    sourcemap: 'linked',
  })
  return { inputs: [...Object.keys(metafile.inputs), ...Object.keys(apart.metafile.inputs)] }
}
