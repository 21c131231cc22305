import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'

/** The package's folder of `…/node_modules/@scope/name/dist/x.js`; of nested ones the innermost. */
const PACKAGE_FOLDER = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/

/** The text of the licences of all packages that `inputs` (files that were bundled, relative to `root`) belong to. */
export function licencesOf(root, inputs) {
  const folders = new Set(inputs.flatMap((file) => PACKAGE_FOLDER.exec(resolve(root, file)) ?? []))
  return [...folders]
    .map(licenceOf)
    .sort()
    .join(`\n${'-'.repeat(80)}\n\n`)
}

function licenceOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(resolve(folder, 'package.json'), 'utf8'))
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
  const text = file === undefined ? `License: ${license}\n` : readFileSync(resolve(folder, file), 'utf8')
  const notice = resolve(folder, 'NOTICE')
  return `${name} ${version}\n\n${text}${existsSync(notice) ? `\n${readFileSync(notice, 'utf8')}` : ''}`
}
