import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'

/** The package's folder of `…/node_modules/@scope/name/dist/x.js`; of nested ones the innermost. */
const PACKAGE_FOLDER = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/

/** The folders of all packages that `inputs` (files that were bundled, relative to `root`) belong to. */
const foldersOf = (root, inputs) => [
  ...new Set(inputs.flatMap((file) => PACKAGE_FOLDER.exec(resolve(root, file)) ?? [])),
]

const manifestOf = (folder) => JSON.parse(readFileSync(resolve(folder, 'package.json'), 'utf8'))

/** Name, version and licence (its SPDX identifier) of each package that `inputs` belong to, by name. */
export function packagesOf(root, inputs) {
  return foldersOf(root, inputs)
    .map(manifestOf)
    .map(({ name, version, license }) => ({ name, version, license }))
    .sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1))
}

/** The text of the licences of all packages that `inputs` belong to. */
export const licencesOf = (root, inputs) =>
  foldersOf(root, inputs)
    .map(licenceOf)
    .sort()
    .join(`\n${'-'.repeat(80)}\n\n`)

function licenceOf(folder) {
  const { name, version, license } = manifestOf(folder)
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
  const text = file === undefined ? `License: ${license}\n` : readFileSync(resolve(folder, file), 'utf8')
  const notice = resolve(folder, 'NOTICE')
  return `${name} ${version}\n\n${text}${existsSync(notice) ? `\n${readFileSync(notice, 'utf8')}` : ''}`
}
