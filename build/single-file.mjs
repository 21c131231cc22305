// Makes one executable file of the package, the packages that are installed with it, and the Node that runs this (a single-executable application):
// it runs where no Node is. For the system and processor of this machine alone, since machine code is part of it.
//   npm run build:sea [-- FOLDER]       → FOLDER/lugsail; dist-single unless named
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { buildWhenStale } from './fresh.mjs'

const root = resolve(import.meta.dirname, '..')
const out = resolve(process.argv[2] ?? join(root, 'dist-single'))
const executable = join(out, process.platform === 'win32' ? 'lugsail.exe' : 'lugsail')
/** By which Node finds what was put into it. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2'
/** Of a package: what runs, not what it is made of. */
const RUNS = /\.(?:c?js|mjs|json|node|wasm|sql)$/
const OWN = /^(?:bin\/lugsail\.cjs|dist\/.*\.(?!map$|bytecode$)[a-z0-9]+|package\.json|LICENSE)$/

buildWhenStale()
const names = [
  ...filesIn('bin'),
  ...filesIn('dist'),
  'package.json',
  'LICENSE',
  ...installedPackages().flatMap((path) => filesIn(path).filter((name) => RUNS.test(name))),
].filter((name) => name.startsWith('node_modules/') || OWN.test(name))

mkdirSync(out, { recursive: true })
const digest = createHash('sha256')
const files = [...new Set(names)].sort().map((name) => {
  digest.update(`${name}\0`).update(readFileSync(join(root, name)))
  const { mode, size } = statSync(join(root, name))
  return { name, mode: mode & 0o755, size }
})
writeFileSync(join(out, 'files.json'), JSON.stringify({ digest: digest.digest('hex').slice(0, 32), files }))
writeFileSync(
  join(out, 'sea.json'),
  JSON.stringify({
    // Relative, since it becomes part of the file.
    main: 'build/single-file/start.cjs',
    output: join(out, 'sea.blob'),
    disableExperimentalSEAWarning: true,
    assets: {
      'files.json': join(out, 'files.json'),
      ...Object.fromEntries(files.map(({ name }) => [name, join(root, name)])),
    },
  }),
)
execFileSync(process.execPath, ['--experimental-sea-config', join(out, 'sea.json')], {
  cwd: root,
  stdio: 'pipe',
})
copyFileSync(process.execPath, executable)
chmodSync(executable, 0o755)
// What it warns of is Node's own file.
execFileSync(
  process.execPath,
  [
    ...[join(root, 'node_modules/postject/dist/cli.js'), executable, 'NODE_SEA_BLOB', join(out, 'sea.blob')],
    ...['--sentinel-fuse', FUSE],
    ...(process.platform === 'darwin' ? ['--macho-segment-name', 'NODE_SEA'] : []),
  ],
  { stdio: 'pipe' },
)
for (const name of ['files.json', 'sea.json', 'sea.blob']) rmSync(join(out, name))
console.log(
  `${relative(root, executable)}: ${Math.round(statSync(executable).size / 1e6)} MB, with Node ${process.version}`,
)

function filesIn(path) {
  return readdirSync(join(root, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((name) => !name.slice(path.length).includes('/node_modules/'))
}

/** Where the packages lie that are installed with this one, of those that this machine has. */
function installedPackages() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  return Object.entries(packages)
    .filter(([path, { dev }]) => path !== '' && dev !== true)
    .map(([path]) => path)
    .filter((path) => statSync(join(root, path), { throwIfNoEntry: false }) !== undefined)
}
