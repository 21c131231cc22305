// Loaded into a server that is measured: at SIGUSR2 it collects all garbage, and writes how many bytes are alive after it to the file HOSTILE_LIVE_FILE.
import { writeFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')
const file = process.env.HOSTILE_LIVE_FILE
if (file !== undefined)
  process.on('SIGUSR2', () => {
    collect()
    // What finalizers let go of is collected by the next one.
    setTimeout(() => {
      collect()
      const { heapUsed, external } = process.memoryUsage()
      writeFileSync(file, String(heapUsed + external))
    }, 100)
  })
