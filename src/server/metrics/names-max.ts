import type { SettingValues } from '../configuration/schema.ts'

const NAMES = 100

/** How many buckets, and how many access keys, have metrics of their own: names are not for everyone, unless the setting says so. */
export const metricsNamesMax = ({
  metricsNamesMax: chosen,
  metrics,
}: Pick<SettingValues, 'metrics' | 'metricsNamesMax'>): number =>
  chosen ?? (metrics === 'everyone' ? 0 : NAMES)
