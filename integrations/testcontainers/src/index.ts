export { LugsailContainer, StartedLugsailContainer } from './lugsail-container.ts'
export type { Credentials, Seed } from './serve-command.ts'
export type { Fault, RequestRecord } from './test-paths.ts'
