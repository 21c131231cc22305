import { paragraph } from '../../base/paragraph.ts'
import { CONFIG_OPTION } from './read.ts'
import { settings, type SettingName } from './schema.ts'
import { environmentName, type Setting } from './setting.ts'

const entries = Object.entries(settings) as [SettingName, Setting<unknown>][]
const groups = [...new Set(entries.map(([, setting]) => setting.group))]
const inGroup = (group: string) => entries.filter(([, setting]) => setting.group === group)

/** The text of `docs/configuration.md`. */
export function configurationPage(): string {
  return [
    '# Configuration',
    '',
    '<!-- Written by `npm run docs` from src/server/configuration/settings/. Change the settings, not this page. -->',
    '',
    'Every setting has a command-line option, an environment variable and a key in an optional configuration file. The command line wins over',
    'the environment, the environment over the file, the file over the default. Settings are read and checked once, at the start: a name that is',
    'not known, a value that is not allowed, and settings that contradict each other stop the start, with a message that names the setting, where',
    'it came from and what is allowed.',
    '',
    `The file is named with \`--${CONFIG_OPTION} FILE\` or \`${environmentName(CONFIG_OPTION)}\`. It is JSON, and comments are welcome:`,
    '',
    '```jsonc',
    '{',
    '  // Serve the local network, with TLS.',
    '  "listen": "0.0.0.0:443",',
    '  "tlsCert": "/etc/lugsail/cert.pem",',
    '  "tlsKey": "/etc/lugsail/key.pem",',
    '}',
    '```',
    '',
    'The commands that work on the store itself (`lugsail account`, `lugsail resource`, `lugsail store`) read the same settings from the same places.',
    ...groups.flatMap((group) => ['', `## ${group}`, '', ...inGroup(group).flatMap(sectionOf)]),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n')
}

/** What `lugsail serve --help` prints. */
export function configurationHelp(): string {
  const lines = groups.flatMap((group) => [
    '',
    `${group}:`,
    ...inGroup(group).map(([, { option, placeholder, doc, defaultText }]) =>
      optionHelp(`--${option} ${placeholder}`, `${firstSentence(doc)} [${defaultText}]`),
    ),
  ])
  return [
    'Usage: lugsail serve [OPTION...]',
    '',
    paragraph(
      'Serves the Lightsail bucket API and S3 on one port. The first start makes an account and its root key pair.',
      0,
    ),
    optionHelp(`--${CONFIG_OPTION} FILE`, 'Settings from a JSON file'),
    ...lines,
    '',
    paragraph(
      `What stands in brackets is used where nothing is set. Each option is also an environment variable (--tls-cert is ${environmentName('tls-cert')}). More: docs/configuration.md`,
      0,
    ),
  ].join('\n')
}

const optionHelp = (option: string, text: string): string =>
  `  ${option}\n${paragraph(text.replaceAll('`', ''), 6).trimEnd()}`

const sectionOf = ([name, setting]: [SettingName, Setting<unknown>]): string[] => [
  `### ${name}`,
  '',
  setting.doc,
  '',
  `- Option \`--${setting.option} ${setting.placeholder}\`, environment \`${environmentName(setting.option)}\``,
  `- Allowed: ${setting.allowed}`,
  `- Default: ${setting.default === null ? setting.defaultText : `\`${setting.defaultText}\``}`,
  '',
]

const firstSentence = (doc: string): string => /^.*?[.](?=\s|$)/.exec(doc)?.[0].slice(0, -1) ?? doc
