// Builds what is shipped: dist/cli (the command line) and dist/server (the server's commands).
//   node build/bundle.mjs
// The command line is one CommonJS file without imports, since its start-up time is what a user waits for: modules that are
// imported with `import()` stay lazy inside it. A module named in SEPARATE becomes a file of its own, because it draws in
// packages that most commands never need.
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { build } from 'esbuild'

const root = resolve(import.meta.dirname, '..')
const { version } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8'))

/** Modules of src/cli that get a file of their own in dist/cli: source → name. */
const SEPARATE = { 'src/cli/credentials/sdk-providers.ts': 'sdk-providers' }

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

rmSync(resolve(root, 'dist'), { recursive: true, force: true })

await build({
  ...shared,
  entryPoints: { main: 'src/cli/main.ts' },
  outdir: 'dist/cli',
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  minifySyntax: true,
  minifyWhitespace: true,
  plugins: [separateModules],
})

for (const [source, name] of Object.entries(SEPARATE)) {
  if (!existsSync(resolve(root, source))) continue
  await build({
    ...shared,
    entryPoints: { [name]: source },
    outdir: 'dist/cli',
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    minify: true,
  })
}

if (existsSync(resolve(root, 'src/server/main.ts'))) {
  await build({
    ...shared,
    entryPoints: { main: 'src/server/main.ts', 'digest-thread': 'src/protocol/checksums/digest-thread.ts' },
    outdir: 'dist/server',
    format: 'esm',
    packages: 'external',
    sourcemap: 'linked',
  })
}
