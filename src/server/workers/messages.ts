import type { ListenAddress } from '../configuration/address.ts'
import type { MetricsSnapshot } from '../metrics/metrics.ts'

/** Set in the environment of the worker that answers no requests, and does the store's background work instead. */
export const BACKGROUND_MARK = 'BACKGROUND_OF_LUGSAIL'

/** Set in the environment of a worker whose port is not for the system to choose: that of those before it, which clients know. */
export const PORT_MARK = 'PORT_OF_LUGSAIL'

/** What a worker says to the process that watches over it. */
export type WorkerMessage =
  /** What is said to it is heard from now on. */
  | { readonly type: 'hearing' }
  | { readonly type: 'listening'; readonly address: ListenAddress }
  /** The worker cannot start; `message` is for people. `isLasting`: nor could it at another time, with these settings. */
  | { readonly type: 'failed'; readonly message: string; readonly isLasting: boolean }
  /** The worker was asked for `/-/metrics`, which is about all workers. */
  | { readonly type: 'metrics-wanted'; readonly id: number }
  | { readonly type: 'metrics-part'; readonly id: number; readonly snapshot: MetricsSnapshot }

/** What the watching process says to a worker. */
export type WatcherMessage =
  | { readonly type: 'stop' }
  | { readonly type: 'reload-tls' }
  | { readonly type: 'collect-metrics'; readonly id: number }
  | { readonly type: 'metrics'; readonly id: number; readonly text: string; readonly contentType: string }
