import type { ServiceSettings } from '../src/service/context.ts'
import { settings, type SettingValues } from '../src/server/configuration/schema.ts'
import { serviceSettings } from '../src/server/store/service-settings.ts'

const DEFAULTS = Object.fromEntries(
  Object.entries(settings).map(([name, setting]) => [name, setting.default]),
) as SettingValues

/** What the rules work by in a server that is told nothing. */
export const DEFAULT_SERVICE_SETTINGS: ServiceSettings = serviceSettings(DEFAULTS, () => 'http://localhost')
