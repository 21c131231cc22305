// Builds what is shipped: dist/cli (the command line) and dist/server (the server's commands).
//   node build/bundle.mjs
// The command line is one CommonJS file without imports, since its start-up time is what a user waits for: modules that are
// imported with `import()` stay lazy inside it. A module named in SEPARATE becomes a file of its own, because it draws in
// packages that most commands never need. dist/cli/main.cjs (src/cli/start.ts) loads that file, together with the bytecode that
// build/bytecode.mjs makes of it for the Node that builds.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { build } from 'esbuild'

const root = resolve(import.meta.dirname, '..')
const cliFolder = resolve(root, 'dist/cli')
const { version } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8'))

/** Modules of src/cli that get a file of their own in dist/cli: source → name. */
const SEPARATE = { 'src/cli/credentials/sdk-providers.ts': 'sdk-providers' }

/** Modules of which the command line gets another one that does the same and loads faster. */
const REPLACED = { 'src/base/sha-256.ts': 'src/base/sha-256-script.ts' }

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  define: { 'process.env["LUGSAIL_VERSION"]': JSON.stringify(version) },
  loader: { '.sql': 'text' },
  logLevel: 'warning',
  legalComments: 'none',
}

/** Leaves `import('…/x.ts')` of a separate module as `require('./x.cjs')` at run time. */
const separateModules = {
  name: 'separate-modules',
  setup({ onResolve }) {
    onResolve({ filter: /^\.{1,2}\// }, ({ kind, path, resolveDir }) => {
      const source = resolve(resolveDir, path).slice(root.length + 1)
      return kind === 'dynamic-import' && source in SEPARATE
        ? { path: `./${SEPARATE[source]}.cjs`, external: true }
        : undefined
    })
  },
}

const replacedModules = {
  name: 'replaced-modules',
  setup({ onResolve }) {
    onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir }) => {
      const replacement = REPLACED[resolve(resolveDir, path).slice(root.length + 1)]
      return replacement === undefined ? undefined : { path: resolve(root, replacement) }
    })
  },
}

rmSync(resolve(root, 'dist'), { recursive: true, force: true })

const commandLine = await build({
  ...shared,
  entryPoints: ['src/cli/main.ts'],
  write: false,
  format: 'cjs',
  // Code that runs from a script of its own has `require`, but no `import()`.
  supported: { 'dynamic-import': false },
  minifySyntax: true,
  minifyWhitespace: true,
  minifyIdentifiers: true,
  banner: { js: '(function(require){' },
  footer: { js: '})' },
  plugins: [separateModules, replacedModules],
})
const [{ contents, hash }] = commandLine.outputFiles
const bundle = `lugsail-${hash.replace(/[^A-Za-z0-9]/g, '')}`
mkdirSync(cliFolder, { recursive: true })
writeFileSync(resolve(cliFolder, `${bundle}.cjs`), contents)

await build({
  ...shared,
  entryPoints: { main: 'src/cli/start.ts' },
  outdir: 'dist/cli',
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  minify: true,
  define: { 'process.env["LUGSAIL_BUNDLE"]': JSON.stringify(bundle) },
})

for (const [source, name] of Object.entries(SEPARATE)) {
  await build({
    ...shared,
    entryPoints: { [name]: source },
    outdir: 'dist/cli',
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    minify: true,
  })
}

const { status } = spawnSync(
  process.execPath,
  [resolve(import.meta.dirname, 'bytecode.mjs'), cliFolder, bundle],
  {
    stdio: ['ignore', 'ignore', 'inherit'],
  },
)
if (status !== 0)
  console.error('No bytecode was made for the command line: it works, but starts more slowly.')

if (existsSync(resolve(root, 'src/server/main.ts'))) {
  await build({
    ...shared,
    entryPoints: { main: 'src/server/main.ts', 'digest-thread': 'src/protocol/checksums/digest-thread.ts' },
    outdir: 'dist/server',
    format: 'esm',
    packages: 'external',
    // What is loaded with `import()` (commands, engines) gets files of its own, so that a start does not pay for the clients of stores
    // that it does not use. They lie beside main.js, as the digest thread has to.
    splitting: true,
    chunkNames: '[name]-[hash]',
    sourcemap: 'linked',
  })
}
