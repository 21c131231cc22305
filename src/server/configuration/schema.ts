import type { Setting } from './setting.ts'
import { backgroundWorkSettings } from './settings/background-work.ts'
import { backupsSettings } from './settings/backups.ts'
import { ephemeralSettings } from './settings/ephemeral.ts'
import { limitsSettings } from './settings/limits.ts'
import { listeningSettings } from './settings/listening.ts'
import { logsAndMetricsSettings } from './settings/logs-and-metrics.ts'
import { newBucketsSettings } from './settings/new-buckets.ts'
import { secretsSettings } from './settings/secrets.ts'
import { storageSettings } from './settings/storage.ts'
import { stsSettings } from './settings/sts.ts'

/**
 * Every setting of the server: those under a heading of docs/configuration.md have a file in `settings/`. The member's name is its key in a
 * configuration file; the option and the environment name are told by `option`. What is added there is at once read, checked, documented and shown
 * by `lugsail serve --help`.
 */
export const settings = {
  ...listeningSettings,
  ...storageSettings,
  ...secretsSettings,
  ...newBucketsSettings,
  ...limitsSettings,
  ...stsSettings,
  ...backupsSettings,
  ...logsAndMetricsSettings,
  ...backgroundWorkSettings,
  ...ephemeralSettings,
} as const satisfies Readonly<Record<string, Setting<unknown>>>

type Settings = typeof settings
/** The key of a setting in a configuration file. */
export type SettingName = keyof Settings

/** The value of each setting. */
export type SettingValues = {
  readonly [Name in SettingName]: Settings[Name] extends Setting<infer T> ? T : never
}
