// What the package brings of others, as CycloneDX 1.5: the packages that are installed beside it, by package-lock.json (`npm sbom` leaves out what
// a development dependency needs, too), and those that are part of its built files. The same checkout gives the same bytes.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const INSTALLED_IN = 'node_modules/'

/** The bill of materials of the built checkout in `root`, as JSON. */
export function billOfMaterials(root) {
  const { name, version, license, packages } = readJson(root, 'package-lock.json')
  const installed = Object.entries(packages)
    .filter(([path, { dev }]) => path.startsWith(INSTALLED_IN) && dev !== true)
    .map(([path, each]) => ({
      name: each.name ?? path.slice(path.lastIndexOf(INSTALLED_IN) + INSTALLED_IN.length),
      ...each,
    }))
  const bundled = readJson(root, 'dist/bundled-packages.json').map((each) => ({ ...each, isBundled: true }))
  const components = new Map(
    [...bundled, ...installed].map(componentOf).map((component) => [component.purl, component]),
  )
  const bill = {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      component: {
        ...componentOf({ name, version, license: license ?? packages[''].license }),
        type: 'application',
      },
    },
    components: [...components.values()].sort((a, b) => (a.purl < b.purl ? -1 : 1)),
  }
  return `${JSON.stringify(bill, null, 2)}\n`
}

function componentOf({ name, version, license, integrity, optional, isBundled }) {
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`
  return {
    type: 'library',
    'bom-ref': purl,
    name,
    version,
    scope: optional === true ? 'optional' : 'required',
    purl,
    ...(license !== undefined && { licenses: [{ expression: license }] }),
    ...(integrity !== undefined && { hashes: [hashOf(integrity)] }),
    ...(isBundled === true && { properties: [{ name: 'lugsail:bundled', value: 'true' }] }),
  }
}

/** Of `sha512-…` in Base64. */
function hashOf(integrity) {
  const [algorithm, digest] = integrity.split('-', 2)
  return { alg: algorithm.replace('sha', 'SHA-'), content: Buffer.from(digest, 'base64').toString('hex') }
}

const readJson = (root, file) => JSON.parse(readFileSync(join(root, file), 'utf8'))
