/** A server in the process of the tests, for those of folders that know no server. */
export { startServer } from '../../src/testing/index.ts'
export type { TestServer } from '../../src/testing/types.ts'
