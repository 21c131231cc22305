// Brings Chromium for the stories of the console, where it is not here and Debian's packages are at hand; says so where it cannot.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Without a window: half of the processor's time. Debian has it in a package of its own, Ubuntu not. */
const LIGHT = 'chromium-headless-shell'
const PROGRAMS = [LIGHT, 'chromium', 'chromium-browser', 'google-chrome']

const isHere = (program) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)))

/** Installs Chromium by apt-get when there is none, or only a heavier one; needs root. */
export function bringChromium() {
  const mayInstall = process.getuid?.() === 0 && isHere('apt-get')
  if (PROGRAMS.some(isHere)) {
    if (mayInstall && !isHere(LIGHT)) install(LIGHT)
    return
  }
  const why = !mayInstall
    ? `on Debian, "apt-get install ${LIGHT}" brings it`
    : aptGet(['update', '-qq']) && (install(LIGHT) || install('chromium'))
      ? null
      : 'apt-get could not install it'
  if (why !== null)
    console.error(`no chromium here, so that the stories of the console are not walked: ${why}`)
}

const install = (name) => aptGet(['install', '-y', '-qq', name])

const aptGet = (args) =>
  spawnSync('apt-get', args, {
    stdio: 'ignore',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }).status === 0
