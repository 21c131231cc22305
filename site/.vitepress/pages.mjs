// Which page stands where, and under which heading.
import { readFileSync, readdirSync } from 'node:fs'

const DOCS = new URL('../../docs/', import.meta.url)

/** The site's address of a page of the repository: `docs/keys.md` is `keys.md`, the README the first page. */
export function addressOf(page) {
  return page
    .replace(/^README\.md$/, 'index.md')
    .replace(/^docs\/README\.md$/, 'pages.md')
    .replace(/^docs\//, '')
    .replace(/README\.md$/, 'index.md')
    .replace(/^[A-Z]+\.md$/, (name) => name.toLowerCase())
}

const item = (text, page) => ({ text, link: `/${addressOf(page).replace(/(index)?\.md$/, '')}` })

const NAMED = [
  {
    text: 'Begin',
    items: [
      item('Start', 'README.md'),
      item('All pages', 'docs/README.md'),
      item('Comparison', 'docs/comparison.md'),
      item('Troubleshooting', 'docs/troubleshooting.md'),
    ],
  },
  {
    text: 'Use',
    items: [
      item('Access keys', 'docs/keys.md'),
      item('Console', 'docs/console.md'),
      item('Clients', 'docs/clients.md'),
      item('Moving in', 'docs/moving.md'),
      item('Kubernetes', 'docs/kubernetes.md'),
      item('Test double', 'docs/testing-with-lugsail.md'),
      item('Moving in', 'docs/moving.md'),
    ],
  },
  {
    text: 'Look up',
    items: [
      item('S3 operations', 'docs/s3-operations.md'),
      item('Lightsail operations', 'docs/lightsail-operations.md'),
      item('Errors of S3', 'docs/s3-errors.md'),
      item('Permissions', 'docs/permissions.md'),
      item('Configuration', 'docs/configuration.md'),
    ],
  },
  {
    text: 'Run',
    items: [
      item('Operating', 'docs/operations.md'),
      item('Systems', 'docs/platforms.md'),
      item('Durability', 'docs/durability.md'),
      item('Security', 'SECURITY.md'),
      item('Security model', 'docs/security-model.md'),
      item('Measured', 'benchmarks/RESULTS.md'),
      item('Changes', 'CHANGELOG.md'),
    ],
  },
  {
    text: 'Take part',
    items: [
      item('Contributing', 'CONTRIBUTING.md'),
      item('Architecture', 'docs/architecture.md'),
      item('Adding an operation', 'docs/adding-an-operation.md'),
      item('Words', 'docs/glossary.md'),
      item('Decisions', 'docs/decisions/README.md'),
      item('Tests', 'docs/testing.md'),
      item('Broken requests', 'docs/fuzzing.md'),
      item('Dependencies', 'docs/dependencies.md'),
    ],
  },
]

/** Pages that no section names yet, by their headings. */
const named = new Set(NAMED.flatMap(({ items }) => items.map(({ link }) => link)))
const further = readdirSync(DOCS)
  .filter((name) => name.endsWith('.md'))
  .map((name) => item(headingOf(readFileSync(new URL(name, DOCS), 'utf8')), `docs/${name}`))
  .filter(({ link }) => !named.has(link))

/** The navigation beside each page. */
export const SECTIONS = further.length === 0 ? NAMED : [...NAMED, { text: 'More', items: further }]

/** The navigation above each page. */
export const NAVIGATION = [
  item('Start', 'README.md'),
  item('Keys', 'docs/keys.md'),
  item('Clients', 'docs/clients.md'),
  item('Configuration', 'docs/configuration.md'),
  item('Comparison', 'docs/comparison.md'),
]

function headingOf(text) {
  return /^# (.+)$/m.exec(text)?.[1] ?? ''
}
