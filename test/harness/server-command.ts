import { spawnSync, type SpawnSyncReturns } from 'node:child_process'
import { sourceProgram } from './source-program.ts'

/**
 * The program of the server's commands (`serve`, `account`, `resource`, `store`) and its first arguments: the sources
 * (bundled, where `test/run.mjs` runs the tests), or with `isBuilt` `bin/lugsail`, which `npm run build` must have made before. LUGSAIL_TEST_BUILT chooses the latter for all tests.
 */
export function serverCommand(isBuilt?: boolean): readonly [program: string, ...args: string[]] {
  if (isBuilt ?? process.env['LUGSAIL_TEST_BUILT'] !== undefined) return ['bin/lugsail']
  return [process.execPath, ...sourceProgram('src/server/main.ts')]
}

/**
 * What a server command sees of the environment: no setting of the one who runs the tests, nor LUGSAIL_TEST_…, which are no settings. Where Node
 * is to write what ran, it does that of the command too.
 */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const coverage = process.env['NODE_V8_COVERAGE']
  return {
    PATH: process.env['PATH'] ?? '',
    ...(coverage !== undefined && { NODE_V8_COVERAGE: coverage }),
  }
}

/** Runs a server command to its end. */
export function runServerCommand(...args: readonly string[]): SpawnSyncReturns<string> {
  const [program, ...before] = serverCommand()
  return spawnSync(program, [...before, ...args], { encoding: 'utf8', env: serverEnvironment() })
}
