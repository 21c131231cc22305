// Brings Chromium for the stories of the console, where it is not here and Debian's packages are at hand; says so where it cannot.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome']

const isHere = (program) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)))

/** Installs Chromium by apt-get when there is none; needs root. */
export function bringChromium() {
  if (PROGRAMS.some(isHere)) return
  const why =
    process.getuid?.() !== 0 || !isHere('apt-get')
      ? 'on Debian, "apt-get install chromium" brings it'
      : install(['update', '-qq']) && install(['install', '-y', '-qq', 'chromium'])
        ? null
        : 'apt-get could not install it'
  if (why !== null)
    console.error(`no chromium here, so that the stories of the console are not walked: ${why}`)
}

const install = (args) =>
  spawnSync('apt-get', args, {
    stdio: 'ignore',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }).status === 0
