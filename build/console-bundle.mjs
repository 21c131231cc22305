// Builds dist/console, which the server serves at /-/console/: a page, its scripts by page, its styles, each compressed beforehand, and files.json,
// which names them all. What `npm run build` prints of it is the size of the first load; test/console/first-load.test.ts holds it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, extname, resolve } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build } from 'esbuild'

/** The place of all files whose names change with their bytes. */
const ASSETS = 'assets'

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
}

/** Texts of a package in languages that the console does not speak. */
const oneLanguage = {
  name: 'one-language',
  setup({ onLoad }) {
    onLoad({ filter: /[/](?:intl|i18n)[/].*[a-z]{2}-[A-Z]{2}[.][cm]?js$/ }, ({ path }) =>
      /en-US\.[cm]?js$/.test(path) ? undefined : { contents: 'export default {}', loader: 'js' },
    )
  },
}

/** Builds into `folder`; gives the files in it (for their licences), and the sizes of the first load in bytes. */
export async function bundleConsole({ absWorkingDir: root, define, logLevel }, folder) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: { console: 'console/main.tsx' },
    outdir: `${folder}/${ASSETS}`,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: ['chrome123', 'firefox121', 'safari17.5'],
    jsx: 'automatic',
    minify: true,
    legalComments: 'none',
    define: { ...define, 'process.env.NODE_ENV': '"production"' },
    loader: { '.svg': 'file' },
    tsconfig: 'console/tsconfig.json',
    metafile: true,
    write: false,
    logLevel,
    plugins: [oneLanguage],
  })
  const files = new Map(
    outputFiles.map(({ path, contents }) => [`${ASSETS}/${basename(path)}`, Buffer.from(contents)]),
  )
  const named = (output) => `${ASSETS}/${basename(output)}`
  const [entry, { cssBundle }] = Object.entries(metafile.outputs).find(
    ([, { entryPoint }]) => entryPoint === 'console/main.tsx',
  )
  const first = [...withStaticImports(metafile, entry)].map(named)
  const page = readFileSync(resolve(root, 'console/index.html'), 'utf8')
    .replace('%SCRIPT%', named(entry))
    .replace('%STYLE%', named(cssBundle))
    .replace(
      '%PRELOADS%',
      first
        .slice(1)
        .map((file) => `<link rel="modulepreload" href="/-/console/${file}" />`)
        .join('\n    '),
    )
  files.set('index.html', Buffer.from(page))
  files.set('icon.svg', readFileSync(resolve(root, 'console/icon.svg')))

  const listed = [...files].map(([path, bytes]) => ({
    path,
    ...writeFile(resolve(root, folder, path), bytes),
  }))
  const loaded = new Set(['index.html', 'icon.svg', named(cssBundle), ...first])
  const firstLoad = { gzip: 0, br: 0 }
  for (const { path, bytes, encodings } of listed)
    if (loaded.has(path))
      for (const encoding of Object.keys(firstLoad)) firstLoad[encoding] += encodings[encoding] ?? bytes
  writeFileSync(
    resolve(root, folder, 'files.json'),
    JSON.stringify({ firstLoad, files: listed.sort((a, b) => (a.path < b.path ? -1 : 1)) }),
  )
  return { inputs: Object.keys(metafile.inputs), firstLoad }
}

/** An output with all that it imports before it runs. */
function withStaticImports({ outputs }, output, found = new Set()) {
  if (found.has(output)) return found
  found.add(output)
  for (const { path, kind } of outputs[output].imports)
    if (kind === 'import-statement' && path in outputs) withStaticImports({ outputs }, path, found)
  return found
}

/** Writes a file, and its compressed forms where they are smaller. */
function writeFile(path, bytes) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, bytes)
  const encodings = {}
  for (const [encoding, compress] of [
    [
      'br',
      (text) => brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: text.length } }),
    ],
    ['gzip', (text) => gzipSync(text, { level: 9 })],
  ]) {
    const small = compress(bytes)
    if (small.length >= bytes.length) continue
    writeFileSync(`${path}.${encoding}`, small)
    encodings[encoding] = small.length
  }
  return { type: TYPES[extname(path)] ?? 'application/octet-stream', bytes: bytes.length, encodings }
}
