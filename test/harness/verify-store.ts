import { systemClock } from '../../src/base/clock.ts'
import { readSettings } from '../../src/server/configuration/read.ts'
import type { ServiceContext } from '../../src/service/context.ts'
import { openStore } from '../../src/server/store/open-store.ts'
import { sweepStore, type StoreSweep } from '../../src/server/store/sweep-store.ts'
import { verifyStore, type StoreReport } from '../../src/server/store/verify-store.ts'

/** What a look at a stopped server's embedded store found; `sweep` is null when none was asked for. */
export interface LookedAt {
  readonly report: StoreReport
  readonly sweep: StoreSweep | null
}

/** Opens the embedded store in a data folder for a piece of work. */
async function withDataFolder<T>(data: string, work: (context: ServiceContext) => Promise<T>): Promise<T> {
  const settings = readSettings({ options: new Map([['data', data]]), environment: {} })
  const store = await openStore({ settings, environment: {}, clock: systemClock, createsWhenMissing: false })
  try {
    return await work(store.context)
  } finally {
    await store.close()
  }
}

/** Reads all of a server's store and checks it; with `sweeps`, after what a crash left is removed, so that an orphan is a problem. */
export const lookAtStore = (data: string, { sweeps }: { readonly sweeps: boolean }): Promise<LookedAt> =>
  withDataFolder(data, async (context) => {
    const sweep = sweeps ? await sweepStore(context, { serversAreStopped: true }) : null
    const report = await verifyStore(context, { readsBodies: true, hasBeenSwept: sweeps })
    return { report, sweep }
  })

/** The problems that {@link lookAtStore} finds. */
export async function verifyDataFolder(
  data: string,
  options: { readonly sweeps: boolean },
): Promise<readonly string[]> {
  return (await lookAtStore(data, options)).report.problems
}
