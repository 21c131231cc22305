// Builds what is shipped: dist/cli (the command line), dist/server (the server's commands: server-bundle.mjs), dist/client (the typed client:
// client-bundle.mjs), dist/testing (the server for tests: testing-bundle.mjs), dist/console (console-bundle.mjs) and the licences of what they contain.
//   node build/bundle.mjs [--only-commands]
// With `--only-commands` just dist/cli and dist/server, without bytecode: what tests of the command need of a tree in which one thing was changed.
// The command line is one CommonJS file without imports, since its start-up time is what a user waits for: modules that are
// imported with `import()` stay lazy inside it. A module named in SEPARATE becomes a file of its own, because most commands
// never need it or the packages that it draws in: a text above 128 KiB costs V8 memory of another kind. Such a file has copies of
// what it imports, so an error of a class of ours, thrown there, is none of that class here. dist/cli/main.cjs
// (src/base/start-bundle.ts) loads the bundle, together with the bytecode that build/bytecode.mjs makes of it for the Node that builds.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { build } from 'esbuild'
import { bundleClient } from './client-bundle.mjs'
import { bundleConsole } from './console-bundle.mjs'
import { licencesOf, packagesOf } from './licences.mjs'
import { bundleServer } from './server-bundle.mjs'
import { bundleTesting } from './testing-bundle.mjs'

const root = resolve(import.meta.dirname, '..')
const cliFolder = resolve(root, 'dist/cli')
const { version } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8'))

/** Above this, each start of a command takes longer (docs/decisions/command-line-start.md). */
const BUNDLE_BYTES_MAX = 128 * 1024

/** Modules of src/cli that get a file of their own in dist/cli: source → name. */
const SEPARATE = {
  'src/cli/credentials/process.ts': 'credential-process',
  'src/cli/credentials/role-cache.ts': 'role-cache',
  'src/cli/credentials/sdk-providers.ts': 'sdk-providers',
  'src/cli/commands/completion.ts': 'completion',
  'src/cli/commands/cosi.ts': 'cosi',
  'src/cli/commands/doctor.ts': 'doctor',
  'src/cli/commands/env.ts': 'env',
  'src/cli/commands/use.ts': 'use',
  'src/cli/commands/credentials.ts': 'credentials',
  'src/cli/commands/key.ts': 'key',
  'src/cli/commands/role.ts': 'role',
  'src/cli/key-files/key-files.ts': 'key-files',
  'src/cli/key-words.ts': 'key-words',
  'src/cli/arguments/untyped-secrets.ts': 'untyped-secrets',
  'src/cli/help/index.ts': 'help',
  'src/cli/hints/amazon.ts': 'amazon',
  'src/cli/hints/index.ts': 'hints',
  'src/cli/objects/index.ts': 'objects',
  'src/cli/yaml/package.ts': 'yaml',
  'src/model/lugsail/index.ts': 'lugsail-model',
  'src/cli/yaml/skeleton.ts': 'yaml-skeleton',
}

/** Modules of which the command line gets another one that does the same and loads faster. */
const REPLACED = { 'src/base/sha-256.ts': 'src/base/sha-256-script.ts' }

/** A member `doc` with its text, as the sources have it. */
const DOC = /\bdoc:\s*(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\s*,?/g

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

/** Leaves out what is said of operations, members and options: only help and samples tell it, which are files of their own. */
const withoutDocs = {
  name: 'without-docs',
  setup({ onLoad }) {
    onLoad(
      {
        filter: /src\/(?:model\/lightsail\/.*|cli\/grammar\/global-options)\.ts$/,
      },
      ({ path }) => ({
        contents: readFileSync(path, 'utf8').replace(DOC, ''),
        loader: 'ts',
      }),
    )
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

const onlyCommands = process.argv.includes('--only-commands')

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
  plugins: [separateModules, replacedModules, withoutDocs],
})
const [{ contents, hash }] = commandLine.outputFiles
if (contents.length > BUNDLE_BYTES_MAX)
  throw new Error(
    `The command line's bundle has ${contents.length} bytes, above ${BUNDLE_BYTES_MAX}: name a module that few commands need in SEPARATE`,
  )
const bundle = `lugsail-${hash.replace(/[^A-Za-z0-9]/g, '')}`
mkdirSync(cliFolder, { recursive: true })
writeFileSync(resolve(cliFolder, `${bundle}.cjs`), contents)

await build({
  ...shared,
  entryPoints: { main: 'src/base/start-bundle.ts' },
  outdir: 'dist/cli',
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  minify: true,
  define: { 'process.env["LUGSAIL_BUNDLE"]': JSON.stringify(bundle) },
})

const separateInputs = []
for (const [source, name] of Object.entries(SEPARATE)) {
  const { metafile } = await build({
    ...shared,
    entryPoints: { [name]: source },
    outdir: 'dist/cli',
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    minify: true,
    // It has machine code.
    external: ['@node-rs/crc32'],
    // As in the bundle, so that one such file does not have another one in it.
    supported: { 'dynamic-import': false },
    metafile: true,
    plugins: [separateModules],
  })
  separateInputs.push(...Object.keys(metafile.inputs))
}

const server = await bundleServer(shared, 'dist/server')
if (onlyCommands) process.exit()

makeBytecode('dist/cli', bundle)

await bundleClient(shared, 'dist/client')
const testing = await bundleTesting(shared, 'dist/testing')
const webConsole = await bundleConsole(shared, 'dist/console')
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`
console.log(
  `The console's first load: ${kilobytes(webConsole.firstLoad.gzip)} by gzip, ${kilobytes(webConsole.firstLoad.br)} by brotli`,
)

const inputs = [...separateInputs, ...server.inputs, ...testing.inputs, ...webConsole.inputs]
writeFileSync(
  resolve(root, 'dist/bundled-packages.json'),
  `${JSON.stringify(packagesOf(root, inputs), null, 2)}\n`,
)
writeFileSync(resolve(root, 'dist/third-party-licences.txt'), licencesOf(root, inputs))

/** Runs build/bytecode.mjs, which uses the bundle once, in a process of its own. */
function makeBytecode(folder, name) {
  const script = resolve(import.meta.dirname, 'bytecode.mjs')
  const { status } = spawnSync(process.execPath, [script, folder, name], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) console.error(`No bytecode was made of ${folder}: it works, but starts more slowly.`)
}
