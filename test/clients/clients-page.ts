import { readFileSync } from 'node:fs'
import { PROGRAMS, stepsOf } from './programs.ts'
import { STEP_NAMES, STEPS } from './steps.ts'
import { TEMPORARY_CREDENTIALS_CLIENTS, WAYS, waysOf } from './temporary-credentials.ts'
import { FURTHER_CLIENTS, NOT_TRIED } from './further-clients.ts'

/** Figures of all suites, with every tool on the machine. */
const LAST_WHOLE_RUN =
  'The last whole run, with all tools there: 58 suites, 461 of 461 tests pass, in 15 min 17 s on two cores busy with other work (2026-11-29, 83df4526).'

/** `docs/clients.md`: which clients are tested, in which versions, and what each is tested with. */
export function clientsPage(): string {
  return [
    '# Clients',
    '',
    'Written by `npm run docs` from `test/clients`; a test fails when it is not current. `npm run test:clients` runs all of it that the machine has the tools for.',
    '',
    LAST_WHOLE_RUN,
    '',
    '## Through the same steps',
    '',
    'Each of these, in the version that its lock file fixes, goes through the same steps with the key of a bucket and no settings but endpoint, region, key, and path-style addresses:',
    '',
    ...STEP_NAMES.map((step) => `- **${step}**: ${STEPS[step]}`),
    '',
    `The keys have spaces, plus, percent and characters beyond ASCII, some of them beyond 16 bits (\`test/clients/steps.json\`). A client that cannot be told how many keys a page has lists them in one.`,
    '',
    '| language | client | version | steps |',
    '| --- | --- | --- | --- |',
    ...PROGRAMS.map((program) => {
      const left = Object.entries(program.without).map(([step, reason]) => `${step} (${reason})`)
      const steps =
        left.length === 0 ? `all ${STEP_NAMES.length}` : `${stepsOf(program).length}; not ${left.join(', ')}`
      return `| ${program.language} | ${program.name} | ${program.version} | ${steps} |`
    }),
    '',
    '## As they are used',
    '',
    '| client | version | what is tried |',
    '| --- | --- | --- |',
    ...FURTHER_CLIENTS.map(
      ({ name, version, test }) => `| ${name} | ${version} | ${titlesOf(test).join('; ')} |`,
    ),
    '',
    '## With credentials that end',
    '',
    'Each of these, and the aws CLI (1 to 8), finds them by its own chain, stores, reads, lists and presigns with them what a role opens, and is refused what it does not ([keys.md](keys.md#credentials-that-end-by-themselves)). By:',
    '',
    ...Object.values(WAYS).map((way, index) => `${index + 1}. ${way}`),
    '',
    '| language | client | version | ways |',
    '| --- | --- | --- | --- |',
    ...TEMPORARY_CREDENTIALS_CLIENTS.map((client) => {
      const { language, name, version, without } = client
      const reasons = [...new Set(Object.values(without))]
      const numbers = waysOf(client).map((way) => Object.keys(WAYS).indexOf(way) + 1)
      const ways =
        reasons.length === 0 ? 'all' : `${numbers.join(', ')}; not the others (${reasons.join('; ')})`
      return `| ${language} | ${name} | ${version} | ${ways} |`
    }),
    '',
    '## Not tried',
    '',
    ...Object.entries(NOT_TRIED).map(([name, reason]) => `- **${name}**: ${reason}.`),
    '',
  ].join('\n')
}

/** What a test file says that its client does, in the order of its tests. */
function titlesOf(test: string): readonly string[] {
  const source = readFileSync(test, 'utf8')
  return [...source.matchAll(/^ {2,4}it\(\s*(?:'((?:[^'\\]|\\.)*)'|`([^`$]*)`)/gm)].map(
    (match) => match[1] ?? match[2] ?? '',
  )
}
