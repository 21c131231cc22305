// Makes a release out of the last commit: version, CHANGELOG.md out of the fragments, tarball, bill of materials, checksums.
//   npm run release -- VERSION [--for-real] [--out FOLDER]
// All of it is made in a copy, and nothing here changes but FOLDER (release/VERSION unless named). With `--for-real` the copy's commit and its
// tag come into this checkout at the end. Publishing stays with a person or a workflow: the last lines say how.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { releaseChangelog } from './release/changelog.mjs'
import { billOfMaterials } from './release/sbom.mjs'

const USAGE = 'usage: npm run release -- VERSION [--for-real] [--out FOLDER]'
const VERSION = /^(\d+)\.(\d+)\.(\d+)(?:-([0-9a-z.-]+))?$/
const root = resolve(import.meta.dirname, '..')

const { version, isForReal, out } = readArguments()
const git = (cwd, ...args) => execFileSync('git', args, { cwd, encoding: 'utf8' }).trim()
const current = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version
if (!isHigher(version, current)) fail(`${version} is not higher than ${current}, the version of package.json`)
if (git(root, 'tag', '--list', `v${version}`) !== '') fail(`the tag v${version} is there already`)
if (isForReal && git(root, 'status', '--porcelain') !== '')
  fail('the checkout has changes that are not committed: a release is made of what is')

const folder = mkdtempSync(join(tmpdir(), 'lugsail-release-'))
let failure = null
try {
  release(join(folder, 'checkout'))
} catch (error) {
  failure = error
}
rmSync(folder, { recursive: true, force: true })
if (failure) fail(failure.message)

function release(copy) {
  git(root, 'clone', '--quiet', '--local', root, copy)
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))

  const section = releaseChangelog(copy, version)
  run(copy, 'npm', 'version', version, '--no-git-tag-version', '--allow-same-version=false')
  run(copy, process.execPath, 'node_modules/oxfmt/bin/oxfmt', 'CHANGELOG.md', 'package.json')
  run(copy, process.execPath, 'build/bundle.mjs')
  run(copy, process.execPath, 'test/run.mjs', 'test/documents/changelog')

  mkdirSync(out, { recursive: true })
  // What is packed is what was built just now: no script of the package runs.
  run(copy, 'npm', 'pack', '--ignore-scripts', '--silent', `--pack-destination=${out}`)
  writeFileSync(join(out, `lugsail-${version}.cdx.json`), billOfMaterials(copy))
  writeFileSync(join(out, 'notes.md'), section)
  writeFileSync(join(out, 'SHA256SUMS'), checksums())

  rmSync(join(copy, 'node_modules'))
  git(copy, 'add', '--all')
  const author = isForReal ? [] : ['-c', 'user.name=dry run', '-c', 'user.email=dry-run@localhost']
  git(copy, ...author, 'commit', '--quiet', '--no-verify', `--message=Release ${version}`)
  git(copy, ...author, 'tag', '--annotate', `v${version}`, `--message=Lugsail ${version}`)
  if (isForReal) {
    git(root, 'fetch', '--quiet', copy, `refs/tags/v${version}:refs/tags/v${version}`)
    git(root, 'merge', '--quiet', '--ff-only', `v${version}`)
  }

  for (const file of readdirSync(out)) console.log(join(out, file))
  console.log(
    isForReal
      ? `v${version} is committed and tagged. Publish it from a workflow that can attest where it comes from:\n  git push --follow-tags && npm publish --provenance ${join(out, `lugsail-${version}.tgz`)}`
      : `A dry run: nothing was committed or tagged here. With --for-real it is.`,
  )
}

/** Of what was made now: other files may lie there. */
function checksums() {
  return [`lugsail-${version}.cdx.json`, `lugsail-${version}.tgz`, 'notes.md']
    .map(
      (file) =>
        `${createHash('sha256')
          .update(readFileSync(join(out, file)))
          .digest('hex')}  ${file}\n`,
    )
    .join('')
}

function run(cwd, program, ...args) {
  try {
    execFileSync(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' })
  } catch (error) {
    throw new Error(`${[program, ...args].join(' ')} failed:\n${error.stdout ?? ''}${error.stderr ?? ''}`, {
      cause: error,
    })
  }
}

/** As versions are ordered: what comes before a release, as 1.0.0-rc.9 and 1.0.0-rc.10, stands behind a dash, part by part. */
function isHigher(version, than) {
  const [a, b] = [partsOf(version), partsOf(than)]
  for (let at = 0; at < 3; at++) if (a.numbers[at] !== b.numbers[at]) return a.numbers[at] > b.numbers[at]
  if (a.before === null || b.before === null) return a.before === null && b.before !== null
  for (let at = 0; at < Math.max(a.before.length, b.before.length); at++) {
    const [one, other] = [a.before[at], b.before[at]]
    if (one === other) continue
    if (one === undefined || other === undefined) return other === undefined
    const [isNumber, isOtherNumber] = [/^\d+$/.test(one), /^\d+$/.test(other)]
    if (isNumber && isOtherNumber) return Number(one) > Number(other)
    return isNumber === isOtherNumber ? one > other : isOtherNumber
  }
  return false
}

function partsOf(version) {
  const [, ...numbers] = VERSION.exec(version)
  const before = numbers.pop()
  return { numbers: numbers.map(Number), before: before === undefined ? null : before.split('.') }
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { 'for-real': { type: 'boolean', default: false }, out: { type: 'string' } },
    })
    const [given, ...others] = positionals
    if (given === undefined || others.length > 0 || !VERSION.test(given))
      fail(`expected a version such as 0.2.0, got ${positionals.join(' ') || 'nothing'}\n${USAGE}`)
    return {
      version: given,
      isForReal: values['for-real'],
      out: resolve(values.out ?? join(root, 'release', given)),
    }
  } catch (error) {
    return fail(`${error.message}\n${USAGE}`)
  }
}

function fail(message) {
  console.error(`release: ${message}`)
  process.exit(1)
}
