import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { realTarget } from '../../base/private-file.ts'
import { configFilePath, credentialsFilePath } from '../config/config-files.ts'
import { credentialsText, profileConfigText } from '../config/profile-of-key.ts'
import type { ArgumentValue } from '../grammar/argument.ts'
import { UsageError } from '../usage-error.ts'
import { jsonText, kubernetesSecretText } from './documents.ts'
import { ENTRY_NAME } from './entry-name.ts'
import { envText } from './env-text.ts'
import { rcloneText, s3cfgText } from './ini-targets.ts'
import type { KeyTarget } from './key-target.ts'
import { WRITE_OPTIONS, type WriteOptionName } from './write-options.ts'

/** The one that names no file. */
const KEYRING = '--write-keyring'

type MakeTargets = (value: string, env: NodeJS.ProcessEnv) => readonly Omit<KeyTarget, 'option'>[]

const whole =
  (render: KeyTarget['render']): MakeTargets =>
  (value) => [{ path: resolve(value), render }]

const MAKERS: Readonly<Record<Exclude<WriteOptionName, typeof KEYRING>, MakeTargets>> = {
  '--write-profile': (profile, env) => [
    { path: credentialsFilePath(env), render: (text, key) => credentialsText(text, profile, key) },
    { path: configFilePath(env), render: (text, key) => profileConfigText(text, profile, key) },
  ],
  '--write-env': whole(envText),
  '--write-rclone': (remote, env) => [
    { path: rcloneConfigPath(env), render: (text, key) => rcloneText(text, remote, key) },
  ],
  '--write-s3cfg': whole(s3cfgText),
  '--write-k8s-secret': whole((_text, key) => kubernetesSecretText(key)),
  '--write-json': whole((_text, key) => jsonText(key)),
}

/** Options that take the name of an entry, rather than a path. */
const ENTRIES: ReadonlySet<WriteOptionName> = new Set<WriteOptionName>([
  '--write-profile',
  '--write-rclone',
  KEYRING,
])

/** Where the options of a command line have a key written. */
interface KeyPlaces {
  readonly files: readonly KeyTarget[]
  /** The name of an entry of the keyring; undefined: none is to have it. */
  readonly keyringName: string | undefined
}

/** The places that the options of a command line name, none twice. Throws UsageError for what is no name, and for a file that two are to be. */
export function keyPlaces(values: ReadonlyMap<string, ArgumentValue>, env: NodeJS.ProcessEnv): KeyPlaces {
  let keyringName: string | undefined
  const files = WRITE_OPTIONS.flatMap(({ name, key }) => {
    const value = values.get(key)
    const takesName = ENTRIES.has(name)
    if (typeof value !== 'string') return []
    if (value === '' || (takesName && !ENTRY_NAME.test(value)))
      throw new UsageError(
        `${name}: expected ${takesName ? 'a name of letters, digits and _.@+-' : 'a path'}, got ${JSON.stringify(value)}`,
      )
    if (name === KEYRING) {
      keyringName = value
      return []
    }
    return MAKERS[name](value, env).map((target) => ({ option: name, ...target }))
  })
  const paths = new Set<string>()
  for (const { path, option } of files) {
    const real = knownTarget(path)
    if (paths.has(real)) throw new UsageError(`${option}: ${path} is to be written by another option as well`)
    paths.add(real)
  }
  return { files, keyringName }
}

/** Where a path leads, as far as can be seen: that it cannot be written is told later. */
function knownTarget(path: string): string {
  try {
    return realTarget(path)
  } catch {
    return path
  }
}

/** Where rclone looks: what RCLONE_CONFIG names, else its file in the folder of configurations, else the one of old. */
function rcloneConfigPath(env: NodeJS.ProcessEnv): string {
  if (env['RCLONE_CONFIG']) return resolve(env['RCLONE_CONFIG'])
  const home = env['HOME'] ?? ''
  const path = join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'rclone', 'rclone.conf')
  const old = join(home, '.rclone.conf')
  return !existsSync(path) && existsSync(old) ? old : path
}
