// What the single file runs: unpacks the files that it carries, once for each of its versions, and starts bin/lugsail.cjs among them.
'use strict'
const { randomUUID } = require('node:crypto')
const { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } = require('node:fs')
const { createRequire } = require('node:module')
const { homedir, tmpdir } = require('node:os')
const path = require('node:path')
const { getAsset, getRawAsset } = require('node:sea')

/** Who may write here may have this program run what they want. */
const PRIVATE_MODE = 0o700

/** The files' names, modes and sizes, and the digest of all of them. */
const { digest, files } = JSON.parse(getAsset('files.json', 'utf8'))

const start = path.join(unpacked(), 'bin/lugsail.cjs')
// As Node has it for a program that is a file: who starts this process again, as for a worker, names that file first.
process.argv[1] = start
if (process.argv[2] === start) process.argv.splice(2, 1)
createRequire(start)(start)

/** The folder with the files. A user without a home that can be written has one among the temporary files. */
function unpacked() {
  const places = [
    () => path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'lugsail'),
    () => path.join(tmpdir(), `lugsail-${process.getuid?.() ?? 'files'}`),
  ]
  const failures = []
  for (const place of places)
    try {
      return unpackInto(place())
    } catch (error) {
      failures.push(error.message)
    }
  process.stderr.write(`lugsail: its files cannot be unpacked:\n  ${failures.join('\n  ')}\n`)
  process.exit(1)
}

function unpackInto(parent) {
  mkdirSync(parent, { recursive: true, mode: PRIVATE_MODE })
  const { uid, mode } = statSync(parent)
  const isOwn = process.getuid === undefined || uid === process.getuid()
  if (!isOwn || (process.platform !== 'win32' && (mode & 0o022) !== 0))
    throw new Error(`${parent}: others may write there`)
  const folder = path.join(parent, digest)
  if (isWhole(folder)) return folder

  const draft = path.join(parent, `${digest}-${randomUUID()}`)
  try {
    for (const { name, mode: fileMode } of files) {
      const file = path.join(draft, name)
      mkdirSync(path.dirname(file), { recursive: true, mode: PRIVATE_MODE })
      writeFileSync(file, new Uint8Array(getRawAsset(name)), { mode: fileMode, flush: true })
    }
    // What is there is not whole, as after a loss of power or when who cleans up took the oldest files.
    if (existsSync(folder)) renameSync(folder, `${draft}-old`)
    renameSync(draft, folder)
  } catch (error) {
    // Another process may have been faster.
    if (!isWhole(folder)) throw error
  } finally {
    for (const left of [draft, `${draft}-old`]) rmSync(left, { recursive: true, force: true })
  }
  return folder
}

function isWhole(folder) {
  return files.every(
    ({ name, size }) => statSync(path.join(folder, name), { throwIfNoEntry: false })?.size === size,
  )
}
