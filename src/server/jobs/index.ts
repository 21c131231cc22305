import type { ServiceContext } from '../../service/context.ts'
import type { SettingValues } from '../configuration/schema.ts'
import type { Job } from './job.ts'

/** All background work. Jobs of the store are done by one process of those that share it, jobs of the process by each. */
export function createJobs(_context: ServiceContext, _settings: SettingValues): readonly Job[] {
  return []
}
